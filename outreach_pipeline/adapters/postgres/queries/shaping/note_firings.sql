-- Fired once while it stands.
insert into outreach.shaping_firings (
    tenant_id, rule_name, rule_version, scope, key, site, action, slow_ratio, evidence, fired_at, until
)
select
    %(tenant_id)s, r.rule_name, r.rule_version, r.scope, r.key, r.site, r.action, r.slow_ratio, r.evidence, %(now)s,
    r.until
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    rule_name text, rule_version integer, scope text, key text, site text, action text, slow_ratio double precision,
    evidence jsonb, until timestamptz
)
on conflict (tenant_id, site, scope, key, rule_name) where undone_at is null do nothing
returning rule_name, scope, key, site
