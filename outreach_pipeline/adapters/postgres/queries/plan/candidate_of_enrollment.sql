-- One enrollment as a candidate, with what plan/gather_candidates asks of each, as it was known at a time: what was
-- written, sent or suppressed after known_until counts for nothing. What has no time of its own is as it is now.
with written as (
    select
        m.kind,
        m.state,
        m.enrollment_id,
        m.campaign_id,
        m.step_number,
        m.plan_date,
        m.sending_at,
        m.mailbox_id,
        m.created_at
    from outreach.enrollments as e
    inner join outreach.contacts as c on e.tenant_id = c.tenant_id and e.contact_id = c.id
    -- By their two indexes: all the tenant's messages are too many to look through.
    cross join lateral (
        select o.*
        from outreach.enrollments as n
        inner join outreach.messages as o on n.tenant_id = o.tenant_id and n.id = o.enrollment_id
        where
            n.tenant_id = e.tenant_id and n.contact_id = e.contact_id and o.kind = 'campaign'
            and o.state <> 'cancelled'
        union all
        select o.*
        from outreach.messages as o
        where
            o.tenant_id = e.tenant_id and o.to_address = c.address and o.kind in ('probe', 'reply')
            and o.kind <> 'campaign' and o.state <> 'cancelled'
    ) as m
    where e.tenant_id = %(tenant_id)s and e.id = %(enrollment_id)s
),

-- Its step and state of then: what was sent since had not been, and what ended since had not ended.
enrollment_then as (
    select
        e.tenant_id,
        e.id,
        e.contact_id,
        e.campaign_id,
        e.contact_list_id,
        e.stop_reason,
        e.stopped_at,
        case
            when e.state = 'stopped' and e.stopped_at > %(known_until)s then 'active'
            when e.state = 'finished' and e.last_sent_at > %(known_until)s then 'active'
            else e.state
        end as state,
        coalesce(a.step_number, e.next_step) as next_step,
        case
            when a.step_number is null then e.due_on
            when b.plan_date is null then (e.enrolled_at at time zone t.time_zone)::date
            else b.plan_date + coalesce(
                (
                    select min(s.wait_days) from outreach.campaign_steps as s
                    where
                        s.tenant_id = e.tenant_id and s.campaign_id = e.campaign_id
                        and s.step_number = a.step_number
                ), 0
            )
        end as due_on,
        case when a.step_number is null then e.mailbox_id else b.mailbox_id end as mailbox_id
    from outreach.enrollments as e
    inner join outreach.tenants as t on e.tenant_id = t.id
    left join lateral (
        select m.step_number from written as m
        where m.enrollment_id = e.id and m.kind = 'campaign' and m.sending_at > %(known_until)s
        order by m.step_number
        limit 1
    ) as a on true
    left join lateral (
        select
            m.plan_date,
            m.mailbox_id
        from written as m
        where m.enrollment_id = e.id and m.kind = 'campaign' and m.sending_at <= %(known_until)s
        order by m.step_number desc
        limit 1
    ) as b on true
    where e.tenant_id = %(tenant_id)s and e.id = %(enrollment_id)s
)

