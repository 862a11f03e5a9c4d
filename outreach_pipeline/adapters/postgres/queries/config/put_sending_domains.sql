insert into outreach.sending_domains as d (
    tenant_id, domain, link_host, messages_per_day, dkim_selector, data_key_id, dkim_key_ciphertext
)
select
    %(tenant_id)s, r.name, r.link_host, r.messages_per_day, r.dkim_selector, r.data_key_id, decode(r.ciphertext, 'hex')
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    name text, link_host text, messages_per_day integer, dkim_selector text, data_key_id bigint, ciphertext text
)
on conflict (tenant_id, domain) do update
    set link_host = excluded.link_host, messages_per_day = excluded.messages_per_day,
        dkim_selector = excluded.dkim_selector, data_key_id = coalesce(excluded.data_key_id, d.data_key_id),
        -- Without a selector nothing is signed, and a key that signs nothing is not kept.
        dkim_key_ciphertext = case
            when excluded.dkim_selector is not null then coalesce(excluded.dkim_key_ciphertext, d.dkim_key_ciphertext)
        end
