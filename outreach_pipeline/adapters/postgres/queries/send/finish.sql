-- What became of messages that were claimed or begun. The token fences off a worker that was stopped past its lease.
with results as (
    select r.*
    from jsonb_to_recordset(%(results)s::jsonb) as r (
        id bigint, token bigint, state text, reason text, reason_detail text, retry_at timestamptz,
        unknown_until timestamptz, finished_at timestamptz, stage text, outcome text, smtp_code integer,
        enhanced_code text, reply text, started_at timestamptz, duration_ms double precision, event_kind text,
        bounce_class text, event_reason text, is_sender_error boolean, host text, proves_host boolean,
        wire_message_id text, refuses_password boolean, lacks_grant boolean
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
        m.tenant_id = %(tenant_id)s and m.id = any(%(ids)s::bigint []) and m.id = r.id and m.lease_token = r.token
        -- As an expression: by the index of states all that is unfinished would be read for these few.
        and m.state || '' in ('claimed', 'sending')
    returning
        r.token, m.tenant_id, m.id, m.mailbox_id, m.campaign_id, m.contact_id, m.contact_list_id, m.recipient_site,
        m.to_address, m.attempts + (r.refuses_password or r.lacks_grant)::integer as attempts, m.enrollment_id, m.kind
),

noted as (
    insert into outreach.send_attempts (
        tenant_id, message_id, attempt, started_at, duration_ms, stage, outcome, code, enhanced_code, reason, text
    )
    select
        f.tenant_id, f.id, f.attempts, r.started_at, r.duration_ms, r.stage, r.outcome, r.smtp_code, r.enhanced_code,
        case when r.outcome <> 'sent' then r.reason end, coalesce(r.reply, '')
    from finished as f
    inner join results as r on f.id = r.id and f.token = r.token
),

happened as (
    insert into outreach.events (
        tenant_id, kind, origin, origin_id, recipient, occurred_at, message_id, mailbox_id, campaign_id, contact_id,
        contact_list_id, recipient_site, bounce_class, reason, status, detail
    )
    select
        f.tenant_id, r.event_kind, 'smtp', f.id || '/' || f.attempts, f.to_address, r.finished_at, f.id, f.mailbox_id,
        f.campaign_id,
        f.contact_id,
        f.contact_list_id,
        f.recipient_site,
        r.bounce_class,
        r.event_reason,
        r.enhanced_code,
        jsonb_build_object('stage', r.stage, 'code', r.smtp_code, 'reply', left(coalesce(r.reply, ''), 500))
    from finished as f
    inner join results as r on f.id = r.id and f.token = r.token
    where r.event_kind is not null and f.kind in ('campaign', 'reply')
    on conflict (tenant_id, origin, origin_id, kind, recipient) do nothing
),

-- Errors of a mailbox in a row: those after its last attempt that was none. The gate asks no server, and tells neither;
-- nor does a revoked grant, whose state is kept where the tokens are.
told as (
    select
        f.mailbox_id, r.is_sender_error, r.refuses_password, r.started_at, r.finished_at,
        left(concat_ws(' ', r.stage || ':', r.smtp_code, r.reply), 500) as failure,
        max(r.started_at) filter (where not r.is_sender_error) over (partition by f.mailbox_id) as last_well_at
    from finished as f
    inner join results as r on f.id = r.id and f.token = r.token
    where r.stage <> 'gate' and not r.lacks_grant
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
        b.tenant_id = %(tenant_id)s and b.id = g.mailbox_id
        and (g.errors > 0 or b.consecutive_errors > 0 or b.send_failure is not null)
    returning b.address, g.last_at, g.has_been_well and g.errors = 0 as is_well
),

-- It sends again.
told_over as (
    update outreach.alerts as a
    set resolved_at = c.last_at
    from counted as c
    where
        c.is_well and a.tenant_id = %(tenant_id)s and a.resolved_at is null
        and a.cause_key in (
            'mailbox/' || c.address || '/password_refused', 'mailbox/' || c.address || '/consecutive_errors'
        )
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

-- A host that has answered fails no more. Nearly always there is no breaker at all.
mended as (
    delete from outreach.breakers as k
    using results as r
    inner join finished as f on r.id = f.id
    where r.proves_host and k.host = r.host
),

released as (
    delete from outreach.leases as l
    using finished as f
    where l.holder = f.tenant_id || '/' || f.id
)

select f.id, f.token from finished as f
