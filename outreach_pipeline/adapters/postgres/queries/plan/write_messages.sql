-- The planned rows with what was gathered of their candidates.
insert into outreach.messages (
    tenant_id, kind, state, mailbox_id, plan_date, enrollment_id, campaign_id, contact_id, contact_list_id,
    step_number, variant, to_address, company_domain, recipient_site, is_random, scheduled_at, window_ends_at,
    message_id, thread_message_id
)
select
    %(tenant_id)s,
    'campaign',
    'planned',
    r.mailbox_id,
    %(plan_date)s,
    r.enrollment_id,
    c.campaign_id,
    c.contact_id,
    c.contact_list_id,
    c.step_number,
    r.variant,
    c.address,
    c.company_domain,
    c.site,
    r.is_random,
    timestamptz 'epoch' + r.scheduled_ms * interval '1 millisecond',
    timestamptz 'epoch' + r.window_ends_ms * interval '1 millisecond',
    r.message_id,
    case when c.step_number > 1 then c.thread_message_id end
from planned_rows as r
inner join candidate_rows as c on r.enrollment_id = c.enrollment_id
