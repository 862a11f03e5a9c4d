select
    mailbox_id,
    address,
    sending_domain_id,
    provider_account_id
from outreach_marts.dim_mailboxes
where tenant_id = %(tenant_id)s and not is_receive_only
order by mailbox_id
