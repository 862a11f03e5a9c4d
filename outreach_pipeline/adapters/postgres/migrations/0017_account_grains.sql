-- Grains are reckoned by time itself and not by decimal numbers, which cost more than finding the messages.

set local role outreach_overseer;
create or replace function outreach.list_account_messages(
    p_provider_account_ids bigint [], p_grains_ms bigint [], p_now timestamptz, p_since timestamptz,
    p_until timestamptz, p_plan_date date
)
returns table (provider_account_id bigint, at_ms bigint, message_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    with a as materialized (
        select w.id, w.grain_ms * interval '1 millisecond' as grain
        from unnest(p_provider_account_ids, p_grains_ms) as w (id, grain_ms)
    ),
    counted as (
        select a.id, date_bin(a.grain, x.at, timestamptz 'epoch') as at, count(*) as message_count
        from a
        inner join mailboxes as b on b.provider_account_id = a.id
        cross join lateral (
            select m.sending_at as at from messages as m
            where m.tenant_id = b.tenant_id and m.mailbox_id = b.id
                and m.sending_at >= p_since and m.sending_at < p_until
                and m.state in ('sending', 'sent', 'outcome_unknown', 'presumed_sent')
            union all
            select m.due_at from messages as m
            where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state = 'deferred'
                and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
            union all
            select m.due_at from messages as m
            where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state = 'claimed'
                and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
            union all
            select m.due_at from messages as m
            where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state = 'planned'
                and (
                    b.tenant_id is distinct from outreach.current_tenant()
                    or m.kind <> 'test' and (m.kind <> 'campaign' or m.plan_date <> p_plan_date)
                )
                and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
            union all
            select i.received_at from inbound_messages as i
            where i.tenant_id = b.tenant_id and i.mailbox_id = b.id and i.direction = 'out' and i.message_id is null
                and i.received_at >= p_since and i.received_at < p_until and i.received_at <= p_now
                and not exists (
                    select from messages as m
                    where m.tenant_id = i.tenant_id and m.message_id = i.rfc822_message_id and m.sending_at is not null
                )
                and not exists (
                    select from messages as m
                    where m.tenant_id = i.tenant_id and m.wire_message_id is not null
                        and m.wire_message_id = i.rfc822_message_id
                )
        ) as x
        group by a.id, 2
    )
    select c.id, (extract(epoch from c.at) * 1000)::bigint, c.message_count from counted as c
$$;
reset role;
