select
    s.mailbox_id,
    b.address,
    s.capacity,
    s.already_sent,
    s.planned,
    s.cap_terms,
    array(
        select c.slug
        from outreach.campaign_mailboxes as m
        inner join outreach.campaigns as c on m.tenant_id = c.tenant_id and m.campaign_id = c.id
        where m.tenant_id = s.tenant_id and m.mailbox_id = s.mailbox_id
        order by c.slug
    ) as campaigns
from outreach.send_batches as s
inner join outreach.mailboxes as b on s.tenant_id = b.tenant_id and s.mailbox_id = b.id
where s.tenant_id = %(tenant_id)s and s.plan_date = %(plan_date)s
order by s.mailbox_id
