select
    c.id,
    c.slug,
    c.state,
    c.priority,
    c.share,
    c.policy_id,
    c.accepted_lawful_bases,
    c.accepted_jurisdictions,
    coalesce(
        (
            select array_agg(p.mailbox_id order by p.mailbox_id)
            from outreach.campaign_mailboxes as p
            where p.tenant_id = c.tenant_id and p.campaign_id = c.id
        ), '{}'
    ) as mailbox_ids,
    (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'step_number', s.step_number, 'wait_days', s.wait_days, 'variant', s.variant, 'share', s.share
                ) order by s.step_number, s.variant
            ), '[]'
        )
        from outreach.campaign_steps as s
        where s.tenant_id = c.tenant_id and s.campaign_id = c.id
    ) as steps,
    (
        select count(*) from outreach.enrollments as e
        where
            e.tenant_id = c.tenant_id and e.campaign_id = c.id
            and e.state = 'active' and e.next_step = 1 and e.due_on <= %(plan_date)s
    ) as new_due,
    (
        select count(*) from outreach.enrollments as e
        where
            e.tenant_id = c.tenant_id and e.campaign_id = c.id
            and e.state = 'active' and e.next_step > 1 and e.due_on <= %(plan_date)s
    ) as following_due,
    (
        select count(*) from outreach.enrollments as e
        where
            e.tenant_id = c.tenant_id and e.campaign_id = c.id and e.state = 'paused' and e.due_on <= %(plan_date)s
    ) as paused_due
from outreach.campaigns as c
where c.tenant_id = %(tenant_id)s and c.state <> 'finished'
order by c.id
