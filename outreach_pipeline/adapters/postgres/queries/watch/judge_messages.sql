-- An attempt is counted when a message is claimed and written down when it ends: the difference died with its worker.
with written as (
    select
        s.message_id,
        count(*)::integer as recorded
    from outreach.send_attempts as s
    where s.tenant_id = %(tenant_id)s
    group by s.message_id
)

select
    m.id,
    %(tenant_slug)s as tenant,
    b.address as mailbox,
    m.to_address,
    m.message_id,
    m.wire_message_id,
    m.kind,
    m.state,
    m.reason,
    m.plan_date,
    m.window_ends_at,
    m.unknown_until,
    m.recipient_site,
    greatest(m.attempts - coalesce(a.recorded, 0), 0) as unrecorded_attempts
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
left join written as a on m.id = a.message_id
where m.tenant_id = %(tenant_id)s
order by m.id
