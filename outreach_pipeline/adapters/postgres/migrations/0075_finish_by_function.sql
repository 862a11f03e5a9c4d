-- What became of messages is written by one statement, with all that follows from it: each statement more cost the sender and
-- the server more than the rows that it touched. What only a failure needs, an error's mailbox or a host's breaker, is looked
-- at only where there is one.

-- The sequence of each message that counts as sent moves to its next step, on the same mailbox and thread.
create function outreach.advance_enrollments(p_ids bigint [])
returns void
language plpgsql
as $$
begin
    update outreach.enrollments as e
    set
        next_step = m.step_number + 1,
        mailbox_id = m.mailbox_id,
        thread_message_id = coalesce(e.thread_message_id, m.wire_message_id, m.message_id),
        thread_subject = coalesce(e.thread_subject, m.subject),
        last_sent_at = coalesce(m.sent_at, m.sending_at),
        due_on = m.plan_date + coalesce(n.wait_days, 0),
        state = case when n.wait_days is null and e.state = 'active' then 'finished' else e.state end,
        stop_reason = case when n.wait_days is null and e.state = 'active' then 'completed' else e.stop_reason end
    from outreach.messages as m
    left join lateral (
        select min(s.wait_days) as wait_days
        from outreach.campaign_steps as s
        where s.tenant_id = m.tenant_id and s.campaign_id = m.campaign_id and s.step_number = m.step_number + 1
    ) as n on true
    where
        m.tenant_id = (select outreach.current_tenant()) and m.id = any(p_ids) and m.kind = 'campaign'
        and m.state in ('sent', 'presumed_sent')
        and e.tenant_id = m.tenant_id and e.id = m.enrollment_id and e.next_step = m.step_number;
end
$$;

-- The sequence of each message that failed stops.
create function outreach.stop_enrollments(p_ids bigint [], p_reason text, p_now timestamptz)
returns void
language plpgsql
as $$
begin
    update outreach.enrollments as e
    set state = 'stopped', stop_reason = p_reason, stopped_at = p_now
    from outreach.messages as m
    where
        m.tenant_id = (select outreach.current_tenant()) and m.id = any(p_ids) and m.state = 'failed'
        and e.tenant_id = m.tenant_id and e.id = m.enrollment_id and e.state in ('active', 'paused');
end
$$;

-- Counts the errors of mailboxes in a row, takes those out of rotation whose password is refused or whose errors do not end,
-- and closes the alerts of those that send again.
create function outreach.count_errors(p_results jsonb, p_ids bigint [], p_tokens bigint [], p_mailbox_ids bigint [])
returns void
language plpgsql
as $$
declare
    tenant constant uuid := (select outreach.current_tenant());
    erring bigint [];
    ended_at timestamptz;
