select
    tenant_id,
    id as policy_id,
    name as policy_name,
    coalesce((policy ->> 'mature_after_seconds')::double precision, 259200) as mature_after_seconds
from {{ source('outreach', 'sending_policies') }}
