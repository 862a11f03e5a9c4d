-- Messages to a contact that went out, are on their way or are planned; the latest first. Tests count for nobody.
select
    m.enrollment_id,
    m.kind,
    p.slug as campaign,
    m.step_number,
    m.state,
    m.plan_date,
    coalesce(m.sent_at, m.sending_at, m.due_at) as at,
    b.address as mailbox,
    (
        select min(s.wait_days) from outreach.campaign_steps as s
        where s.tenant_id = m.tenant_id and s.campaign_id = m.campaign_id and s.step_number = m.step_number
    ) as wait_days
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
left join outreach.campaigns as p on m.tenant_id = p.tenant_id and m.campaign_id = p.id
where
    m.tenant_id = %(tenant_id)s and m.state <> 'cancelled' and m.kind <> 'test'
    and (m.to_address = %(address)s or (m.kind = 'campaign' and m.enrollment_id = any(%(enrollment_ids)s::bigint [])))
order by coalesce(m.sent_at, m.sending_at, m.due_at) desc, m.id desc
