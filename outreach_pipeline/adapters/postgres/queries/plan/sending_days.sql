-- On which dates mailboxes with a warm-up curve really sent, and to which sites, since a date.
select
    m.mailbox_id,
    m.recipient_site,
    m.plan_date as sent_on
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
where
    m.tenant_id = %(tenant_id)s and m.plan_date >= %(since)s and m.plan_date < %(plan_date)s
    and m.kind = 'campaign' and m.state in ('sent', 'presumed_sent')
    and b.warmup_curve_id is not null
group by m.mailbox_id, m.recipient_site, m.plan_date
order by m.plan_date, m.mailbox_id, m.recipient_site
