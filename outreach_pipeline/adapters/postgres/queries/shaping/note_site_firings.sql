-- Fired once while it stands.
insert into outreach.site_firings (
    rule_name, rule_version, site, action, slow_ratio, evidence, fired_at, until
)
select r.rule_name, r.rule_version, r.site, r.action, r.slow_ratio, r.evidence, %(now)s, r.until
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    rule_name text, rule_version integer, site text, action text, slow_ratio double precision, evidence jsonb,
    until timestamptz
)
on conflict (site, rule_name) where undone_at is null do nothing
returning rule_name, 'site' as scope, '' as key, site