select
    e.id as enrollment_id,
    e.contact_id,
    e.campaign_id,
    e.contact_list_id,
    e.next_step as step_number,
    e.due_on - date '1970-01-01' as due_on,
    (
        select min(s.wait_days) from outreach.campaign_steps as s
        where s.tenant_id = e.tenant_id and s.campaign_id = e.campaign_id and s.step_number = e.next_step
    ) as wait_days,
    coalesce(e.mailbox_id, 0) as thread_mailbox_id,
    e.state,
    e.stop_reason,
    e.stopped_at,
    case when c.is_free_mail then '' else c.company_domain end as company,
    case
        when not c.is_free_mail
            then (
                -- Whoever the plan writes to, and what had gone out or was about to.
                select count(*) from outreach.enrollments as n
                inner join outreach.contacts as k on n.tenant_id = k.tenant_id and n.contact_id = k.id
                where
                    n.tenant_id = e.tenant_id and n.id = any(%(planned)s::bigint [])
                    and k.company_domain = c.company_domain
            ) + (
                select count(*) from outreach.messages as m
                where
                    m.tenant_id = e.tenant_id and m.company_domain = c.company_domain and m.plan_date = %(plan_date)s
                    and m.created_at <= %(known_until)s and m.state not in ('cancelled', 'planned', 'failed')
                    and (m.sending_at is null or m.sending_at <= %(known_until)s)
                    and (m.enrollment_id is null or m.enrollment_id <> all(%(planned)s::bigint []))
            )
        else 0
    end as company_taken,
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
    coalesce(c.out_until - date '1970-01-01', 0) as out_until,
    exists (
        select from outreach.suppressions as s
        where
            s.tenant_id = e.tenant_id and s.created_at <= %(known_until)s
            and (
                (s.scope = 'address' and s.value = c.address)
                -- An opt-out means all tags of an address.
                or (s.scope = 'address' and s.folded = outreach.folded(c.address) and s.reason <> 'bounce')
                or (s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain))
            )
    ) or exists (
        select from outreach.operator_suppressions as s
        where
            s.created_at <= %(known_until)s
            and (
                (s.scope = 'address' and s.folded = outreach.folded(c.address))
                or (s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain))
            )
    ) as is_suppressed,
    coalesce(c.left_company_at <= %(known_until)s, false) as has_left,
    exists (
        select from written as m
        where
            m.created_at <= %(known_until)s
            and case
                when m.sending_at <= %(known_until)s
                    then m.plan_date = %(plan_date)s or m.state in ('sending', 'outcome_unknown')
                when m.state = 'failed' then m.plan_date = %(plan_date)s
                when m.state in ('deferred', 'claimed') then true
                else m.kind <> 'campaign' or m.plan_date <> %(plan_date)s
            end
    ) as is_busy,
    e.next_step = 1 and %(days_between_campaigns)s > 0 and (
        exists (
            select from outreach.enrollments as n
            where
                n.tenant_id = e.tenant_id and n.contact_id = e.contact_id and n.campaign_id <> e.campaign_id
                and coalesce(n.last_sent_at <= %(known_until)s, true)
                and (
                    n.last_sent_at > %(hold_at)s::timestamptz - make_interval(days => %(days_between_campaigns)s)
                    or (
                        (n.state = 'active' or (n.state = 'stopped' and n.stopped_at > %(known_until)s))
                        and n.next_step > 1
                        and n.due_on < %(plan_date)s::date + %(days_between_campaigns)s
                    )
                )
        )
        -- Of one that has gone on since, its messages tell.
        or exists (
            select from written as m
            where
                m.campaign_id <> e.campaign_id
                and m.sending_at > %(hold_at)s::timestamptz - make_interval(days => %(days_between_campaigns)s)
                and (
                    m.sending_at <= %(known_until)s
                    or (m.step_number > 1 and m.plan_date < %(plan_date)s::date + %(days_between_campaigns)s)
                )
        )
    ) as is_in_other_campaign,
    exists (
        select from written as m
        where
            m.enrollment_id = e.id and m.kind = 'campaign' and m.step_number = e.next_step
            and m.created_at <= %(known_until)s and (m.state <> 'planned' or m.plan_date <> %(plan_date)s)
    ) as has_message,
    l.state = 'paused' as is_list_paused,
    coalesce(r.state = 'no_mail', false) as takes_no_mail
from enrollment_then as e
inner join outreach.contacts as c on e.tenant_id = c.tenant_id and e.contact_id = c.id
inner join outreach.contact_lists as l on e.tenant_id = l.tenant_id and e.contact_list_id = l.id
left join outreach.recipient_sites as r on c.mail_domain = r.domain
left join unnest(%(consumer_domains)s::text [], %(consumer_sites)s::text []) as o (domain, site)
    on c.mail_domain = o.domain
