-- A placement probe that was found is tied to its message and is no mail that answers us: it counts as unrelated, whatever
-- its kind. Else as before.
set local role outreach_overseer;
create or replace function outreach.count_inbound(p_since timestamptz)
returns table (tenant text, understood_count bigint, unclassified_count bigint, unrelated_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select
        t.slug,
        count(*) filter (where i.state = 'processed' and i.kind <> 'other' and not p.is_probe),
        count(*) filter (
            where i.state = 'unreadable' or (i.kind = 'other' and i.message_id is not null and not p.is_probe)
        ),
        count(*) filter (where i.state = 'processed' and (p.is_probe or (i.kind = 'other' and i.message_id is null)))
    from inbound_messages as i
    join tenants as t on t.id = i.tenant_id
    cross join lateral (select coalesce((i.classified ->> 'is_probe')::boolean, false) as is_probe) as p
    where i.received_at >= p_since and i.direction = 'in' and i.state <> 'new'
    group by t.slug
    order by t.slug
$$;
reset role;
