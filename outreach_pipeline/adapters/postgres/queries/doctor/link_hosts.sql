-- The link host of each sending domain that a mailbox uses.
select
    d.domain,
    d.link_host
from outreach.sending_domains as d
where
    d.tenant_id = %(tenant_id)s
    and exists (
        select from outreach.mailboxes as b
        where
            b.tenant_id = d.tenant_id and b.sending_domain_id = d.id and b.lifecycle <> 'retired'
            and not b.is_receive_only
    )
order by d.domain
