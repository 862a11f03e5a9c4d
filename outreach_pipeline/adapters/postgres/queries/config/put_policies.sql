insert into outreach.sending_policies (tenant_id, name, policy)
select %(tenant_id)s, r.name, r.policy
from jsonb_to_recordset(%(rows)s::jsonb) as r (name text, policy jsonb)
on conflict (tenant_id, name) do update set policy = excluded.policy
