-- What the planner asks for: follow-ups and new contacts apart, the canary of a list, and what other tenants of the
-- same provider account have planned.

create index enrollments_new on outreach.enrollments (tenant_id, campaign_id, due_on, id)
where state = 'active' and next_step = 1;
create index enrollments_following on outreach.enrollments (tenant_id, campaign_id, due_on, id)
where state = 'active' and next_step > 1;
-- The two before it answer what it did.
drop index outreach.enrollments_due;
create index messages_deferred on outreach.messages (tenant_id, mailbox_id, due_at) where state = 'deferred';
create index enrollments_by_list on outreach.enrollments (tenant_id, contact_list_id, id);
create index inbound_messages_sent_by_others on outreach.inbound_messages (tenant_id, received_at)
where direction = 'out' and message_id is null;

-- Messages of any tenant's mailboxes in a provider account that are due between two times and have not begun; those
-- that the caller's tenant has merely planned are its own to plan again and do not count.
create function outreach.count_account_waiting(
    p_provider_account_id bigint, p_now timestamptz, p_since timestamptz, p_until timestamptz
)
returns bigint
language sql stable security definer set search_path = outreach, pg_temp
as $$
    -- A part an index: what the caller's own tenant has planned, tens of thousands, is not looked at.
    select count(*) from (
        select m.id from mailboxes as b
        join messages as m on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
        where b.provider_account_id = p_provider_account_id and m.state = 'deferred'
            and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
        union all
        select m.id from mailboxes as b
        join messages as m on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
        where b.provider_account_id = p_provider_account_id and m.state = 'claimed'
            and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
        union all
        select m.id from mailboxes as b
        join messages as m on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
        where b.provider_account_id = p_provider_account_id and m.state = 'planned'
            and b.tenant_id is distinct from outreach.current_tenant()
            and m.due_at >= p_since and m.due_at < p_until and m.window_ends_at > p_now
    ) as waiting
$$;
revoke all on function outreach.count_account_waiting(bigint, timestamptz, timestamptz, timestamptz) from public;
grant execute on function outreach.count_account_waiting(bigint, timestamptz, timestamptz, timestamptz) to outreach_app;
alter function outreach.count_account_waiting(bigint, timestamptz, timestamptz, timestamptz) owner to outreach_overseer;
