-- Whoever waits for a step whose wait has changed waits by the new one, from the date of the last mail.
with wanted as (
    select c.id as campaign_id, s.step_number, min(s.wait_days) as wait_days
    from jsonb_to_recordset(%(rows)s::jsonb) as r (name text, steps jsonb)
    inner join outreach.campaigns as c on c.tenant_id = %(tenant_id)s and r.name = c.slug
    cross join jsonb_to_recordset(r.steps) as s (step_number integer, wait_days integer)
    where s.step_number > 1
    group by c.id, s.step_number
),

known as (
    select s.campaign_id, s.step_number, min(s.wait_days) as wait_days
    from outreach.campaign_steps as s
    where s.tenant_id = %(tenant_id)s
    group by s.campaign_id, s.step_number
)

update outreach.enrollments as e
set due_on = e.due_on + (w.wait_days - k.wait_days)
from wanted as w
inner join known as k on w.campaign_id = k.campaign_id and w.step_number = k.step_number
where
    e.tenant_id = %(tenant_id)s and e.campaign_id = w.campaign_id and e.next_step = w.step_number
    and e.state in ('active', 'paused') and w.wait_days <> k.wait_days
