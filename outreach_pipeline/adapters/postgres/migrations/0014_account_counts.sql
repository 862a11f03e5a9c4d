-- What the mailboxes of provider accounts, whose tenants may be many, have sent since a time and have waiting between two.
drop function outreach.count_account_sends(bigint, timestamptz);
drop function outreach.count_account_waiting(bigint, timestamptz, timestamptz, timestamptz);

-- Messages that the caller's own tenant has merely planned are its own to plan again and do not count. Counted mailbox by
-- mailbox and index by index: whatever the statistics say of a table that changes by the minute, no messages of other
-- accounts are read.
create function outreach.count_account_messages(
    p_provider_account_ids bigint [], p_now timestamptz, p_since timestamptz, p_until timestamptz
)
returns table (provider_account_id bigint, message_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.provider_account_id, sum((
        select count(*) from messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.sending_at >= p_since
            and m.state in ('sending', 'sent', 'outcome_unknown', 'presumed_sent')
    ) + (
        select count(*) from messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state = 'deferred'
            and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
    ) + (
        select count(*) from messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state = 'claimed'
            and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
    ) + case when b.tenant_id is distinct from outreach.current_tenant() then (
        select count(*) from messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state = 'planned'
            and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
    ) else 0 end)::bigint
    from mailboxes as b
    where b.provider_account_id = any(p_provider_account_ids)
    group by b.provider_account_id
$$;
revoke all on function outreach.count_account_messages(bigint [], timestamptz, timestamptz, timestamptz) from public;
grant execute on function outreach.count_account_messages(bigint [], timestamptz, timestamptz, timestamptz) to outreach_app;
alter function outreach.count_account_messages(bigint [], timestamptz, timestamptz, timestamptz) owner to outreach_overseer;
