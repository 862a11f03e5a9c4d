-- The last attempts of some mailboxes and sending domains, and of the whole tenant where that is asked for, the latest
-- first. Those of mailboxes are found by the dates of their messages, which are few.
with of_mailboxes as (
    select a.id
    from outreach.mailboxes as b
    inner join outreach.messages as m on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    inner join outreach.send_attempts as a on m.tenant_id = a.tenant_id and m.id = a.message_id
    where
        b.tenant_id = %(tenant_id)s
        and (b.id = any(%(mailbox_ids)s::bigint []) or b.sending_domain_id = any(%(sending_domain_ids)s::bigint []))
        and m.plan_date >= %(since)s::date - 1 and a.started_at >= %(since)s
    order by a.id desc
    limit 5000
),

of_tenant as (
    select a.id
    from outreach.send_attempts as a
    where a.tenant_id = %(tenant_id)s and %(of_tenant)s
    order by a.id desc
    limit %(most)s
)

select
    m.mailbox_id,
    b.sending_domain_id,
    m.recipient_site as site,
    a.stage,
    a.code,
    a.enhanced_code,
    a.reason,
    left(a.text, 500) as text,
    a.started_at as at
from outreach.send_attempts as a
inner join outreach.messages as m on a.tenant_id = m.tenant_id and a.message_id = m.id
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
where
    a.tenant_id = %(tenant_id)s and a.started_at >= %(since)s and a.stage <> 'gate'
    and (a.id in (select x.id from of_mailboxes as x) or a.id in (select y.id from of_tenant as y))
order by a.id desc
