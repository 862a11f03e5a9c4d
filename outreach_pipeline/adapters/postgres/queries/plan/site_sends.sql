-- What the date holds already of mailboxes with a warm-up curve, by site; what the plan may move is left out.
select
    m.mailbox_id,
    m.recipient_site,
    count(*)::integer as messages
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.kind = 'campaign'
    and m.state not in ('cancelled', 'planned', 'failed')
    and b.warmup_curve_id is not null
group by m.mailbox_id, m.recipient_site
order by m.mailbox_id, m.recipient_site
