-- The rules in force: of each name the highest version, unless it is turned off.
select
    r.name,
    r.version,
    r.scope,
    r.match,
    r.least_matches,
    r.of_last,
    r.within_seconds,
    r.least_mailboxes,
    r.action,
    r.slow_ratio,
    r.duration_seconds,
    r.source
from outreach.shaping_rules as r
where
    r.is_enabled
    and r.version = (select max(n.version) from outreach.shaping_rules as n where n.name = r.name)
order by r.name
