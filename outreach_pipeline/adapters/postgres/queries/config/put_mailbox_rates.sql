-- A mailbox's minimum gap as its rate: one message every so many seconds, no burst; without a gap, no rate, unless a
-- rule slows it.
with gaps as (
    select
        b.id::text as key,
        coalesce(
            (coalesce(p.policy, d.policy) ->> 'minimum_gap_seconds')::double precision,
            %(default_gap_seconds)s::double precision
        ) as seconds
    from outreach.mailboxes as b
    left join outreach.sending_policies as p on b.tenant_id = p.tenant_id and b.policy_id = p.id
    left join outreach.sending_policies as d on b.tenant_id = d.tenant_id and d.name = 'default'
    where b.tenant_id = %(tenant_id)s
),

removed as (
    delete from outreach.rate_limits as l
    using gaps as g
    where l.scope = 'mailbox' and l.key = g.key and g.seconds <= 0 and l.slow_ratio = 1
)

insert into outreach.rate_limits as l (scope, key, message_count, per_seconds, burst)
select 'mailbox', g.key, 1, g.seconds, 1
from gaps as g
where g.seconds > 0
on conflict (scope, key) do update
    set message_count = 1, per_seconds = excluded.per_seconds, burst = 1, was_made_to_slow = false
    where (l.message_count, l.per_seconds, l.burst) is distinct from (1, excluded.per_seconds, 1)
