-- What became, by mail or webhook, of the messages that some mailboxes and sending domains (or the whole tenant) have
-- sent; 'done' where nothing has been reported. In the order of sending, the latest first: by that of hearing, those
-- that bounced would always be the last.
select
    m.mailbox_id,
    b.sending_domain_id,
    m.recipient_site as site,
    case when e.id is null then 'done' else 'report' end as stage,
    null::integer as code,
    e.status as enhanced_code,
    e.reason,
    left(coalesce(e.detail ->> 'diagnostic', ''), 500) as text,
    m.sending_at as at
from outreach.mailboxes as b
inner join outreach.messages as m on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
left join lateral (
    select v.id, v.status, v.reason, v.detail
    from outreach.events as v
    where
        v.tenant_id = m.tenant_id and v.message_id = m.id and v.kind in ('bounced', 'deferred')
        and v.origin in ('imap', 'webhook')
        and not exists (
            select from outreach.event_retractions as r where r.tenant_id = v.tenant_id and r.event_id = v.id
        )
    order by v.id desc
    limit 1
) as e on true
where
    b.tenant_id = %(tenant_id)s
    and (
        %(of_tenant)s or b.id = any(%(mailbox_ids)s::bigint [])
        or b.sending_domain_id = any(%(sending_domain_ids)s::bigint [])
    )
    and m.sending_at >= %(since)s and m.state in ('sent', 'presumed_sent')
order by m.sending_at desc, m.id desc
limit 5000
