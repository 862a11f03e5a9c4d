-- The least distance between two messages of a mailbox as its rate. Without a minimum gap its limit a minute is one: a
-- second's worth of it may go at once, and so much less in the rest, that no minute has more than the limit.
with paces as (
    select
        b.id::text as key,
        coalesce((p.policy ->> 'minimum_gap_seconds')::double precision, %(default_gap_seconds)s) as gap_seconds,
        coalesce((p.policy ->> 'messages_per_minute_per_mailbox')::integer, %(default_per_minute)s) as per_minute
    from outreach.mailboxes as b
    cross join lateral (
        select coalesce(own.policy, base.policy) as policy
        from (select %(tenant_id)s::uuid as tenant_id) as t
        left join outreach.sending_policies as own on t.tenant_id = own.tenant_id and b.policy_id = own.id
        left join outreach.sending_policies as base on t.tenant_id = base.tenant_id and base.name = 'default'
    ) as p
    where b.tenant_id = %(tenant_id)s
),

rates as (
    select
        p.key,
        case when p.gap_seconds > 0 then 1 else p.per_minute - greatest(1, p.per_minute / 60) + 1 end as message_count,
        case when p.gap_seconds > 0 then greatest(p.gap_seconds, 60.0 / p.per_minute) else 60 end as per_seconds,
        case when p.gap_seconds > 0 then 1 else greatest(1, p.per_minute / 60) end as burst
    from paces as p
)

insert into outreach.rate_limits as l (scope, key, message_count, per_seconds, burst)
select
    'mailbox',
    r.key,
    r.message_count,
    r.per_seconds,
    r.burst
from rates as r
on conflict (scope, key) do update
    set message_count = excluded.message_count, per_seconds = excluded.per_seconds, burst = excluded.burst,
        was_made_to_slow = false
    where
        (l.message_count, l.per_seconds, l.burst)
        is distinct from (excluded.message_count, excluded.per_seconds, excluded.burst)
