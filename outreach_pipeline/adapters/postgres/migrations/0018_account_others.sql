-- What the other tenants of provider accounts have sent and have waiting between two times, for a tenant's forecast: how many
-- mailboxes of theirs may send from each account, and how many messages. Counts only, over all of them together.

-- Counted as list_account_messages counts: mailbox by mailbox and index by index, what they have merely planned and mail
-- that people sent by hand from these mailboxes included.
create function outreach.count_account_messages_of_others(
    p_provider_account_ids bigint [], p_now timestamptz, p_since timestamptz, p_until timestamptz
)
returns table (provider_account_id bigint, mailbox_count bigint, message_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.provider_account_id, count(*) filter (where b.lifecycle <> 'retired' and not b.is_receive_only), sum((
        select count(*) from messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id
            and m.sending_at >= p_since and m.sending_at < p_until
            and m.state in ('sending', 'sent', 'outcome_unknown', 'presumed_sent')
    ) + (
        select count(*) from messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state in ('planned', 'deferred')
            and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
    ) + (
        select count(*) from messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state = 'claimed'
            and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
    ) + (
        select count(*) from inbound_messages as i
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
    ))::bigint
    from mailboxes as b
    where b.provider_account_id = any(p_provider_account_ids) and b.tenant_id is distinct from outreach.current_tenant()
    group by b.provider_account_id
$$;
revoke all on function outreach.count_account_messages_of_others(
    bigint [], timestamptz, timestamptz, timestamptz
) from public;
grant execute on function outreach.count_account_messages_of_others(
    bigint [], timestamptz, timestamptz, timestamptz
) to outreach_app;
alter function outreach.count_account_messages_of_others(
    bigint [], timestamptz, timestamptz, timestamptz
) owner to outreach_overseer;
