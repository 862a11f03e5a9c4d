-- The sequence goes on behind a step that turned out to be sent; nothing changes if it has gone on already.
update outreach.enrollments as e
set
    next_step = m.step_number + 1,
    due_on = m.plan_date + coalesce(s.wait_days, 0),
    state = case when s.wait_days is null and e.state = 'active' then 'finished' else e.state end,
    mailbox_id = m.mailbox_id,
    thread_message_id = coalesce(e.thread_message_id, m.wire_message_id, m.message_id),
    last_sent_at = m.sent_at
from outreach.messages as m
left join lateral (
    select min(n.wait_days) as wait_days
    from outreach.campaign_steps as n
    where n.tenant_id = m.tenant_id and n.campaign_id = m.campaign_id and n.step_number = m.step_number + 1
) as s on true
where
    m.tenant_id = %(tenant_id)s
    and m.id = %(message_row_id)s
    and m.kind = 'campaign'
    and m.state = 'sent'
    and e.tenant_id = m.tenant_id
    and e.id = m.enrollment_id
    and e.next_step = m.step_number
