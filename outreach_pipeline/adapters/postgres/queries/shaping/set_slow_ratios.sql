-- Slows the rates of some keys as far as the strictest standing firing asks for, or not at all. A key that has no rate
-- of its own gets its scope's default, or what Microsoft 365 takes of a mailbox (30 a minute) and elsewhere the
-- platform's own caution (600 a minute); it is made only to be slowed.
with wanted as (
    select
        w.scope,
        w.key,
        coalesce(
            (
                select min(f.slow_ratio)
                from outreach.shaping_firings as f
                where
                    f.tenant_id = %(tenant_id)s and f.undone_at is null and f.action = 'slow_down' and f.site = ''
                    and f.scope = w.scope and (f.key = w.key or f.scope = 'tenant')
            ),
            (
                select min(s.slow_ratio)
                from outreach.site_firings as s
                where
                    s.undone_at is null and s.action = 'slow_down' and w.scope = 'recipient_site' and s.site = w.key
            ),
            1
        ) as slow_ratio
    from unnest(%(scopes)s::text [], %(keys)s::text []) as w (scope, key)
),

changed as (
    update outreach.rate_limits as r
    set slow_ratio = w.slow_ratio
    from wanted as w
    where r.scope = w.scope and r.key = w.key
    returning r.scope, r.key
)

insert into outreach.rate_limits (
    scope, key, message_count, per_seconds, burst, in_flight, slow_ratio, was_made_to_slow
)
select
    w.scope,
    w.key,
    coalesce(d.message_count, case w.scope when 'mailbox' then 30 else 600 end),
    coalesce(d.per_seconds, 60),
    coalesce(d.burst, 1),
    d.in_flight,
    w.slow_ratio,
    true
from wanted as w
left join outreach.rate_limits as d on w.scope = d.scope and d.key = '*'
where w.slow_ratio < 1 and not exists (select from changed as c where c.scope = w.scope and c.key = w.key)
on conflict (scope, key) do update set slow_ratio = excluded.slow_ratio
