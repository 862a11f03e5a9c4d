-- What keeps a message from going is told once its day is over, and only what began before its window ended is a cause: since
-- when each holds. Null: since always, as far as is known.
alter table outreach.tenants add column state_since timestamptz;
alter table outreach.campaigns add column state_since timestamptz;
alter table outreach.plans add column state_since timestamptz;
alter table outreach.mailboxes add column paused_since timestamptz;
alter table outreach.sending_domains add column unauthenticated_since timestamptz;
grant update (state_since) on outreach.tenants to outreach_app;

-- Whoever changes one of these and says no time changes it now.
create function outreach.note_since() returns trigger
language plpgsql
as $$
begin
    if tg_table_name = 'mailboxes' then
        if new.paused_until is distinct from old.paused_until and new.paused_since is not distinct from old.paused_since then
            new.paused_since := clock_timestamp();
        end if;
    elsif tg_table_name = 'sending_domains' then
        if (new.unauthenticated is null) <> (old.unauthenticated is null)
            and new.unauthenticated_since is not distinct from old.unauthenticated_since then
            new.unauthenticated_since := clock_timestamp();
        end if;
    elsif new.state is distinct from old.state and new.state_since is not distinct from old.state_since then
        new.state_since := clock_timestamp();
    end if;
    return new;
end
$$;
create trigger note_since before update of state on outreach.tenants
for each row execute function outreach.note_since();
create trigger note_since before update of state on outreach.campaigns
for each row execute function outreach.note_since();
create trigger note_since before update of state on outreach.plans
for each row execute function outreach.note_since();
create trigger note_since before update of paused_until on outreach.mailboxes
for each row execute function outreach.note_since();
create trigger note_since before update of unauthenticated on outreach.sending_domains
for each row execute function outreach.note_since();

drop function outreach.waits_for(uuid, bigint, timestamptz);
-- What keeps a message whose time has come from going, as things stand now, where what ends by itself counts if it has not ended
-- at a moment, and what began after another one does not count: the code of the first, the server's reason where it was put
-- off, or null: a rate, or no sender.
create function outreach.waits_for(
    p_tenant_id uuid, p_message_id bigint, p_at timestamptz, p_began_by timestamptz default 'infinity'
) returns text
language sql stable set search_path = outreach, pg_temp
as $$
    select case
        when exists (
            select from suppressions as s
            where s.tenant_id = m.tenant_id and s.created_at <= p_began_by
                and (
                    s.scope = 'address' and (s.value = m.to_address or s.folded = outreach.folded(m.to_address) and s.reason <> 'bounce')
                    or s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
        ) or exists (
            select from operator_suppressions as s
            where s.created_at <= p_began_by
                and (
                    s.scope = 'address' and s.folded = outreach.folded(m.to_address)
                    or s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
        ) then 'suppressed'
        when t.state <> 'active' and coalesce(t.state_since, '-infinity') <= p_began_by then 'tenant_paused'
        when c.state <> 'active' and coalesce(c.state_since, '-infinity') <= p_began_by then 'campaign_paused'
        when b.paused_until > p_at and coalesce(b.paused_since, '-infinity') <= p_began_by then 'mailbox_paused'
        when b.lifecycle in ('resting', 'quarantined', 'retired') and b.lifecycle_since <= p_began_by
            then 'mailbox_' || b.lifecycle
        when p.state = 'held' and coalesce(p.state_since, '-infinity') <= p_began_by then 'plan_held'
        when g.unauthenticated is not null and coalesce(g.unauthenticated_since, '-infinity') <= p_began_by
            then 'domain_unauthenticated'
        when exists (
            select from paused_sites as s
            where s.site = m.recipient_site and (s.ends_at is null or s.ends_at > p_at) and s.paused_at <= p_began_by
        ) then 'site_paused'
        when exists (
            select from shaping_firings as f
            where f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null and f.until > p_at
                and f.fired_at <= p_began_by
                and (f.scope, f.key) in (
                    ('mailbox_at_site', b.id::text), ('sending_domain_at_site', b.sending_domain_id::text)
                )
        ) then 'blocked_at_site'
        when exists (
            select from breakers as k
            where k.host = b.smtp_host || ':' || b.smtp_port and k.state <> 'closed'
                and coalesce(k.opened_at, '-infinity') <= p_began_by
        ) then 'server_failing'
        else m.reason
    end
    from messages as m
    join tenants as t on t.id = m.tenant_id
    join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    join sending_domains as g on g.tenant_id = b.tenant_id and g.id = b.sending_domain_id
    left join campaigns as c on c.tenant_id = m.tenant_id and c.id = m.campaign_id
    left join plans as p on p.tenant_id = m.tenant_id and p.plan_date = m.plan_date
    where m.tenant_id = p_tenant_id and m.id = p_message_id
$$;
revoke all on function outreach.waits_for(uuid, bigint, timestamptz, timestamptz) from public;
grant execute on function outreach.waits_for(uuid, bigint, timestamptz, timestamptz) to outreach_app;
