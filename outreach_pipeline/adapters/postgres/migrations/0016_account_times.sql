-- When the mailboxes of provider accounts, whose tenants may be many, have sent and have waiting between two times: a
-- provider that counts the last 24 hours gives each place back 24 hours after it was used. count_account_messages stays for
-- processes of the version before.

-- Times are told as the first of a grain of p_grain_ms milliseconds (one for each account), with how many fall into it.
-- Campaign messages that the caller's own tenant has merely planned for p_plan_date are its own to plan again and do not
-- count, nor do any that it has planned if that is null, nor its tests before they begin. Counted mailbox by mailbox and index by index: whatever the statistics say of
-- a table that changes by the minute, no messages of other accounts are read. Mail in Sent that is none of ours counts as
-- queries/plan/foreign_sends.sql counts it, up to p_now.
create function outreach.list_account_messages(
    p_provider_account_ids bigint [], p_grains_ms bigint [], p_now timestamptz, p_since timestamptz,
    p_until timestamptz, p_plan_date date
)
returns table (provider_account_id bigint, at_ms bigint, message_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.provider_account_id, floor(extract(epoch from x.at) * 1000 / a.grain_ms)::bigint * a.grain_ms, count(*)
    from unnest(p_provider_account_ids, p_grains_ms) as a (id, grain_ms)
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
    group by 1, 2
$$;
revoke all on function outreach.list_account_messages(
    bigint [], bigint [], timestamptz, timestamptz, timestamptz, date
) from public;
grant execute on function outreach.list_account_messages(
    bigint [], bigint [], timestamptz, timestamptz, timestamptz, date
) to outreach_app;
alter function outreach.list_account_messages(
    bigint [], bigint [], timestamptz, timestamptz, timestamptz, date
) owner to outreach_overseer;
