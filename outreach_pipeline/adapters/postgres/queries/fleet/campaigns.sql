select
    c.id, c.slug, c.name, c.state, c.paused_reason, c.priority, c.share, coalesce(p.name, 'default') as policy,
    (select count(*) from outreach.campaign_mailboxes as m where m.tenant_id = c.tenant_id and m.campaign_id = c.id)
        as mailboxes,
    (
        select count(distinct s.step_number)
        from outreach.campaign_steps as s
        where s.tenant_id = c.tenant_id and s.campaign_id = c.id
    ) as steps,
    (
        select count(*)
        from outreach.enrollments as e
        where e.tenant_id = c.tenant_id and e.campaign_id = c.id and e.state = 'active'
    ) as active_contacts
from outreach.campaigns as c
left join outreach.sending_policies as p on c.tenant_id = p.tenant_id and c.policy_id = p.id
where c.tenant_id = %(tenant_id)s
order by c.priority desc, c.slug asc
