-- What keeps a message whose time has come from going, as things stand now, where what ends by itself counts if it has not ended
-- at a moment: the code of the first, the server's reason where it was put off, or null: a rate, or no sender.
create function outreach.waits_for(p_tenant_id uuid, p_message_id bigint, p_at timestamptz) returns text
language sql stable set search_path = outreach, pg_temp
as $$
    select case
        when exists (
            select from suppressions as s
            where s.tenant_id = m.tenant_id
                and (
                    s.scope = 'address' and (s.value = m.to_address or s.folded = outreach.folded(m.to_address) and s.reason <> 'bounce')
                    or s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
        ) or exists (
            select from operator_suppressions as s
            where s.scope = 'address' and s.folded = outreach.folded(m.to_address)
                or s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain)
        ) then 'suppressed'
        when t.state <> 'active' then 'tenant_paused'
        when c.state <> 'active' then 'campaign_paused'
        when b.paused_until > p_at then 'mailbox_paused'
        when b.lifecycle in ('resting', 'quarantined', 'retired') then 'mailbox_' || b.lifecycle
        when p.state = 'held' then 'plan_held'
        when g.unauthenticated is not null then 'domain_unauthenticated'
        when exists (
            select from paused_sites as s where s.site = m.recipient_site and (s.ends_at is null or s.ends_at > p_at)
        ) then 'site_paused'
        when exists (
            select from shaping_firings as f
            where f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null and f.until > p_at
                and (f.scope, f.key) in (
                    ('mailbox_at_site', b.id::text), ('sending_domain_at_site', b.sending_domain_id::text)
                )
        ) then 'blocked_at_site'
        when exists (
            select from breakers as k where k.host = b.smtp_host || ':' || b.smtp_port and k.state <> 'closed'
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
revoke all on function outreach.waits_for(uuid, bigint, timestamptz) from public;
grant execute on function outreach.waits_for(uuid, bigint, timestamptz) to outreach_app;
