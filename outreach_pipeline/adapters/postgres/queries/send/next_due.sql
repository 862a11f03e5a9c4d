-- When the next message of these tenants' mailboxes in the lane is due; NULL: none today.
select min(m.due_at)
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
inner join outreach.tenants as t on m.tenant_id = t.id and t.state = 'active'
left join outreach.campaigns as c on m.tenant_id = c.tenant_id and m.campaign_id = c.id
left join outreach.plans as p on m.tenant_id = p.tenant_id and m.plan_date = p.plan_date
where
    m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred') and m.window_ends_at > %(now)s
    and (%(lane)s::integer is null or b.lane = %(lane)s)
    and (%(mailbox_ids)s::bigint [] is null or b.id = any(%(mailbox_ids)s))
    and (b.paused_until is null or b.paused_until <= %(now)s)
    and b.lifecycle not in ('resting', 'quarantined', 'retired')
    and (m.plan_date is null or p.state = 'ready')
    and (m.campaign_id is null or c.state = 'active')
    and not exists (select from outreach.paused_sites as h where h.site = m.recipient_site)
