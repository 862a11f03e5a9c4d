-- Follow-ups that are to come from each mailbox after the date, by campaign, step and earliest day: the next steps of
-- sequences that are under way, and of messages that stand and have not gone out yet.
select
    e.mailbox_id,
    e.campaign_id,
    e.next_step as step_number,
    e.due_on - date '1970-01-01' as due_on,
    count(*)::integer as follow_ups
from outreach.enrollments as e
where
    e.tenant_id = %(tenant_id)s and e.state = 'active' and e.next_step > 1
    and e.due_on > %(plan_date)s and e.due_on <= %(plan_date)s::date + 60
    and e.mailbox_id is not null
group by e.mailbox_id, e.campaign_id, e.next_step, e.due_on
union all
select
    m.mailbox_id,
    m.campaign_id,
    m.step_number + 1 as step_number,
    m.plan_date + w.wait_days - date '1970-01-01' as due_on,
    count(*)::integer as follow_ups
from (
    select k.*
    from outreach.messages as k
    where
        k.tenant_id = %(tenant_id)s and k.kind = 'campaign' and k.state in ('planned', 'deferred')
        and (k.state = 'deferred' or k.plan_date <> %(plan_date)s)
    union all
    select k.*
    from outreach.messages as k
    where
        k.tenant_id = %(tenant_id)s and k.kind = 'campaign' and k.state in ('claimed', 'sending', 'outcome_unknown')
) as m
cross join lateral (
    select min(s.wait_days) as wait_days
    from outreach.campaign_steps as s
    where s.tenant_id = m.tenant_id and s.campaign_id = m.campaign_id and s.step_number = m.step_number + 1
) as w
where w.wait_days is not null
group by m.mailbox_id, m.campaign_id, m.step_number, m.plan_date, w.wait_days
order by mailbox_id, campaign_id, step_number, due_on
