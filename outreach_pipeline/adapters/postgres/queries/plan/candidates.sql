-- Due enrollments in columns: every follow-up of the given campaigns, and of their new contacts the first in line.
-- One row of arrays of equal length: a hundred thousand rows cost little to read so.
with first_in_line as (
    select e.*
    from unnest(%(campaign_ids)s::bigint [], %(limits)s::bigint []) as w (campaign_id, most)
    cross join lateral ( -- noqa: ST05
        select n.*
        from outreach.enrollments as n
        where
            n.tenant_id = %(tenant_id)s and n.campaign_id = w.campaign_id
            and n.state = 'active' and n.next_step = 1 and n.due_on <= %(plan_date)s
        order by n.due_on, n.id
        limit w.most
    ) as e
),

due as (
    select e.*
    from outreach.enrollments as e
    where
        e.tenant_id = %(tenant_id)s and e.campaign_id = any(%(campaign_ids)s::bigint [])
        and e.state = 'active' and e.next_step > 1 and e.due_on <= %(plan_date)s
    union all
    select f.* from first_in_line as f
),

busy as materialized (
    select distinct m.contact_id
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.contact_id is not null
        and (
            (m.state = 'planned' and (m.kind <> 'campaign' or m.plan_date <> %(plan_date)s))
            or m.state in ('deferred', 'claimed', 'sending', 'outcome_unknown')
        )
    union
    select m.contact_id
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.contact_id is not null
        and m.state in ('sent', 'failed', 'presumed_sent')
),

companies as materialized (
    select
        m.company_domain,
        count(*) as messages
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s
        and m.state not in ('cancelled', 'planned', 'failed')
    group by m.company_domain
),

-- Of a list on hold only the canary, its first enrollments, may be written to.
held as materialized (
    select
        l.id,
        coalesce(
            (
                select e.id from outreach.enrollments as e
                where e.tenant_id = l.tenant_id and e.contact_list_id = l.id
                order by e.id
                limit 1 offset greatest(l.canary_contacts, 1) - 1
            ), 9223372036854775807
        ) as last_canary,
        l.canary_contacts
    from outreach.contact_lists as l
    where l.tenant_id = %(tenant_id)s and l.hold_until > %(hold_at)s
),

found as (
    select
        d.id as enrollment_id,
        d.contact_id,
        d.campaign_id,
        d.contact_list_id,
        d.next_step as step_number,
        d.due_on - date '1970-01-01' as due_on,
        coalesce(d.mailbox_id, 0) as thread_mailbox_id,
        case when c.is_free_mail then '' else c.company_domain end as company,
        coalesce(k.messages, 0) as company_taken,
        case when r.state = 'resolved' then r.site else c.company_domain end as site,
        coalesce(c.time_zone, '') as zone,
        coalesce(c.country, '') as country,
        coalesce(c.jurisdiction, '') as jurisdiction,
        coalesce(c.lawful_basis, '') as lawful_basis,
        c.verification,
        coalesce(c.out_until - date '1970-01-01', 0) as out_until,
        coalesce(sa.id, sd.id, sc.id) is not null
        or coalesce(oa.value, od.value, oc.value) is not null as is_suppressed,
        c.left_company_at is not null as has_left,
        b.contact_id is not null as is_busy,
        exists (
            select from outreach.messages as m
            where
                m.tenant_id = d.tenant_id and m.enrollment_id = d.id and m.step_number = d.next_step
                and m.kind = 'campaign' and m.state <> 'cancelled'
                and (m.state <> 'planned' or m.plan_date <> %(plan_date)s)
        ) as has_message,
        l.state = 'paused' as is_list_paused,
        h.id is not null and (h.canary_contacts = 0 or d.id > h.last_canary) as is_list_held,
        r.state = 'no_mail' as takes_no_mail,
        r.state = 'failed' as is_unresolved
    from due as d
    inner join outreach.contacts as c on d.tenant_id = c.tenant_id and d.contact_id = c.id
    inner join outreach.contact_lists as l on d.tenant_id = l.tenant_id and d.contact_list_id = l.id
    left join outreach.recipient_sites as r on c.mail_domain = r.domain
    left join held as h on d.contact_list_id = h.id
    left join busy as b on d.contact_id = b.contact_id
    left join companies as k on not c.is_free_mail and c.company_domain = k.company_domain
    left join outreach.suppressions as sa
        on d.tenant_id = sa.tenant_id and sa.scope = 'address' and c.address = sa.value
    left join outreach.suppressions as sd
        on d.tenant_id = sd.tenant_id and sd.scope = 'domain' and c.mail_domain = sd.value
    left join outreach.suppressions as sc
        on d.tenant_id = sc.tenant_id and sc.scope = 'domain' and c.company_domain = sc.value
    left join outreach.operator_suppressions as oa on oa.scope = 'address' and c.address = oa.value
    left join outreach.operator_suppressions as od on od.scope = 'domain' and c.mail_domain = od.value
    left join outreach.operator_suppressions as oc on oc.scope = 'domain' and c.company_domain = oc.value
)

select
    coalesce(array_agg(f.enrollment_id), '{}') as enrollment_id,
    coalesce(array_agg(f.contact_id), '{}') as contact_id,
    coalesce(array_agg(f.campaign_id), '{}') as campaign_id,
    coalesce(array_agg(f.contact_list_id), '{}') as contact_list_id,
    coalesce(array_agg(f.step_number), '{}') as step_number,
    coalesce(array_agg(f.due_on), '{}') as due_on,
    coalesce(array_agg(f.thread_mailbox_id), '{}') as thread_mailbox_id,
    coalesce(array_agg(f.company), '{}') as company,
    coalesce(array_agg(f.company_taken), '{}') as company_taken,
    coalesce(array_agg(f.site), '{}') as site,
    coalesce(array_agg(f.zone), '{}') as zone,
    coalesce(array_agg(f.country), '{}') as country,
    coalesce(array_agg(f.jurisdiction), '{}') as jurisdiction,
    coalesce(array_agg(f.lawful_basis), '{}') as lawful_basis,
    coalesce(array_agg(f.verification), '{}') as verification,
    coalesce(array_agg(f.out_until), '{}') as out_until,
    coalesce(array_agg(f.is_suppressed), '{}') as is_suppressed,
    coalesce(array_agg(f.has_left), '{}') as has_left,
    coalesce(array_agg(f.is_busy), '{}') as is_busy,
    coalesce(array_agg(f.has_message), '{}') as has_message,
    coalesce(array_agg(f.is_list_paused), '{}') as is_list_paused,
    coalesce(array_agg(f.is_list_held), '{}') as is_list_held,
    coalesce(array_agg(coalesce(f.takes_no_mail, false)), '{}') as takes_no_mail,
    count(distinct f.site) filter (where f.is_unresolved) as unresolved_domains
from found as f
