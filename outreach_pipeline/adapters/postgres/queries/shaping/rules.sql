-- Of each rule the highest version: the one in force, unless it is turned off.
select
    r.name,
    r.version,
    r.is_enabled,
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
where r.version = (select max(n.version) from outreach.shaping_rules as n where n.name = r.name)
order by r.name
