-- What the date held for a contact, whatever became of it: what was cancelled comes last, the latest first.
select
    m.enrollment_id,
    m.step_number,
    m.state,
    m.reason,
    m.reason_detail,
    m.is_random,
    m.scheduled_at,
    m.state = 'cancelled' and coalesce(m.reason, '') = 'replanned' as is_replanned,
    coalesce(m.sent_at, m.state_at) as state_at,
    case when m.state in ('planned', 'deferred') then outreach.waits_for(m.tenant_id, m.id, %(now)s) end as waits_for,
    b.address as mailbox
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.kind = 'campaign'
    and m.enrollment_id in (
        select e.id
        from outreach.enrollments as e
        inner join outreach.contacts as c on e.tenant_id = c.tenant_id and e.contact_id = c.id
        where e.tenant_id = %(tenant_id)s and c.address = %(address)s
    )
order by m.state = 'cancelled', m.id desc
