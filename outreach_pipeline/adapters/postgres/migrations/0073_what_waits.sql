-- How many messages are due and may not go, by what keeps them (the codes of outreach.waits_for): over all tenants, counts only.
create function outreach.held_messages(p_now timestamptz, p_horizon interval)
returns table (cause text, message_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select h.cause, count(*)
    from (
        select case
            when t.state <> 'active' then 'tenant_paused'
            when c.state <> 'active' then 'campaign_paused'
            when b.paused_until > p_now then 'mailbox_paused'
            when b.lifecycle in ('resting', 'quarantined', 'retired') then 'mailbox_' || b.lifecycle
            when p.state = 'held' then 'plan_held'
            when g.unauthenticated is not null then 'domain_unauthenticated'
            when exists (
                select from paused_sites as s where s.site = m.recipient_site and (s.ends_at is null or s.ends_at > p_now)
            ) then 'site_paused'
            when exists (
                select from shaping_firings as f
                where f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null and f.until > p_now
                    and (
                        (f.scope = 'mailbox_at_site' and f.key = b.id::text)
                        or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)
                    )
            ) then 'blocked_at_site'
            when exists (
                select from breakers as k where k.host = b.smtp_host || ':' || b.smtp_port and k.state <> 'closed'
            ) then 'server_failing'
        end as cause
        from messages as m
        join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
        join tenants as t on t.id = m.tenant_id
        join sending_domains as g on g.tenant_id = b.tenant_id and g.id = b.sending_domain_id
        left join plans as p on p.tenant_id = m.tenant_id and p.plan_date = m.plan_date
        left join campaigns as c on c.tenant_id = m.tenant_id and c.id = m.campaign_id
        where m.state in ('planned', 'deferred') and m.due_at <= p_now + p_horizon and m.window_ends_at > p_now
    ) as h
    where h.cause is not null
    group by h.cause
    order by count(*) desc, h.cause
$$;

-- A site that some plan has named, though no lookup of its domain has succeeded: such a domain is a site of its own.
create function outreach.site_is_planned_to(p_site text) returns boolean
language sql stable security definer set search_path = outreach, pg_temp
as $$ select exists (select from messages as m where m.recipient_site = p_site) $$;

revoke all on function outreach.held_messages(timestamptz, interval) from public;
revoke all on function outreach.site_is_planned_to(text) from public;
grant execute on function outreach.held_messages(timestamptz, interval) to outreach_app;
grant execute on function outreach.site_is_planned_to(text) to outreach_app;
alter function outreach.held_messages(timestamptz, interval) owner to outreach_overseer;
alter function outreach.site_is_planned_to(text) owner to outreach_overseer;
