select
    tenant_id,
    id as enrollment_id,
    campaign_id,
    contact_id,
    contact_list_id,
    state as enrollment_state,
    stop_reason
from {{ source('outreach', 'enrollments') }}
