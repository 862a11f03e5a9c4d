-- Mailboxes whose answers would go where nobody reads them.
select b.address || ': ' || b.reply_to
from outreach.mailboxes as b
where
    b.tenant_id = %(tenant_id)s and b.reply_to is not null
    and not exists (
        select from outreach.mailboxes as r
        where r.tenant_id = b.tenant_id and r.address = b.reply_to and r.lifecycle <> 'retired'
    )
order by b.address
