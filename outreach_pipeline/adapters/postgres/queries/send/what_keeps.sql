-- What keeps a message from being claimed, as outreach.waits_for names it; whether its mailbox has another one on the
-- way; the keys of the limits that it counts in; how its last attempt ended; what suppresses its recipient; and how its
-- mailbox is.
select
    outreach.waits_for(m.tenant_id, m.id, %(now)s) as waits_for,
    exists (
        select from outreach.messages as f
        where
            f.tenant_id = m.tenant_id and f.mailbox_id = m.mailbox_id and f.id <> m.id
            and f.state in ('claimed', 'sending')
    ) as is_busy,
    m.company_domain as recipient_domain,
    m.recipient_site,
    b.smtp_host || ':' || b.smtp_port as provider_host,
    m.to_address,
    m.unknown_until,
    a.stage,
    a.code,
    a.text,
    concat_ws(', ', s.suppressed_by, o.suppressed_by) as suppressed_by,
    b.address,
    b.lifecycle,
    -- A pause without an end may be stored as infinity, which no calendar outside Postgres reaches.
    case when b.paused_until > '9999-01-01' then '9999-01-01' else b.paused_until end as paused_until,
    b.paused_reason,
    b.send_failure,
    b.send_failed_at,
    g.cause as grant_refusal
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
left join lateral (
    select
        t.stage,
        t.code,
        t.text
    from outreach.send_attempts as t
    where t.tenant_id = m.tenant_id and t.message_id = m.id
    order by t.id desc
    limit 1
) as a on true
cross join lateral (
    select
        string_agg(
            w.scope || ' ' || w.value || ' (' || w.reason
            || case when w.reason = 'unclear_stop' then ' of ' || w.origin else '' end
            || ', ' || w.created_at::date || ')', ', ' order by w.id
        ) as suppressed_by
    from outreach.suppressions as w
    where
        w.tenant_id = m.tenant_id
        and (
            (w.scope = 'address' and w.value = m.to_address)
            or (w.scope = 'address' and w.folded = outreach.folded(m.to_address) and w.reason <> 'bounce')
            or (w.scope = 'domain' and w.value in (split_part(m.to_address, '@', 2), m.company_domain))
        )
) as s
cross join lateral (
    select
        string_agg(w.scope || ' ' || w.value || ' (' || w.reason || ')', ', ' order by w.scope, w.value)
            as suppressed_by
    from outreach.operator_suppressions as w
    where
        (w.scope = 'address' and w.folded = outreach.folded(m.to_address))
        or (w.scope = 'domain' and w.value in (split_part(m.to_address, '@', 2), m.company_domain))
) as o
left join lateral (
    select w.cause
    from outreach.revoked_grants as w
    where w.tenant_id = b.tenant_id and w.mailbox_id = b.id and w.ends_at > clock_timestamp()
    order by w.ends_at desc
    limit 1
) as g on true
where m.tenant_id = %(tenant_id)s and m.id = %(id)s
