-- How the platform reacts to what servers answer: shaping rules with their firings, breakers a host, slowed rates, and
-- pauses that end by themselves.

-- Rules ------------------------------------------------------------------------------------------------------------------

-- A rule applies when least_matches of the last of_last attempts in its scope, none older than within_seconds, match, and
-- come from least_mailboxes mailboxes. A version is never changed but for is_enabled; the highest of a name is in force.
alter table outreach.shaping_rules
drop constraint shaping_rules_scope_check,
add constraint shaping_rules_scope_check check (
    scope in ('mailbox', 'tenant', 'site', 'mailbox_at_site', 'sending_domain_at_site')
),
add column least_matches integer not null default 1 check (least_matches > 0),
add column of_last integer not null default 1 check (of_last between 1 and 500),
add column within_seconds integer not null default 3600 check (within_seconds > 0),
add column least_mailboxes integer not null default 1 check (least_mailboxes > 0),
-- What a slowed rate is multiplied with.
add column slow_ratio double precision check (slow_ratio > 0 and slow_ratio < 1),
add column source text not null default '',
add column is_preset boolean not null default false,
add constraint shaping_rules_threshold_check check (least_matches <= of_last),
add constraint shaping_rules_slow_down_check check ((action = 'slow_down') = (slow_ratio is not null)),
add constraint shaping_rules_action_check1 check (
    action = 'suspend' or (action = 'slow_down' and scope not like '%_at_site') or (action = 'quarantine' and scope = 'mailbox')
);
grant insert, update on outreach.shaping_rules to outreach_app;

-- What a rule has done to a mailbox, a sending domain or the tenant. One stands a rule, key and site until it is undone.
create table outreach.shaping_firings (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    rule_name text not null,
    rule_version integer not null,
    scope text not null check (scope in ('mailbox', 'tenant', 'mailbox_at_site', 'sending_domain_at_site')),
    -- The id of the mailbox, sending domain or tenant.
    key text not null,
    -- '' where it holds at every recipient site.
    site text not null default '',
    action text not null check (action in ('suspend', 'slow_down', 'quarantine')),
    slow_ratio double precision,
    evidence jsonb not null,
    fired_at timestamptz not null,
    until timestamptz not null,
    undone_at timestamptz,
    primary key (tenant_id, id)
);
create unique index shaping_firings_standing on outreach.shaping_firings (tenant_id, site, scope, key, rule_name)
where undone_at is null;
call outreach.protect_tenant_table('outreach.shaping_firings', 'select, insert, update');

-- The same of a recipient site, which is everybody's: its evidence holds counts and codes, and no tenant's words.
create table outreach.site_firings (
    id bigint generated always as identity primary key,
    rule_name text not null,
    rule_version integer not null,
    site text not null,
    action text not null check (action in ('suspend', 'slow_down')),
    slow_ratio double precision,
    evidence jsonb not null,
    fired_at timestamptz not null,
    until timestamptz not null,
    undone_at timestamptz
);
create unique index site_firings_standing on outreach.site_firings (site, rule_name) where undone_at is null;
grant select, insert, update on outreach.site_firings to outreach_app;

-- A site's pause by a rule ends by itself; by people it has no end.
alter table outreach.paused_sites add column ends_at timestamptz;
grant update on outreach.paused_sites to outreach_app;

-- From when on a list's bounces count, if a person has resumed it.
alter table outreach.contact_lists add column counts_from timestamptz;

-- A slowed rate lets so much through of what it is set to; 1: all. Setting a rate leaves it.
alter table outreach.rate_limits
add column slow_ratio double precision not null default 1 check (slow_ratio > 0 and slow_ratio <= 1),
add column was_made_to_slow boolean not null default false;

-- The reason of an attempt, of the one vocabulary, so that rules need not read texts again.
alter table outreach.send_attempts add column reason text;

