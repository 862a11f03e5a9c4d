-- How lists that are not paused have fared: messages that were taken or refused for good, those to dead addresses among
-- them, and what the policy of the campaign bears.
select
    l.id,
    l.name,
    c.slug as campaign,
    t.slug as tenant,
    n.sends,
    n.hard_bounces,
    coalesce((p.policy ->> 'list_hard_bounce_ratio')::double precision, %(limit_ratio)s) as limit_ratio,
    coalesce((p.policy ->> 'list_least_sends')::integer, %(least_sends)s) as least_sends
from outreach.contact_lists as l
inner join outreach.tenants as t on l.tenant_id = t.id
inner join outreach.campaigns as c on l.tenant_id = c.tenant_id and l.campaign_id = c.id
left join outreach.sending_policies as p
    on l.tenant_id = p.tenant_id and (p.id = c.policy_id or (c.policy_id is null and p.name = 'default'))
cross join lateral (
    select
        count(*) as sends,
        count(*) filter (
            where exists (
                select from outreach.events as v
                where
                    v.tenant_id = m.tenant_id and v.message_id = m.id and v.kind = 'bounced'
                    and v.bounce_class = 'hard'
                    and not exists (
                        select from outreach.event_retractions as r
                        where r.tenant_id = v.tenant_id and r.event_id = v.id
                    )
            )
        ) as hard_bounces
    from outreach.enrollments as e
    inner join outreach.messages as m on e.tenant_id = m.tenant_id and e.id = m.enrollment_id
    where
        e.tenant_id = l.tenant_id and e.contact_list_id = l.id and m.step_number = 1
        and m.state in ('sent', 'presumed_sent', 'failed')
        and (l.counts_from is null or m.created_at >= l.counts_from)
) as n
where l.tenant_id = %(tenant_id)s and l.id = any(%(list_ids)s::bigint []) and l.state = 'active'
