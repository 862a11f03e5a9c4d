select
    tenant_id,
    event_id,
    retracted_at
from {{ source('outreach', 'event_retractions') }}
