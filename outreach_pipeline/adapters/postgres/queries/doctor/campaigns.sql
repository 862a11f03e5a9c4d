select
    c.slug, c.state,
    (
        select count(*)
        from outreach.campaign_mailboxes as m
        inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
        where m.tenant_id = c.tenant_id and m.campaign_id = c.id and not b.is_receive_only
            and b.lifecycle in ('warming', 'active', 'observed')
    ) as sending_mailboxes
from outreach.campaigns as c
where c.tenant_id = %(tenant_id)s and c.state = 'active'
order by c.slug
