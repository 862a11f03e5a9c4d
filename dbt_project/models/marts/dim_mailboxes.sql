select
    b.tenant_id,
    b.mailbox_id,
    b.address,
    b.sending_domain_id,
    d.sending_domain,
    b.provider_account_id,
    b.lifecycle,
    b.is_receive_only
from {{ ref('stg_outreach__mailboxes') }} as b
inner join {{ ref('stg_outreach__sending_domains') }} as d
    on b.tenant_id = d.tenant_id and b.sending_domain_id = d.sending_domain_id
