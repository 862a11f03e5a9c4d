insert into outreach.sending_policies (tenant_id, name, policy, own_fields)
select %(tenant_id)s, r.name, r.policy, r.own_fields
from jsonb_to_recordset(%(rows)s::jsonb) as r (name text, policy jsonb, own_fields text [])
on conflict (tenant_id, name) do update set policy = excluded.policy, own_fields = excluded.own_fields
