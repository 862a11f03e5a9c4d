-- The last check of each mailbox and protocol; a mailbox that was never checked has one row without a protocol.
select b.address, b.is_receive_only, k.protocol, k.is_ok, k.stage, k.cause, k.checked_at
from outreach.mailboxes as b
left join lateral (
    select distinct on (c.protocol) c.protocol, c.is_ok, c.stage, c.cause, c.checked_at
    from outreach.mailbox_checks as c
    where c.tenant_id = b.tenant_id and c.mailbox_id = b.id
    order by c.protocol asc, c.checked_at desc
) as k on true
where b.tenant_id = %(tenant_id)s and b.lifecycle <> 'retired'
order by b.address, k.protocol
