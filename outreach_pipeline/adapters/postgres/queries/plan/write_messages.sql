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
    r.campaign_id,
    r.contact_id,
    r.contact_list_id,
    r.step_number,
    r.variant,
    c.address,
    c.company_domain,
    r.recipient_site,
    r.is_random,
    timestamptz 'epoch' + r.scheduled_ms * interval '1 millisecond',
    timestamptz 'epoch' + r.window_ends_ms * interval '1 millisecond',
    r.message_id,
    case
        when r.step_number > 1
            then (
                select e.thread_message_id from outreach.enrollments as e
                where e.tenant_id = %(tenant_id)s and e.id = r.enrollment_id
            )
    end
from planned_rows as r
inner join outreach.contacts as c on c.tenant_id = %(tenant_id)s and r.contact_id = c.id