-- What the last attempts of all tenants at some recipient sites came to, the latest first: ids, codes and reasons only.
create function outreach.recent_site_outcomes(p_sites text[], p_since timestamptz, p_are_reports boolean, p_most integer)
returns table (
    recipient_site text, mailbox_id bigint, stage text, code integer, enhanced_code text, reason text, at timestamptz
)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select o.recipient_site, o.mailbox_id, o.stage, o.code, o.enhanced_code, o.reason, o.at
    from tenants as t
    cross join lateral (
        (
            select m.recipient_site, m.mailbox_id, a.stage, a.code, a.enhanced_code, a.reason, a.started_at as at
            from (
                select * from send_attempts as s where s.tenant_id = t.id order by s.id desc limit p_most
            ) as a
            join messages as m on m.tenant_id = t.id and m.id = a.message_id
            where not p_are_reports and a.started_at >= p_since and a.stage <> 'gate' and m.recipient_site = any(p_sites)
            order by a.id desc
        )
        union all
        (
            -- In the order of sending: by that of hearing, those that bounced would always be the last.
            select m.recipient_site, m.mailbox_id, case e.kind when 'bounced' then 'report' else 'done' end, null::integer,
                e.status, e.reason, m.sending_at
            from (
                select distinct on (n.message_id) n.*
                from (
                    select * from events as v where v.tenant_id = t.id order by v.id desc limit p_most
                ) as n
                where n.kind in ('sent', 'bounced') and n.message_id is not null
                order by n.message_id, (n.kind = 'bounced') desc, n.id desc
            ) as e
            join messages as m on m.tenant_id = t.id and m.id = e.message_id
            where p_are_reports and m.sending_at >= p_since and m.recipient_site = any(p_sites)
        )
    ) as o
    order by o.at desc
$$;
revoke all on function outreach.recent_site_outcomes(text[], timestamptz, boolean, integer) from public;
grant execute on function outreach.recent_site_outcomes(text[], timestamptz, boolean, integer) to outreach_app;
alter function outreach.recent_site_outcomes(text[], timestamptz, boolean, integer) owner to outreach_overseer;

-- Which tenants have firings whose time is over.
create function outreach.tenants_with_past_firings(p_now timestamptz) returns setof uuid
language sql stable security definer set search_path = outreach, pg_temp
as $$ select distinct f.tenant_id from shaping_firings as f where f.undone_at is null and f.until <= p_now $$;
revoke all on function outreach.tenants_with_past_firings(timestamptz) from public;
grant execute on function outreach.tenants_with_past_firings(timestamptz) to outreach_app;
alter function outreach.tenants_with_past_firings(timestamptz) owner to outreach_overseer;

-- Breakers ---------------------------------------------------------------------------------------------------------------

-- A host has a row only while it fails: 'closed' counts its failures in a row, 'open' keeps its mailboxes from being
-- claimed until retry_at, 'half_open' waits for the one message that tries it. Success deletes the row.
alter table outreach.breakers add column openings integer not null default 0;
grant delete on outreach.breakers to outreach_app;
grant select on outreach.breakers to outreach_overseer, outreach_metrics;
grant select on outreach.site_firings to outreach_metrics;

-- The function is the overseer's, and its owner alone may replace it.
set local role outreach_overseer;
create or replace function outreach.due_send_lanes(p_now timestamptz, p_horizon interval)
returns table (lane integer, due_count bigint, next_due_at timestamptz)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.lane, count(*), min(m.due_at)
    from messages as m
    join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    join tenants as t on t.id = m.tenant_id and t.state = 'active'
    left join plans as p on p.tenant_id = m.tenant_id and p.plan_date = m.plan_date
    left join campaigns as c on c.tenant_id = m.tenant_id and c.id = m.campaign_id
    where (
            m.state in ('planned', 'deferred') and m.due_at <= p_now + p_horizon and m.window_ends_at > p_now
            and (p.state = 'ready' or m.plan_date is null)
            -- What waits for a person, or for a server, waits for no run.
            and (m.campaign_id is null or c.state = 'active')
            and not exists (
                select from paused_sites as s where s.site = m.recipient_site and (s.ends_at is null or s.ends_at > p_now)
            )
            and not exists (
                select from shaping_firings as f
                where f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null and f.until > p_now
                    and (
                        (f.scope = 'mailbox_at_site' and f.key = b.id::text)
                        or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)
                    )
            )
            and not exists (
                select from breakers as k
                where k.host = b.smtp_host || ':' || b.smtp_port and k.state <> 'closed'
                    and k.retry_at > clock_timestamp() + p_horizon
            )
            and (b.paused_until is null or b.paused_until <= p_now)
            and b.lifecycle not in ('resting', 'quarantined', 'retired')
        )
        or (m.state in ('claimed', 'sending') and m.lease_expires_at <= clock_timestamp())
        or (m.state = 'outcome_unknown' and m.unknown_until <= p_now)
    group by b.lane
    order by b.lane
