-- Recipient domains of due enrollments whose MX site is not known or known for too long.
select distinct c.mail_domain
from (
    select e.contact_id
    from outreach.enrollments as e
    where
        e.tenant_id = %(tenant_id)s and e.campaign_id = any(%(campaign_ids)s::bigint [])
        and e.state = 'active' and e.next_step > 1 and e.due_on <= %(plan_date)s
    union all
    select n.contact_id
    from unnest(%(campaign_ids)s::bigint [], %(limits)s::bigint []) as w (campaign_id, most)
    cross join lateral (
        select e.contact_id
        from outreach.enrollments as e
        where
            e.tenant_id = %(tenant_id)s and e.campaign_id = w.campaign_id
            and e.state = 'active' and e.next_step = 1 and e.due_on <= %(plan_date)s
        order by e.due_on, e.id
        limit w.most
    ) as n
) as d
inner join outreach.contacts as c on c.tenant_id = %(tenant_id)s and d.contact_id = c.id
left join outreach.recipient_sites as r on c.mail_domain = r.domain and r.expires_at > %(now)s
where r.domain is null
order by c.mail_domain
