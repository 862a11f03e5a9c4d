-- The Message-IDs that a relay has put in the place of ours, as its copies in Sent show them. What comes next in the
-- thread names the one that its recipient has.
with learnt as (
    update outreach.messages as m
    set wire_message_id = i.rfc822_message_id
    from outreach.inbound_messages as i
    where
        i.tenant_id = %(tenant_id)s and i.mailbox_id = %(mailbox_id)s and i.direction = 'out'
        and i.own_message_id = any(%(own_ids)s::text [])
        and m.tenant_id = i.tenant_id and m.id = i.message_id and m.message_id = i.own_message_id
        and m.wire_message_id is null and i.rfc822_message_id <> m.message_id
    returning m.enrollment_id, m.message_id, m.wire_message_id
),

threads as (
    update outreach.enrollments as e
    set thread_message_id = l.wire_message_id
    from learnt as l
    where e.tenant_id = %(tenant_id)s and e.id = l.enrollment_id and e.thread_message_id = l.message_id
)

update outreach.messages as n
set thread_message_id = l.wire_message_id
from learnt as l
where
    n.tenant_id = %(tenant_id)s and n.enrollment_id = l.enrollment_id and n.thread_message_id = l.message_id
    and n.state in ('planned', 'deferred')
