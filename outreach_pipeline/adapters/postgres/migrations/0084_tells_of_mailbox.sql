-- Which attempts tell of a mailbox is the sender's to say, in one word. Else as before.
create or replace function outreach.count_errors(p_results jsonb, p_ids bigint [], p_tokens bigint [], p_mailbox_ids bigint [])
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
            started_at timestamptz, is_sender_error boolean, refuses_password boolean, tells_of_mailbox boolean
        )
        join unnest(p_ids, p_tokens, p_mailbox_ids) as d (id, token, mailbox_id) on d.id = r.id and d.token = r.token
        where r.tells_of_mailbox
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
