select s.secret_ciphertext, k.wrapped_key
from outreach.webhook_sources as s
join outreach.data_keys as k on k.id = s.data_key_id
where s.tenant_id = %(tenant_id)s and s.source = %(source)s
