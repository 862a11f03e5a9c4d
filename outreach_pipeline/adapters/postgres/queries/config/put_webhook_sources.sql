insert into outreach.webhook_sources (tenant_id, source, data_key_id, secret_ciphertext)
select %(tenant_id)s, r.name, r.data_key_id, decode(r.ciphertext, 'hex')
from jsonb_to_recordset(%(rows)s::jsonb) as r (name text, data_key_id bigint, ciphertext text)
on conflict (tenant_id, source) do update
    set data_key_id = excluded.data_key_id, secret_ciphertext = excluded.secret_ciphertext
