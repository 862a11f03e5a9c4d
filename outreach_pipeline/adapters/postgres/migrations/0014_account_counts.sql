-- What the mailboxes of provider accounts, whose tenants may be many, have sent and have waiting between two times, mail
-- included that people sent by hand from them.
drop function outreach.count_account_sends(bigint, timestamptz);
drop function outreach.count_account_waiting(bigint, timestamptz, timestamptz, timestamptz);

create index inbound_messages_sent_by_others_by_mailbox on outreach.inbound_messages (tenant_id, mailbox_id, received_at)
where direction = 'out' and message_id is null;

-- Messages that the caller's own tenant has merely planned are its own to plan again and do not count. Counted mailbox by
-- mailbox and index by index: whatever the statistics say of a table that changes by the minute, no messages of other
-- accounts are read. Mail in Sent that is none of ours counts as queries/plan/foreign_sends.sql counts it, up to p_now.
create function outreach.count_account_messages(
    p_provider_account_ids bigint [], p_now timestamptz, p_since timestamptz, p_until timestamptz
)
returns table (provider_account_id bigint, message_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.provider_account_id, sum((
        select count(*) from messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id
            and m.sending_at >= p_since and m.sending_at < p_until
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
    ) else 0 end + (
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
    where b.provider_account_id = any(p_provider_account_ids)
    group by b.provider_account_id
$$;
revoke all on function outreach.count_account_messages(bigint [], timestamptz, timestamptz, timestamptz) from public;
grant execute on function outreach.count_account_messages(bigint [], timestamptz, timestamptz, timestamptz) to outreach_app;
alter function outreach.count_account_messages(bigint [], timestamptz, timestamptz, timestamptz) owner to outreach_overseer;
