select
    id as tenant_id,
    slug as tenant_slug,
    time_zone
from {{ source('outreach', 'tenants') }}
