select
    id,
    domain,
    dkim_selector
from outreach.sending_domains
where tenant_id = %(tenant_id)s and (%(domain)s::text is null or domain = %(domain)s)
order by id
