-- What follows when a message counts as sent: the sequence moves to its next step, on the same mailbox and thread.
update outreach.enrollments as e
set
    next_step = m.step_number + 1,
    mailbox_id = m.mailbox_id,
    thread_message_id = coalesce(e.thread_message_id, m.wire_message_id, m.message_id),
    thread_subject = coalesce(e.thread_subject, m.subject),
    last_sent_at = coalesce(m.sent_at, m.sending_at),
    due_on = m.plan_date + coalesce(n.wait_days, 0),
    state = case when n.wait_days is null and e.state = 'active' then 'finished' else e.state end,
    stop_reason = case when n.wait_days is null and e.state = 'active' then 'completed' else e.stop_reason end
from outreach.messages as m
left join lateral (
    select min(s.wait_days) as wait_days
    from outreach.campaign_steps as s
    where s.tenant_id = m.tenant_id and s.campaign_id = m.campaign_id and s.step_number = m.step_number + 1
) as n on true
where
    m.tenant_id = %(tenant_id)s and m.id = any(%(ids)s) and m.kind = 'campaign' and m.state in ('sent', 'presumed_sent')
    and e.tenant_id = m.tenant_id and e.id = m.enrollment_id and e.next_step = m.step_number
