-- Two senders never wait for each other's rows: claims and what puts claims back take rates in one order, and what finishes a
-- message touches none that a claim of the same worker may hold.

-- As before, with fewer statements, and without a look at the gap of a mailbox that may send more than a hundred messages a
-- second: the way to its server takes longer, and its worker claims ahead, which holds the same row.
create or replace function outreach.finish_messages(p_results jsonb)
returns table (done_id bigint, done_token bigint)
language plpgsql
as $$
declare
    tenant constant uuid := outreach.current_tenant();
    done_ids bigint [];
    done_tokens bigint [];
    done_mailbox_ids bigint [];
    sent_ids bigint [];
    failed_ids bigint [];
    has_errors boolean;
    has_breakers boolean;
begin
    with results as (
        select r.*
        from jsonb_to_recordset(p_results) as r (
            id bigint, token bigint, state text, reason text, reason_detail text, retry_at timestamptz,
            unknown_until timestamptz, finished_at timestamptz, stage text, outcome text, smtp_code integer,
            enhanced_code text, reply text, started_at timestamptz, duration_ms double precision, event_kind text,
            bounce_class text, event_reason text, is_sender_error boolean, wire_message_id text,
            refuses_password boolean, lacks_grant boolean
        )
    ),
    finished as (
        update outreach.messages as m
        set
            state = r.state,
            state_at = clock_timestamp(),
            reason = r.reason,
            reason_detail = r.reason_detail,
            retry_at = r.retry_at,
            unknown_until = r.unknown_until,
            sent_at = case when r.state = 'sent' then r.finished_at end,
            sending_at = case when r.state in ('sent', 'outcome_unknown') then m.sending_at end,
            wire_message_id = coalesce(r.wire_message_id, m.wire_message_id),
            smtp_code = r.smtp_code,
            enhanced_code = r.enhanced_code,
            -- Of a refused password or a revoked grant the message knows nothing, and loses no attempt by it.
            attempts = m.attempts - (r.refuses_password or r.lacks_grant)::integer,
            lease_token = null,
            lease_expires_at = null
        from results as r
        where
            m.tenant_id = tenant and m.id = any(array(select w.id from results as w)) and m.id = r.id
            and m.lease_token = r.token
            -- As an expression: by the index of states all that is unfinished would be read for these few.
            and m.state || '' in ('claimed', 'sending')
        returning
            r.*, m.tenant_id, m.mailbox_id, m.campaign_id, m.contact_id, m.contact_list_id, m.recipient_site,
            m.to_address, m.attempts + (r.refuses_password or r.lacks_grant)::integer as attempts, m.kind
    ),
    noted as (
        insert into outreach.send_attempts (
            tenant_id, message_id, attempt, started_at, duration_ms, stage, outcome, code, enhanced_code, reason, text
        )
        select
            f.tenant_id, f.id, f.attempts, f.started_at, f.duration_ms, f.stage, f.outcome, f.smtp_code,
            f.enhanced_code, case when f.outcome <> 'sent' then f.reason end, coalesce(f.reply, '')
        from finished as f
    ),
    happened as (
        insert into outreach.events (
            tenant_id, kind, origin, origin_id, recipient, occurred_at, message_id, mailbox_id, campaign_id, contact_id,
            contact_list_id, recipient_site, bounce_class, reason, status, detail
        )
        select
            f.tenant_id, f.event_kind, 'smtp', f.id || '/' || f.attempts, f.to_address, f.finished_at, f.id,
            f.mailbox_id, f.campaign_id, f.contact_id, f.contact_list_id, f.recipient_site, f.bounce_class,
            f.event_reason, f.enhanced_code,
            jsonb_build_object('stage', f.stage, 'code', f.smtp_code, 'reply', left(coalesce(f.reply, ''), 500))
        from finished as f
        where f.event_kind is not null and f.kind in ('campaign', 'reply')
        on conflict (tenant_id, origin, origin_id, kind, recipient) do nothing
    ),
    -- The gap between two messages of a mailbox runs from the end of the first, however long that took.
    spaced as (
        update outreach.rate_limits as r
        set
            theoretical_arrival_at = greatest(
                r.theoretical_arrival_at,
                clock_timestamp() + make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio)
            )
        from finished as f
        where
            r.scope = 'mailbox' and r.key = f.mailbox_id::text
            and r.per_seconds / r.message_count / r.slow_ratio > 0.01
    ),
    released as (
        delete from outreach.leases as l
        using finished as f
        where l.holder = f.tenant_id || '/' || f.id
    )
    select
        array_agg(f.id), array_agg(f.token), array_agg(f.mailbox_id), array_agg(f.id) filter (where f.state = 'sent'),
        array_agg(f.id) filter (where f.state = 'failed'),
        bool_or(
            f.is_sender_error or exists (
                select from outreach.mailboxes as b
                where
                    b.tenant_id = tenant and b.id = f.mailbox_id
                    and (b.consecutive_errors > 0 or b.send_failure is not null)
            )
        ),
        exists (select from outreach.breakers)
    into done_ids, done_tokens, done_mailbox_ids, sent_ids, failed_ids, has_errors, has_breakers
    from finished as f;
    if done_ids is null then
        return;
    end if;
    if has_errors then
        perform outreach.count_errors(p_results, done_ids, done_tokens, done_mailbox_ids);
    end if;
    -- A host that has answered fails no more. Nearly always there is no breaker at all.
    if has_breakers then
        delete from outreach.breakers as k
        using
            jsonb_to_recordset(p_results) as r (id bigint, token bigint, host text, proves_host boolean),
            unnest(done_ids, done_tokens) as d (id, token)
        where d.id = r.id and d.token = r.token and r.proves_host and k.host = r.host;
    end if;
    if sent_ids is not null then
        perform outreach.advance_enrollments(sent_ids);
    end if;
    if failed_ids is not null then
        perform outreach.stop_enrollments(
            failed_ids, 'delivery_failed',
            (select max((r ->> 'finished_at')::timestamptz) from jsonb_array_elements(p_results) as r)
        );
    end if;
    return query select d.id, d.token from unnest(done_ids, done_tokens) as d (id, token);
