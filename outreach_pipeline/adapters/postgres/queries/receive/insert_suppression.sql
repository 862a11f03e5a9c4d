-- What a bounce had suppressed becomes an opt-out by one, and so final.
with noted as materialized (
    select outreach.note_opt_out(%(scope)s, %(value)s, %(reason)s, %(origin)s)
    where %(reason)s::text <> 'bounce'
)

insert into outreach.suppressions (tenant_id, scope, value, reason, origin, created_at)
select %(tenant_id)s, %(scope)s, %(value)s, %(reason)s, %(origin)s, %(now)s
from (select count(*) from noted) as n
on conflict (tenant_id, scope, value) do nothing
