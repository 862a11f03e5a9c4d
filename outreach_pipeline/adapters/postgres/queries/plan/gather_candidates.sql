-- Due enrollments: every follow-up of the given campaigns, and of their new contacts the first in line. They are kept
-- for the transaction: the plan is decided without the addresses, and written with them.
create temporary table candidate_rows on commit drop as
with first_in_line as (
    select e.*
    from unnest(%(campaign_ids)s::bigint [], %(limits)s::bigint []) as w (campaign_id, most)
    cross join lateral ( -- noqa: ST05
        select
            n.id,
            n.contact_id,
            n.campaign_id,
            n.contact_list_id,
            n.next_step,
            n.due_on,
            n.mailbox_id,
            n.thread_message_id
        from outreach.enrollments as n
        where
            n.tenant_id = %(tenant_id)s and n.campaign_id = w.campaign_id
            and n.state = 'active' and n.next_step = 1 and n.due_on <= %(plan_date)s
        order by n.due_on, n.id
        limit w.most
    ) as e
),

due as (
    select
        e.id,
        e.contact_id,
        e.campaign_id,
        e.contact_list_id,
        e.next_step,
        e.due_on,
        e.mailbox_id,
        e.thread_message_id
    from outreach.enrollments as e
    where
        e.tenant_id = %(tenant_id)s and e.campaign_id = any(%(campaign_ids)s::bigint [])
        and e.state = 'active' and e.next_step > 1 and e.due_on <= %(plan_date)s
    union all
    select f.* from first_in_line as f
),

-- An opt-out means all tags of an address.
opted_out as (
    select distinct s.folded
    from outreach.suppressions as s
    where s.tenant_id = %(tenant_id)s and s.scope = 'address' and s.reason <> 'bounce'
),

opted_out_of_all as (
    select distinct s.folded
    from outreach.operator_suppressions as s
    where s.scope = 'address'
)

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
    -- What DNS said, even if it does not answer now; else a consumers' domain that is known without it.
    coalesce(r.site, o.site, c.company_domain) as site,
    coalesce(c.time_zone, '') as zone,
    coalesce(c.country || coalesce('-' || c.region, ''), '') as country,
    coalesce(c.jurisdiction, '') as jurisdiction,
    coalesce(c.lawful_basis, '') as lawful_basis,
    case
        when c.verification in ('valid', 'catch_all') and coalesce(c.verified_at, c.created_at) < %(verified_since)s
            then 'unverified'
        else c.verification
    end as verification,
    c.address,
    c.company_domain,
    d.thread_message_id,
    coalesce(c.out_until - date '1970-01-01', 0) as out_until,
    coalesce(sa.id, sd.id, sc.id) is not null
    or coalesce(sf.folded, oa.folded, od.value, oc.value) is not null as is_suppressed,
    c.left_company_at is not null as has_left,
    b.contact_id is not null as is_busy,
    d.next_step = 1 and %(days_between_campaigns)s > 0 and exists (
        select from outreach.enrollments as o
        where
            o.tenant_id = %(tenant_id)s and o.contact_id = d.contact_id and o.campaign_id <> d.campaign_id
            and (
                o.last_sent_at > %(hold_at)s::timestamptz - make_interval(days => %(days_between_campaigns)s)
                or (
                    o.state = 'active' and o.next_step > 1
                    and o.due_on < %(plan_date)s::date + %(days_between_campaigns)s
                )
            )
    ) as is_in_other_campaign,
    exists (
        select from outreach.messages as m
        where
            m.tenant_id = %(tenant_id)s and m.enrollment_id = d.id and m.step_number = d.next_step
            and m.kind = 'campaign' and m.state <> 'cancelled'
            and (m.state <> 'planned' or m.plan_date <> %(plan_date)s)
    ) as has_message,
    l.state = 'paused' as is_list_paused,
    r.state = 'no_mail' as takes_no_mail,
    coalesce(r.state, 'failed') = 'failed' and o.site is null as is_unresolved
from due as d
-- One look into an index for each row: a join may choose to read all contacts of the tenant, due or not.
cross join lateral (
    select
        n.address,
        n.mail_domain,
        n.company_domain,
        n.is_free_mail,
        n.time_zone,
        n.country,
        n.region,
        n.jurisdiction,
        n.lawful_basis,
        n.verification,
        n.verified_at,
        n.created_at,
        n.out_until,
        n.left_company_at
    from outreach.contacts as n
    where n.tenant_id = %(tenant_id)s and n.id = d.contact_id
    order by n.id
    limit 1
) as c
-- Every enrollment has one; said as a left join, since of an inner one too few rows are expected here.
left join outreach.contact_lists as l on l.tenant_id = %(tenant_id)s and d.contact_list_id = l.id
left join outreach.recipient_sites as r on c.mail_domain = r.domain
left join unnest(%(consumer_domains)s::text [], %(consumer_sites)s::text []) as o (domain, site)
    on c.mail_domain = o.domain
left join busy_rows as b on d.contact_id = b.contact_id
left join company_rows as k on not c.is_free_mail and c.company_domain = k.company_domain
left join outreach.suppressions as sa
    on sa.tenant_id = %(tenant_id)s and sa.scope = 'address' and c.address = sa.value
left join opted_out as sf on outreach.folded(c.address) = sf.folded
left join outreach.suppressions as sd
    on sd.tenant_id = %(tenant_id)s and sd.scope = 'domain' and c.mail_domain = sd.value
left join outreach.suppressions as sc
    on sc.tenant_id = %(tenant_id)s and sc.scope = 'domain' and c.company_domain = sc.value
left join opted_out_of_all as oa on outreach.folded(c.address) = oa.folded
left join outreach.operator_suppressions as od on od.scope = 'domain' and c.mail_domain = od.value
left join outreach.operator_suppressions as oc on oc.scope = 'domain' and c.company_domain = oc.value