$$;
reset role;

-- Limits -----------------------------------------------------------------------------------------------------------------

-- When a message to these keys may go, or NULL if it may go now. Keys without a row or default are free.
create or replace function outreach.rate_allows_at(p_scopes text[], p_keys text[], p_clock timestamptz)
returns timestamptz
language plpgsql
as $$
declare
    cell record;
    allowed timestamptz := null;
begin
    insert into rate_limits (scope, key, message_count, per_seconds, burst, in_flight)
    select d.scope, w.key, d.message_count, d.per_seconds, d.burst, d.in_flight
    from unnest(p_scopes, p_keys) as w (scope, key)
    join rate_limits as d on d.scope = w.scope and d.key = '*'
    on conflict (scope, key) do nothing;
    for cell in
        select r.in_flight,
            r.theoretical_arrival_at
            - make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio * (r.burst - 1)) as free_at,
            (select count(*) from leases as l
             where l.scope = r.scope and l.key = r.key and l.expires_at > p_clock) as holders
        from rate_limits as r
        join unnest(p_scopes, p_keys) as w (scope, key) on w.scope = r.scope and w.key = r.key
    loop
        if cell.in_flight is not null and cell.holders >= cell.in_flight then
            allowed := greatest(allowed, p_clock + interval '1 second');
        end if;
        if cell.free_at > p_clock then
            allowed := greatest(allowed, cell.free_at);
        end if;
    end loop;
    return allowed;
end
$$;

