select
    b.id,
    b.display_name,
    d.domain as sending_domain
from outreach.mailboxes as b
inner join outreach.sending_domains as d on b.tenant_id = d.tenant_id and b.sending_domain_id = d.id
where b.tenant_id = %(tenant_id)s and b.address = %(address)s
