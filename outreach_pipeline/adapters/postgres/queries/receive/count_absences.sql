-- Messages of unknown outcome that a whole reading of Sent has not found, where the server files what it takes. Two
-- readings that began after the outcome was unknown, the last at least 15 minutes after it, prove that none was taken.
-- The time of sending stays: a reply that comes after all still finds its message.
with absent as (
    update outreach.messages as m
    set absent_syncs = m.absent_syncs + 1
    from outreach.mailboxes as b
    where
        m.tenant_id = %(tenant_id)s and m.mailbox_id = %(mailbox_id)s and m.state = 'outcome_unknown'
        and b.tenant_id = m.tenant_id and b.id = m.mailbox_id and b.sent_copy = 'server'
        and m.state_at < clock_timestamp() - make_interval(secs => %(read_seconds)s)
        and not exists (
            select from outreach.inbound_messages as i
            where i.tenant_id = m.tenant_id and i.message_id = m.id and i.direction = 'out'
        )
    returning m.id, m.absent_syncs, m.state_at
)

select a.id
from absent as a
where
    a.absent_syncs >= 2
    and a.state_at < clock_timestamp() - make_interval(secs => %(read_seconds)s) - interval '15 minutes'
