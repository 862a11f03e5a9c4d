select
    tenant_id,
    id as sending_domain_id,
    domain as sending_domain
from {{ source('outreach', 'sending_domains') }}
