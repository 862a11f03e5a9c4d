-- A mailbox's last probes up to a date, the latest first, and the folders of their targets in which they were found.
select
    m.plan_date,
    m.to_address,
    m.state,
    m.reason,
    array(
        select distinct l.folder
        from outreach.inbound_messages as i
        inner join outreach.inbound_locations as l on i.tenant_id = l.tenant_id and i.id = l.inbound_message_id
        where
            i.tenant_id = m.tenant_id and i.message_id = m.id and i.mailbox_id = m.to_mailbox_id and i.direction = 'in'
            and (i.classified ->> 'is_probe')::boolean
        order by l.folder
    ) as folders
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.mailbox_id = %(mailbox_id)s and m.kind = 'probe' and m.state <> 'cancelled'
    and m.plan_date <= %(plan_date)s
order by m.plan_date desc, m.id desc
limit %(most)s
