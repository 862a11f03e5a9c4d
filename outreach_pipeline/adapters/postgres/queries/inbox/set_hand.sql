-- What people note of mails: whose they are, until when they wait, that they are done.
update outreach.inbound_messages as i
set
    assignee = case when %(sets_assignee)s then %(assignee)s else i.assignee end,
    snoozed_until = case when %(sets_snooze)s then %(snoozed_until)s else i.snoozed_until end,
    done_at = case when not %(sets_done)s or h.is_done then i.done_at else %(done_at)s end,
    done_by = case when not %(sets_done)s or h.is_done then i.done_by else %(done_by)s end
from (
    -- What is done stays done as it was, unless an answer that did not go out has brought the mail back.
    select
        d.id,
        %(done_at)s::timestamptz is not null and d.done_at is not null and not exists (
            select from outreach.replies as r
            inner join outreach.messages as m on r.tenant_id = m.tenant_id and r.message_id = m.id
            where
                r.tenant_id = d.tenant_id and r.inbound_message_id = d.id
                and m.state in ('failed', 'cancelled') and m.state_at > d.done_at
        ) as is_done
    from outreach.inbound_messages as d
    where d.tenant_id = %(tenant_id)s and d.id = %(id)s
) as h
where i.tenant_id = %(tenant_id)s and i.id = h.id
