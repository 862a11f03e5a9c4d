select
    tenant_id,
    id as campaign_id,
    slug as campaign_slug,
    name as campaign_name,
    state as campaign_state
from {{ source('outreach', 'campaigns') }}
