-- What became of messages that were claimed or begun. The token fences off a worker that was stopped past its lease.
with results as (
    select r.*
    from jsonb_to_recordset(%(results)s::jsonb) as r (
        id bigint, token bigint, state text, reason text, reason_detail text, retry_at timestamptz,
        unknown_until timestamptz, finished_at timestamptz, stage text, outcome text, smtp_code integer,
        enhanced_code text, reply text, started_at timestamptz, duration_ms double precision, event_kind text,
        bounce_class text, event_reason text, is_sender_error boolean
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
        smtp_code = r.smtp_code,
        enhanced_code = r.enhanced_code,
        lease_token = null,
        lease_expires_at = null
    from results as r
    where
        m.tenant_id = %(tenant_id)s and m.id = r.id and m.lease_token = r.token and m.state in ('claimed', 'sending')
    returning
        r.token, m.tenant_id, m.id, m.mailbox_id, m.campaign_id, m.contact_id, m.contact_list_id, m.recipient_site,
        m.to_address, m.attempts, m.enrollment_id, m.kind
),

noted as (
    insert into outreach.send_attempts (
        tenant_id, message_id, attempt, started_at, duration_ms, stage, outcome, code, enhanced_code, text
    )
    select
        f.tenant_id, f.id, f.attempts, r.started_at, r.duration_ms, r.stage, r.outcome, r.smtp_code, r.enhanced_code,
        coalesce(r.reply, '')
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

counted as (
    update outreach.mailboxes as b
    set consecutive_errors = case when g.has_error then b.consecutive_errors + 1 else 0 end
    from (
        select f.mailbox_id, bool_and(r.is_sender_error) as has_error
        from finished as f
        inner join results as r on f.id = r.id and f.token = r.token
        group by f.mailbox_id
    ) as g
    where
        b.tenant_id = %(tenant_id)s and b.id = g.mailbox_id
        and (g.has_error or b.consecutive_errors > 0)
),

-- The gap between two messages of a mailbox runs from the end of the first, however long that took.
spaced as (
    update outreach.rate_limits as r
    set
        theoretical_arrival_at = greatest(
            r.theoretical_arrival_at, clock_timestamp() + make_interval(secs => r.per_seconds / r.message_count)
        )
    from finished as f
    where r.scope = 'mailbox' and r.key = f.mailbox_id::text
),

released as (
    delete from outreach.leases as l
    using finished as f
    where l.holder = f.tenant_id || '/' || f.id
)

select f.id, f.token from finished as f
