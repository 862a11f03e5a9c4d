-- A rule that says what it does is a new version; one that does not only turns the newest on or off.
with wanted as (
    select r.*, (select max(n.version) from outreach.shaping_rules as n where n.name = r.name) as version_before
    from jsonb_to_recordset(%(rows)s::jsonb) as r (
        name text, is_enabled boolean, scope text, match jsonb, least_matches integer, of_last integer,
        within_seconds integer, least_mailboxes integer, action text, slow_ratio double precision,
        duration_seconds integer, source text
    )
),

switched as (
    update outreach.shaping_rules as n
    set is_enabled = w.is_enabled
    from wanted as w
    where n.name = w.name and n.version = w.version_before and w.scope is null
)

insert into outreach.shaping_rules (
    name, version, is_enabled, scope, match, least_matches, of_last, within_seconds, least_mailboxes, action,
    slow_ratio, duration_seconds, source
)
select
    w.name, coalesce(w.version_before, 0) + 1, w.is_enabled, w.scope, w.match, w.least_matches, w.of_last,
    w.within_seconds, w.least_mailboxes, w.action, w.slow_ratio, w.duration_seconds, w.source
from wanted as w
where w.scope is not null
