-- Lists on hold, with what their canary has left: first messages that went out or are on their way count, those that a
-- plan of the date may move do not. One that failed counts if the refusal was final, not if no server could be asked.
-- gone_at is when the last of a whole canary went out or was refused, last_on the latest date whose plan has one of it.
select
    l.id as list_id,
    l.campaign_id,
    l.canary_hold_seconds as hold_seconds,
    l.hold_until,
    g.gone_at,
    g.last_on,
    t.plan_at,
    coalesce(p.policy, d.policy, '{}') as policy,
    case when l.hold_until is null then greatest(l.canary_contacts - g.messages, 0) else 0 end::integer as contacts_left
from outreach.contact_lists as l
inner join outreach.tenants as t on l.tenant_id = t.id
inner join outreach.campaigns as c on l.tenant_id = c.tenant_id and l.campaign_id = c.id
left join outreach.sending_policies as p on c.tenant_id = p.tenant_id and c.policy_id = p.id
left join outreach.sending_policies as d on c.tenant_id = d.tenant_id and d.name = 'default'
left join lateral (
    select
        count(*) as messages,
        case
            when l.canary_contacts = 0 then l.imported_at
            else (
                array_agg(coalesce(m.sending_at, r.refused_at) order by coalesce(m.sending_at, r.refused_at))
                filter (where coalesce(m.sending_at, r.refused_at) is not null)
            )[l.canary_contacts]
        end as gone_at,
        max(m.plan_date) as last_on
    from (
        select e.id from outreach.enrollments as e
        where
            e.tenant_id = l.tenant_id and e.contact_list_id = l.id and (e.next_step > 1 or e.state <> 'active')
        union
        select u.enrollment_id from outreach.messages as u
        where
            u.tenant_id = l.tenant_id and u.contact_list_id = l.id and u.step_number = 1
            and u.state in ('claimed', 'sending', 'outcome_unknown')
        union
        select w.enrollment_id from outreach.messages as w
        where
            w.tenant_id = l.tenant_id and w.contact_list_id = l.id and w.step_number = 1
            and w.state in ('planned', 'deferred')
    ) as e
    inner join outreach.messages as m
        on m.tenant_id = l.tenant_id and e.id = m.enrollment_id and m.step_number = 1
    left join lateral (
        select max(a.started_at) as refused_at
        from outreach.send_attempts as a
        where
            a.tenant_id = m.tenant_id and a.message_id = m.id and a.stage in ('rcpt', 'data', 'end-of-data')
            and a.code >= 500
    ) as r on m.state = 'failed'
    where
        m.kind = 'campaign' and m.state <> 'cancelled' and (m.state <> 'planned' or m.plan_date <> %(plan_date)s)
        and (m.state <> 'failed' or coalesce(m.sending_at, r.refused_at) is not null)
) as g on l.hold_until is null
where
    l.tenant_id = %(tenant_id)s and l.canary_hold_seconds > 0 and c.state <> 'finished'
    and (l.hold_until is null or l.hold_until > %(hold_at)s)
order by l.id