-- Claims due messages for the tenant of the transaction: of at most p_mailboxes mailboxes that have nothing
-- claimed or in flight, and of each one, or up to p_each where no rate is narrow. Claims of all processes are taken one
-- after the other (a claim takes milliseconds), so that no number of workers lets one more through. p_lane, p_mailbox_ids
-- and p_kind narrow what is claimed, NULL: all. A host whose breaker is open is left out; once it may be tried again, one
-- message is. p_now is business time; leases, rates and breakers use the clock.
create or replace function outreach.claim_messages(
    p_lane integer, p_mailbox_ids bigint[], p_kind text, p_mailboxes integer, p_each integer,
    p_lease_seconds double precision, p_now timestamptz
)
returns table (message_id bigint, token bigint)
language plpgsql
as $$
declare
    clock timestamptz;
    lease_ends timestamptz;
    candidate record;
    scopes text[];
    keys text[];
    host text;
    failing_hosts text[];
    taken bigint[] := '{}';
    mailbox_count integer := 0;
    of_mailbox integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    clock := clock_timestamp();
    lease_ends := clock + make_interval(secs => p_lease_seconds);
    -- Nearly always none.
    failing_hosts := array(select k.host from breakers as k where k.state <> 'closed');
    for candidate in
        select m.id, m.mailbox_id, m.tenant_id, m.company_domain, m.recipient_site, b.smtp_host, b.smtp_port
        from mailboxes as b
        join tenants as t on t.id = b.tenant_id and t.state = 'active'
        cross join lateral (
            select d.* from messages as d
            left join plans as p on p.tenant_id = d.tenant_id and p.plan_date = d.plan_date
            left join campaigns as c on c.tenant_id = d.tenant_id and c.id = d.campaign_id
            where d.tenant_id = b.tenant_id and d.mailbox_id = b.id and d.state in ('planned', 'deferred')
                and d.due_at <= p_now and d.window_ends_at > p_now and (d.plan_date is null or p.state = 'ready')
                and (d.campaign_id is null or c.state = 'active') and (p_kind is null or d.kind = p_kind)
                and not exists (
                    select from paused_sites as s
                    where s.site = d.recipient_site and (s.ends_at is null or s.ends_at > p_now))
                and not exists (
                    select from shaping_firings as f
                    where f.tenant_id = d.tenant_id and f.site = d.recipient_site and f.undone_at is null
                        and f.until > p_now
                        and (
                            (f.scope = 'mailbox_at_site' and f.key = b.id::text)
                            or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)))
            order by d.due_at, d.id
            -- Some more than may be taken: where a recipient's limit keeps one waiting, a later one may go.
            limit p_each + 4
        ) as m
        where b.tenant_id = (select outreach.current_tenant()) and (p_lane is null or b.lane = p_lane)
            and (p_mailbox_ids is null or b.id = any(p_mailbox_ids))
            and (b.paused_until is null or b.paused_until <= p_now)
            and b.lifecycle not in ('resting', 'quarantined', 'retired')
            and not exists (
                select from messages as f
                where f.tenant_id = b.tenant_id and f.mailbox_id = b.id and f.state in ('claimed', 'sending'))
        order by m.due_at, m.id
    loop
        of_mailbox := cardinality(array_positions(taken, candidate.mailbox_id));
        continue when of_mailbox >= p_each or (of_mailbox = 0 and mailbox_count >= p_mailboxes);
        host := candidate.smtp_host || ':' || candidate.smtp_port;
        scopes := array['mailbox', 'tenant', 'recipient_domain', 'recipient_site', 'provider_host'];
        keys := array[
            candidate.mailbox_id::text, candidate.tenant_id::text, candidate.company_domain, candidate.recipient_site, host
        ];
        continue when outreach.rate_allows_at(scopes, keys, clock) is not null;
        -- What goes later than it was claimed is counted too early. So nothing waits behind another message where fewer than a
        -- hundred a second may go, or more than a quarter of what may be in flight is out.
        continue when of_mailbox > 0 and exists (
            select from rate_limits as r
            join unnest(scopes, keys) as w (scope, key) on r.scope = w.scope and r.key = w.key
            where r.message_count * r.slow_ratio < 100 * r.per_seconds or 4 * (1 + (
                select count(*) from leases as l
                where l.scope = r.scope and l.key = r.key and l.expires_at > clock
            )) > r.in_flight);
        if host = any(failing_hosts) then
            continue when of_mailbox > 0;
            -- The one that tries the host holds it for its lease; if its worker dies, another may try then.
            update breakers as k set state = 'half_open', retry_at = lease_ends
            where k.host = candidate.smtp_host || ':' || candidate.smtp_port and k.retry_at <= clock;
            continue when not found;
        end if;
        update messages as m
        set state = 'claimed', state_at = clock, lease_token = nextval('lease_tokens'), lease_expires_at = lease_ends,
            attempts = m.attempts + 1
        where m.tenant_id = candidate.tenant_id and m.id = candidate.id and m.state in ('planned', 'deferred')
        returning m.id, m.lease_token into message_id, token;
        continue when not found;
        update rate_limits as r
        set theoretical_arrival_at = greatest(r.theoretical_arrival_at, clock)
            + make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio)
        from unnest(scopes, keys) as w (scope, key)
        where r.scope = w.scope and r.key = w.key;
        insert into leases (scope, key, holder, expires_at)
        select w.scope, w.key, candidate.tenant_id || '/' || candidate.id, lease_ends
        from unnest(scopes, keys) as w (scope, key)
        join rate_limits as r on r.scope = w.scope and r.key = w.key and r.in_flight is not null
        on conflict (scope, key, holder) do update set expires_at = excluded.expires_at;
        mailbox_count := mailbox_count + (of_mailbox = 0)::integer;
        taken := taken || candidate.mailbox_id;
        return next;
        exit when cardinality(taken) >= p_mailboxes * p_each;
    end loop;
end
$$;

