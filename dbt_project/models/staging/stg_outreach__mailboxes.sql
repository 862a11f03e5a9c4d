select
    tenant_id,
    id as mailbox_id,
    address,
    sending_domain_id,
    provider_account_id,
    policy_id,
    lifecycle,
    is_receive_only
from {{ source('outreach', 'mailboxes') }}
