select
    tenant_id,
    id as contact_list_id,
    name as contact_list_name,
    campaign_id,
    imported_at
from {{ source('outreach', 'contact_lists') }}
