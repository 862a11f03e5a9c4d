with enrolled as (
    select
        tenant_id,
        campaign_id,
        count(*) as contacts_enrolled,
        count(*) filter (where enrollment_state = 'active') as contacts_active,
        count(*) filter (where enrollment_state = 'finished') as contacts_finished,
        count(*) filter (where enrollment_state = 'stopped') as contacts_stopped
    from {{ ref('stg_outreach__enrollments') }}
    group by tenant_id, campaign_id
)

select
    c.tenant_id,
    c.campaign_id,
    c.campaign_slug,
    c.campaign_name,
    c.campaign_state,
    coalesce(e.contacts_enrolled, 0) as contacts_enrolled,
    coalesce(e.contacts_active, 0) as contacts_active,
    coalesce(e.contacts_finished, 0) as contacts_finished,
    coalesce(e.contacts_stopped, 0) as contacts_stopped
from {{ ref('stg_outreach__campaigns') }} as c
left join enrolled as e on c.tenant_id = e.tenant_id and c.campaign_id = e.campaign_id
