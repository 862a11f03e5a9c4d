insert into outreach.warmup_curves (tenant_id, name, messages_per_day, source)
select
    %(tenant_id)s, r.name,
    array(select d.value::integer from jsonb_array_elements_text(r.messages_per_day) as d), r.source
from jsonb_to_recordset(%(rows)s::jsonb) as r (name text, messages_per_day jsonb, source text)
on conflict (tenant_id, name) do update set messages_per_day = excluded.messages_per_day, source = excluded.source
