select s.source as name, s.secret_ciphertext, k.wrapped_key
from outreach.webhook_sources as s
inner join outreach.data_keys as k on s.data_key_id = k.id
where s.tenant_id = %(tenant_id)s
order by s.source
