-- One mail that came in, with what it is tied to.
select
    i.id,
    i.mailbox_id,
    i.sha256,
    i.received_at,
    i.rfc822_message_id,
    i.from_address,
    i.subject,
    i.state,
    i.kind,
    i.intent,
    i.intent_is_sure,
    i.bounce_class,
    i.status,
    i.reason,
    i.return_date,
    i.message_id,
    i.tied_by,
    i.assignee,
    i.snoozed_until,
    i.done_at,
    i.correction_count,
    i.processed_at,
    coalesce(i.classified, '{}') as classified,
    b.address as mailbox_address,
    m.contact_id,
    m.mailbox_id as thread_mailbox_id,
    coalesce(m.wire_message_id, m.message_id) as answered_id,
    coalesce(c.address, '') as contact_address,
    coalesce(trim(coalesce(c.first_name, '') || ' ' || coalesce(c.last_name, '')), '') as contact_name
from outreach.inbound_messages as i
inner join outreach.mailboxes as b on i.tenant_id = b.tenant_id and i.mailbox_id = b.id
left join outreach.messages as m on i.tenant_id = m.tenant_id and i.message_id = m.id
left join outreach.contacts as c on m.tenant_id = c.tenant_id and m.contact_id = c.id
where i.tenant_id = %(tenant_id)s and i.id = %(id)s and i.direction = 'in'