begin
    with results as (
        select r.*, d.mailbox_id
        from jsonb_to_recordset(p_results) as r (
            id bigint, token bigint, finished_at timestamptz, stage text, smtp_code integer, reply text,
            started_at timestamptz, is_sender_error boolean, refuses_password boolean, lacks_grant boolean
        )
        join unnest(p_ids, p_tokens, p_mailbox_ids) as d (id, token, mailbox_id) on d.id = r.id and d.token = r.token
        -- The gate asks no server, and tells nothing of a mailbox; nor does a revoked grant, whose state is kept where the
        -- tokens are.
        where r.stage <> 'gate' and not r.lacks_grant
    ),
    -- Errors in a row are those after the last attempt that was none.
    told as (
        select
            r.mailbox_id, r.is_sender_error, r.refuses_password, r.started_at, r.finished_at,
            left(concat_ws(' ', r.stage || ':', r.smtp_code, r.reply), 500) as failure,
            max(r.started_at) filter (where not r.is_sender_error) over (partition by r.mailbox_id) as last_well_at
        from results as r
    ),
    -- A refused password takes its mailbox out until somebody has done something about it: no other message shows it again.
    -- A pause that stands already is left as it is.
    counted as (
        update outreach.mailboxes as b
        set
            consecutive_errors = case
                when g.is_refused then 0 else g.errors + case when g.has_been_well then 0 else b.consecutive_errors end
            end,
            send_failure = case when g.errors > 0 then g.failures[1] when not g.has_been_well then b.send_failure end,
            send_failed_at = case when g.errors > 0 then g.last_at when not g.has_been_well then b.send_failed_at end,
            paused_until = case
                when g.is_refused and coalesce(b.paused_until <= g.last_at, true) then '9999-12-31 00:00+00'
                else b.paused_until
            end,
            paused_since = case
                when g.is_refused and coalesce(b.paused_until <= g.last_at, true) then g.last_at
                else b.paused_since
            end,
            paused_reason = case
                when g.is_refused and coalesce(b.paused_until <= g.last_at, true) then 'password_refused'
                else b.paused_reason
            end
        from (
            select
                t.mailbox_id,
                max(t.finished_at) as last_at,
                bool_or(not t.is_sender_error) as has_been_well,
                bool_or(t.refuses_password) as is_refused,
                array_agg(t.failure order by t.started_at desc) filter (where t.is_sender_error) as failures,
                count(*) filter (
                    where t.is_sender_error and (t.last_well_at is null or t.started_at > t.last_well_at)
                ) as errors
            from told as t
            group by t.mailbox_id
        ) as g
        where
            b.tenant_id = tenant and b.id = g.mailbox_id
            and (g.errors > 0 or b.consecutive_errors > 0 or b.send_failure is not null)
        returning b.id, b.address, g.last_at, g.errors > 0 as has_erred, g.has_been_well and g.errors = 0 as is_well
    ),
    told_over as (
        update outreach.alerts as a
        set resolved_at = c.last_at
        from counted as c
        where
            c.is_well and a.tenant_id = tenant and a.resolved_at is null
            and a.cause_key in (
                'mailbox/' || c.address || '/password_refused', 'mailbox/' || c.address || '/consecutive_errors'
            )
    )
    select array_agg(c.id) filter (where c.has_erred), max(c.last_at) into erring, ended_at from counted as c;
    if erring is not null then
        -- A mailbox whose own errors do not end is taken out of rotation for a while.
        update outreach.mailboxes as b
        set
            paused_until = ended_at + interval '1 hour', paused_since = ended_at,
            paused_reason = 'consecutive_errors', consecutive_errors = 0
        from (
            select m.id, coalesce((p.policy ->> 'max_consecutive_errors')::integer, 5) as most
            from outreach.mailboxes as m
            left join outreach.sending_policies as p
                on m.tenant_id = p.tenant_id and (p.id = m.policy_id or (m.policy_id is null and p.name = 'default'))
            where m.tenant_id = tenant and m.id = any(erring)
        ) as limits
        where b.tenant_id = tenant and b.id = limits.id and b.consecutive_errors >= limits.most;
    end if;
end
$$;

-- Writes what became of messages that were claimed or begun, with all that follows from it. The token fences off a worker that
-- was stopped past its lease. Returns those that were still the worker's.
create function outreach.finish_messages(p_results jsonb)
returns table (done_id bigint, done_token bigint)
language plpgsql
as $$
declare
    tenant constant uuid := (select outreach.current_tenant());
    ids constant bigint [] := array(select (r ->> 'id')::bigint from jsonb_array_elements(p_results) as r);
    done_ids bigint [];
    done_tokens bigint [];
    done_mailbox_ids bigint [];
    sent_ids bigint [];
    failed_ids bigint [];
    has_errors boolean;
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
            m.tenant_id = tenant and m.id = any(ids) and m.id = r.id and m.lease_token = r.token
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
        where r.scope = 'mailbox' and r.key = f.mailbox_id::text
    ),
    released as (
        delete from outreach.leases as l
        using finished as f
        where l.holder = f.tenant_id || '/' || f.id
    )
    select
        array_agg(f.id), array_agg(f.token), array_agg(f.mailbox_id), array_agg(f.id) filter (where f.state = 'sent'),
        array_agg(f.id) filter (where f.state = 'failed'), bool_or(f.is_sender_error)
    into done_ids, done_tokens, done_mailbox_ids, sent_ids, failed_ids, has_errors
    from finished as f;
    if done_ids is null then
        return;
    end if;
    if has_errors or exists (
        select from outreach.mailboxes as b
        where b.tenant_id = tenant and b.id = any(done_mailbox_ids)
            and (b.consecutive_errors > 0 or b.send_failure is not null)
    ) then
        perform outreach.count_errors(p_results, done_ids, done_tokens, done_mailbox_ids);
    end if;
    -- A host that has answered fails no more. Nearly always there is no breaker at all.
    if exists (select from outreach.breakers) then
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

do $rights$
declare
    function_name regprocedure;
begin
    foreach function_name in array array[
        'outreach.advance_enrollments(bigint[])',
        'outreach.stop_enrollments(bigint[], text, timestamptz)',
        'outreach.count_errors(jsonb, bigint[], bigint[], bigint[])',
        'outreach.finish_messages(jsonb)'
    ]::regprocedure[] loop
        execute format('revoke all on function %s from public', function_name);
        execute format('grant execute on function %s to outreach_app', function_name);
    end loop;
end
$rights$;
