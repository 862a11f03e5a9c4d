select
    d.id,
    d.domain,
    d.dkim_selector,
    d.dkim_key_ciphertext,
    k.wrapped_key
from outreach.sending_domains as d
left join outreach.data_keys as k on d.data_key_id = k.id
where d.tenant_id = %(tenant_id)s and (%(domain)s::text is null or d.domain = %(domain)s)
order by d.id
