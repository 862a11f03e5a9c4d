select
    d.domain as name, d.link_host, d.messages_per_day, d.dkim_selector, d.dkim_key_ciphertext as secret_ciphertext,
    k.wrapped_key
from outreach.sending_domains as d
left join outreach.data_keys as k on d.data_key_id = k.id
where d.tenant_id = %(tenant_id)s
order by d.domain
