-- A mailbox as plan/enrollments_of_contact tells of a thread's.
select
    b.id as mailbox_id,
    b.address as mailbox,
    b.lifecycle as mailbox_lifecycle,
    case when b.paused_until > '9999-01-01' then '9999-01-01' else b.paused_until end as mailbox_paused_until,
    b.paused_reason as mailbox_paused_reason
from outreach.mailboxes as b
where b.tenant_id = %(tenant_id)s and b.id = %(mailbox_id)s
