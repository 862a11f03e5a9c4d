select
    b.id,
    b.lifecycle,
    b.paused_until,
    g.cause as grant_refusal,
    d.domain as sending_domain
from outreach.mailboxes as b
inner join outreach.sending_domains as d on b.tenant_id = d.tenant_id and b.sending_domain_id = d.id
left join lateral (
    select w.cause
    from outreach.revoked_grants as w
    where w.tenant_id = b.tenant_id and w.mailbox_id = b.id and w.ends_at > clock_timestamp()
    order by w.ends_at desc
    limit 1
) as g on true
where b.tenant_id = %(tenant_id)s and b.address = %(address)s
