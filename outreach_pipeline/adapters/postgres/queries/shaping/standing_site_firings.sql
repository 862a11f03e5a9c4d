select
    f.rule_name,
    f.rule_version,
    'site' as scope,
    f.site as name,
    f.site,
    f.action,
    f.slow_ratio,
    f.evidence,
    f.fired_at,
    f.until
from outreach.site_firings as f
where f.undone_at is null and f.until > %(now)s
order by f.fired_at, f.id
