-- The templates of a campaign's steps.
select
    s.subject,
    s.text_body,
    s.html_body
from outreach.campaign_steps as s
where s.tenant_id = %(tenant_id)s and s.campaign_id = %(campaign_id)s