end
$$;

-- As before, and takes the rates in the order in which those who begin do.
create or replace function outreach.put_back(p_ids bigint [], p_tokens bigint [], p_retry_at timestamptz)
returns bigint
language plpgsql
set search_path = outreach, pg_temp
-- A session keeps the plans from the first call, when the tables may have been small enough to be read whole.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
declare
    put_back_ids bigint [];
    scopes text [];
    keys text [];
    counts bigint [];
begin
    -- With the claims: both touch the same rates.
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    with back as (
        update messages as m
        set state = 'planned', state_at = clock_timestamp(), retry_at = greatest(m.retry_at, p_retry_at), lease_token = null,
            lease_expires_at = null, attempts = m.attempts - 1
        from unnest(p_ids, p_tokens) as w (id, token)
        where m.tenant_id = (select outreach.current_tenant()) and m.id = w.id and m.lease_token = w.token
            and m.state = 'claimed'
        returning m.id
    )
    select array_agg(b.id) into put_back_ids from back as b;
    select array_agg(t.scope), array_agg(t.key), array_agg(t.messages) into scopes, keys, counts
    from (
        select k.scope, k.key, count(*) as messages
        from messages as m
        join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
        cross join lateral unnest(
            array['mailbox', 'tenant', 'recipient_domain', 'recipient_site', 'provider_host'],
            array[b.id::text, m.tenant_id::text, m.company_domain, m.recipient_site, b.smtp_host || ':' || b.smtp_port]
        ) as k (scope, key)
        where m.tenant_id = (select outreach.current_tenant()) and m.id = any(put_back_ids)
        group by k.scope, k.key
    ) as t;
    perform from rate_limits as r
    where (r.scope, r.key) in (select u.scope, u.key from unnest(scopes, keys) as u (scope, key))
    order by r.scope collate "C", r.key collate "C"
    for no key update;
    update rate_limits as r
    set theoretical_arrival_at = r.theoretical_arrival_at
        - u.messages * make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio)
    from unnest(scopes, keys, counts) as u (scope, key, messages)
    where r.scope = u.scope and r.key = u.key;
    delete from leases as l
    where l.holder in (select (select outreach.current_tenant()) || '/' || p.id from unnest(put_back_ids) as p (id));
    return coalesce(cardinality(put_back_ids), 0);
end
$$;
