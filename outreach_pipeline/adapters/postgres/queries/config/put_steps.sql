insert into outreach.campaign_steps (
    tenant_id, campaign_id, step_number, variant, share, wait_days, subject, text_body, html_body, attachments
)
select
    %(tenant_id)s, c.id, s.step_number, s.variant, s.share, s.wait_days, s.subject, s.text_body, s.html_body,
    s.attachments
from jsonb_to_recordset(%(rows)s::jsonb) as r (name text, steps jsonb)
inner join outreach.campaigns as c on c.tenant_id = %(tenant_id)s and r.name = c.slug
cross join jsonb_to_recordset(r.steps) as s (
    step_number integer, variant text, share double precision, wait_days integer, subject text, text_body text,
    html_body text, attachments jsonb
)
