-- As before, and who is told to wait as it begins has lost no attempt: nothing was tried.
create or replace function outreach.begin_messages(p_begins jsonb, p_now timestamptz)
returns table (
    asked_id bigint, asked_token bigint, decided_state text, decided_reason text, turn_in_seconds double precision
)
language plpgsql
as $$
declare
    tenant constant uuid := outreach.current_tenant();
    ids bigint [];
    tokens bigint [];
    subjects text [];
    has_copies boolean;
    turn_ids bigint [];
    turn_seconds double precision [];
begin
    select array_agg(b.id), array_agg(b.token), array_agg(b.subject), bool_or(b.copy_sha256 is not null)
    into ids, tokens, subjects, has_copies
    from jsonb_to_recordset(p_begins) as b (id bigint, token bigint, subject text, copy_sha256 text);
    perform pg_advisory_xact_lock_shared(l.lock_key)
    from (
        select distinct outreach.suppression_lock(v.value) as lock_key
        from jsonb_to_recordset(p_begins) as b (to_address text, company_domain text)
        cross join lateral (
            values (b.to_address), (split_part(b.to_address, '@', 2)), (b.company_domain)
        ) as v (value)
        order by lock_key
    ) as l;
    -- A statement of its own: it sees what the suppressions that it has waited for have written.
    select array_agg(t.message_id), array_agg(t.wait_seconds) into turn_ids, turn_seconds
    from outreach.take_turns(ids, tokens) as t;
    return query
    with wanted as (
        select w.id, w.token, w.subject, t.seconds
        from unnest(ids, tokens, subjects) as w (id, token, subject)
        left join unnest(turn_ids, turn_seconds) as t (id, seconds) on w.id = t.id
    ),
    judged as (
        select
            m.id,
            w.token,
            w.subject,
            case
                when
                    exists (
                        select from outreach.suppressions as s
                        where
                            s.tenant_id = m.tenant_id
                            and (
                                (s.scope = 'address' and s.value = m.to_address)
                                -- An opt-out means all tags of an address; that one of them is dead says nothing of others.
                                or (
                                    s.scope = 'address' and s.folded = outreach.folded(m.to_address)
                                    and s.reason <> 'bounce'
                                )
                                or (
                                    s.scope = 'domain'
                                    and s.value in (split_part(m.to_address, '@', 2), m.company_domain)
                                )
                            )
                    )
                    or exists (
                        select from outreach.operator_suppressions as s
                        where
                            (s.scope = 'address' and s.folded = outreach.folded(m.to_address))
                            or (
                                s.scope = 'domain'
                                and s.value in (split_part(m.to_address, '@', 2), m.company_domain)
                            )
                    )
                    then 'suppressed'
                when m.window_ends_at <= p_now then 'day_over'
                when e.id is not null and e.state <> 'active' then 'enrollment_' || e.state
                when e.id is not null and e.next_step <> m.step_number then 'step_done'
                when l.state = 'paused' then 'list_paused'
                when m.kind = 'campaign' and k.out_until > m.plan_date then 'out_of_office'
            end as cancel_reason,
            case
                when t.state <> 'active' then 'tenant_paused'
                when c.id is not null and c.state <> 'active' then 'campaign_paused'
                when b.paused_until > p_now then 'mailbox_paused'
                when b.lifecycle in ('resting', 'quarantined', 'retired') then 'mailbox_' || b.lifecycle
                when p.state = 'held' then 'plan_held'
                when g.unauthenticated is not null then 'domain_unauthenticated'
                when
                    exists (
                        select from outreach.paused_sites as h
                        where h.site = m.recipient_site and (h.ends_at is null or h.ends_at > p_now)
                    )
                    then 'site_paused'
                when
                    exists (
                        select from outreach.shaping_firings as f
                        where
                            f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null
                            and f.until > p_now
                            and (f.scope, f.key) in (
                                ('mailbox_at_site', b.id::text), ('sending_domain_at_site', b.sending_domain_id::text)
                            )
                    )
                    then 'blocked_at_site'
                when w.seconds > 1 then 'rate_limited'
            end as wait_reason
        from outreach.messages as m
        inner join wanted as w on m.id = w.id and m.lease_token = w.token
        inner join outreach.tenants as t on m.tenant_id = t.id
        inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
        inner join outreach.sending_domains as g on b.tenant_id = g.tenant_id and b.sending_domain_id = g.id
        left join outreach.campaigns as c on m.tenant_id = c.tenant_id and m.campaign_id = c.id
        left join outreach.enrollments as e on m.tenant_id = e.tenant_id and m.enrollment_id = e.id
        left join outreach.contacts as k on m.tenant_id = k.tenant_id and m.contact_id = k.id
        left join outreach.plans as p on m.tenant_id = p.tenant_id and m.plan_date = p.plan_date
        left join outreach.contact_lists as l on m.tenant_id = l.tenant_id and m.contact_list_id = l.id
        where
            -- The state as an expression: by the index of states all that is claimed would be read for these few.
            m.tenant_id = tenant and m.id = any(ids)
            and m.state || '' = 'claimed' and m.lease_expires_at > clock_timestamp()
            and coalesce(w.seconds, 2) > 1
        for update of m
    ),
    told as (
        select *, coalesce(j.cancel_reason, j.wait_reason) as why
        from judged as j
    ),
    decided as (
        update outreach.messages as m
        set
            state = case
                when j.cancel_reason is not null then 'cancelled' when j.why is not null then 'deferred' else
                    'sending'
            end,
            state_at = clock_timestamp(),
            reason = j.why,
            -- What waits is claimed again as soon as nothing forbids it any more: a claim asks all of the above, too.
            retry_at = null,
            attempts = m.attempts - (j.cancel_reason is null and j.why is not null)::integer,
            sending_at = case when j.why is null then p_now end,
            lease_token = case when j.why is null then m.lease_token end,
            lease_expires_at = case when j.why is null then m.lease_expires_at end,
            subject = j.subject
        from told as j
        where m.tenant_id = tenant and m.id = j.id
        returning m.id, j.token, m.state, m.reason
    ),
    released as (
        delete from outreach.leases as l
        using decided as d
        where l.holder = tenant || '/' || d.id and d.state <> 'sending'
    )
    select w.id, w.token, coalesce(d.state, 'lease_lost'), d.reason, w.seconds
    from wanted as w
    left join decided as d on w.id = d.id and w.token = d.token;
    if has_copies then
        -- The copies that are to be filed of sends that have begun. One that was put off begins anew.
        insert into outreach.sent_copies as c (tenant_id, message_id, mailbox_id, sha256, state, cause)
        select
            m.tenant_id, m.id, m.mailbox_id, b.copy_sha256,
            case when b.copy_problem is null then 'waiting' else 'given_up' end, b.copy_problem
        from jsonb_to_recordset(p_begins) as b (id bigint, token bigint, copy_sha256 text, copy_problem text)
        inner join outreach.messages as m
            on m.tenant_id = tenant and b.id = m.id and b.token = m.lease_token and m.state = 'sending'
        where b.copy_sha256 is not null
        on conflict (tenant_id, message_id) do update
        set sha256 = excluded.sha256, state = excluded.state, cause = excluded.cause;
    end if;
end
$$;
