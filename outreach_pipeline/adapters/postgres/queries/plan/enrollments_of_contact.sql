select
    e.id,
    e.campaign_id,
    e.contact_list_id,
    p.slug as campaign,
    p.state as campaign_state,
    e.state,
    e.stop_reason,
    e.stopped_at,
    e.next_step,
    e.due_on,
    e.enrolled_at,
    e.last_sent_at,
    l.hold_until as list_hold_until,
    l.canary_contacts as list_canary_contacts,
    l.canary_hold_seconds as list_hold_seconds,
    l.paused_reason as list_paused_reason,
    e.mailbox_id,
    b.address as mailbox,
    b.lifecycle as mailbox_lifecycle,
    -- A pause without an end is stored as infinity, which no calendar outside Postgres reaches.
    case when b.paused_until > '9999-01-01' then '9999-01-01' else b.paused_until end as mailbox_paused_until,
    b.paused_reason as mailbox_paused_reason
from outreach.enrollments as e
inner join outreach.campaigns as p on e.tenant_id = p.tenant_id and e.campaign_id = p.id
inner join outreach.contact_lists as l on e.tenant_id = l.tenant_id and e.contact_list_id = l.id
left join outreach.mailboxes as b on e.tenant_id = b.tenant_id and e.mailbox_id = b.id
where e.tenant_id = %(tenant_id)s and e.contact_id = %(contact_id)s
order by p.priority desc, e.id asc
