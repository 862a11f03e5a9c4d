-- When the next message of these mailboxes is due; NULL: none today. Those that have one claimed or in flight are left
-- out: their worker looks again when it is done.
select min(n.due_at)
from outreach.mailboxes as b
inner join outreach.tenants as t on b.tenant_id = t.id and t.state = 'active'
inner join outreach.sending_domains as g
    on b.tenant_id = g.tenant_id and b.sending_domain_id = g.id and g.unauthenticated is null
cross join lateral (
    select m.due_at
    from outreach.messages as m
    left join outreach.campaigns as c on m.tenant_id = c.tenant_id and m.campaign_id = c.id
    left join outreach.plans as p on m.tenant_id = p.tenant_id and m.plan_date = p.plan_date
    where
        m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state in ('planned', 'deferred')
        and m.window_ends_at > %(now)s
        and (m.plan_date is null or p.state = 'ready')
        and (m.campaign_id is null or c.state = 'active') and (%(kind)s::text is null or m.kind = %(kind)s)
        and not exists (
            select from outreach.paused_sites as h
            where h.site = m.recipient_site and (h.ends_at is null or h.ends_at > %(now)s)
        )
        and not exists (
            select from outreach.shaping_firings as f
            where
                f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null and f.until > %(now)s
                and (
                    (f.scope = 'mailbox_at_site' and f.key = b.id::text)
                    or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)
                )
        )
    order by m.due_at
    limit 1
) as n
where
    b.tenant_id = %(tenant_id)s
    and (%(lane)s::integer is null or b.lane = %(lane)s)
    and (%(mailbox_ids)s::bigint [] is null or b.id = any(%(mailbox_ids)s))
    and (b.paused_until is null or b.paused_until <= %(now)s)
    and b.lifecycle not in ('resting', 'quarantined', 'retired')
    and b.id not in (
        select w.mailbox_id from outreach.revoked_grants as w
        where w.tenant_id = %(tenant_id)s and w.ends_at > clock_timestamp()
    )
    and not exists (
        select from outreach.breakers as k
        where
            k.host = b.smtp_host || ':' || b.smtp_port and k.state <> 'closed' and k.retry_at > clock_timestamp()
    )
    and not exists (
        select from outreach.messages as f
        where f.tenant_id = b.tenant_id and f.mailbox_id = b.id and f.state in ('claimed', 'sending')
    )