-- The rules that are there from the start. Each number's source stands beside it; `outreach apply` may add rules, put a new
-- version in force, or turn one off. A threshold says how many of the last attempts, so that one refusal in passing, which
-- every sender meets, moves nothing; only what names the sender's own account counts at once.
insert into outreach.shaping_rules (
    name, scope, match, least_matches, of_last, within_seconds, least_mailboxes, action, slow_ratio, duration_seconds, source,
    is_preset
) values
(
    'google_daily_quota', 'mailbox', '{"enhanced_codes": ["5.4.5"]}', 1, 1, 3600, 1, 'suspend', null, 86400,
    'Google Workspace Admin Help 3726730: 550 5.4.5, the daily user sending quota is exceeded; 166852: for up to 24 hours',
    true
),
(
    'google_unusual_rate', 'mailbox', '{"enhanced_codes": ["4.7.28"]}', 3, 20, 3600, 1, 'slow_down', 0.5, 3600,
    'Google Workspace Admin Help 3726730: 421 4.7.28, an unusual rate of unsolicited mail; the numbers are our own caution',
    true
),
(
    'microsoft_365_bad_sender', 'mailbox', '{"enhanced_codes": ["5.1.8", "5.1.90"]}', 1, 1, 3600, 1, 'quarantine', null, 604800,
    'Microsoft Learn, non-delivery reports in Exchange Online: 550 5.1.8 and 5.1.90, the account is blocked as a source of spam',
    true
),
(
    'microsoft_365_organisation_blocked', 'mailbox', '{"enhanced_codes": ["5.7.705", "5.7.708", "5.7.750"]}', 1, 1, 3600, 1,
    'suspend', null, 86400,
    'Microsoft Learn, fix error code 5.7.700 through 5.7.750: the organisation exceeds its threshold, until its admin has acted',
    true
),
(
    'microsoft_365_submission_rate', 'mailbox', '{"codes": [432]}', 2, 10, 600, 1, 'slow_down', 0.5, 900,
    'Microsoft Learn, Exchange Online limits: 30 messages a minute over SMTP, three connections; the rest is refused for now',
    true
),
(
    'microsoft_authentication', 'sending_domain_at_site', '{"enhanced_codes": ["5.7.515"]}', 2, 10, 86400, 1, 'suspend', null,
    86400,
    'Microsoft, requirements for high-volume senders from 2025-05-05: 550 5.7.515 until SPF, DKIM and DMARC pass', true
),
(
    'yahoo_deferred', 'sending_domain_at_site', '{"text": "\\[TSS?[0-9]{2}\\]"}', 3, 10, 14400, 1, 'suspend', null, 14400,
    'Yahoo Help SLN3434: 421 4.7.0 [TS..] for volume or complaints, try again after 4 hours', true
),
(
    'blocked_mailbox_at_site', 'mailbox_at_site',
    '{"reasons": ["badreputation", "blocked", "policyviolation", "rejected", "spamdetected"]}', 5, 10, 86400, 1, 'suspend',
    null, 86400, 'our own: half of ten is no chance; WarmySender rests for 24 hours', true
),
(
    'blocked_domain_at_site', 'sending_domain_at_site',
    '{"reasons": ["authfailure", "badreputation", "blocked", "policyviolation", "rejected", "spamdetected"]}', 10, 20, 86400, 2,
    'suspend', null, 86400, 'our own: half of twenty, from several mailboxes, is the domain and not one of them', true
),
(
    'blocked_mailbox', 'mailbox',
    '{"reasons": ["badreputation", "blocked", "policyviolation", "rejected", "spamdetected"]}', 10, 20, 86400, 1, 'suspend',
    null, 86400, 'our own: half of twenty is no chance; WarmySender rests for 24 hours', true
),
(
    'site_limits_rates', 'site', '{"reasons": ["ratelimited", "speeding", "toomanyconn"]}', 10, 20, 3600, 3, 'slow_down', 0.5,
    3600, 'our own: half of twenty from three mailboxes; each site tells its limits by refusing', true
),
(
    'site_fails', 'site', '{"reasons": ["networkerror", "systemerror", "systemfull"]}', 15, 20, 1800, 3, 'suspend', null, 900,
    'our own: a server that fails three in four is left alone for a quarter of an hour', true
);
