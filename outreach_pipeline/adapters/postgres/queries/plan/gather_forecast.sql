-- Sequences that are not over, and whether their contact may be written to at all as things stand, as the planner asks
-- it: for the forecast's queries. What is on its way stands for itself, and the step after it is to come; what is
-- planned for a later date is to go then.
create temporary table forecast_rows on commit drop as
with on_their_way as (
    select
        m.enrollment_id,
        m.step_number,
        m.mailbox_id,
        m.plan_date,
        m.state = 'planned' as is_planned
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.state in ('claimed', 'sending', 'outcome_unknown') and m.kind = 'campaign'
    union all
    select
        m.enrollment_id,
        m.step_number,
        m.mailbox_id,
        m.plan_date,
        m.state = 'planned' as is_planned
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred') and m.kind = 'campaign'
        and (m.state = 'deferred' or m.plan_date <> %(plan_date)s)
)

select
    e.id,
    e.campaign_id,
    e.contact_list_id,
    coalesce(m.is_planned, false) as is_planned,
    case when m.step_number is null or m.is_planned then e.next_step else m.step_number + 1 end as next_step,
    coalesce(m.mailbox_id, e.mailbox_id) as mailbox_id,
    case
        when m.step_number is null then e.due_on
        when m.is_planned then m.plan_date
        else m.plan_date + coalesce(
            (
                select min(s.wait_days) from outreach.campaign_steps as s
                where
                    s.tenant_id = e.tenant_id and s.campaign_id = e.campaign_id
                    and s.step_number = m.step_number + 1
            ), 0
        )
    end as due_on,
    c.verification,
    coalesce(c.verified_at, c.created_at) as verified_at,
    c.out_until,
    l.state <> 'paused' and c.verification <> 'invalid' and c.left_company_at is null
    and c.lawful_basis = any(p.accepted_lawful_bases) and c.jurisdiction = any(p.accepted_jurisdictions)
    and coalesce(r.state, '') <> 'no_mail'
    and not exists (
        select from outreach.suppressions as s
        where
            s.tenant_id = e.tenant_id and s.scope = 'address'
            -- An opt-out means all tags of an address.
            and (s.value = c.address or (s.reason <> 'bounce' and s.folded = outreach.folded(c.address)))
    )
    and not exists (
        select from outreach.suppressions as s
        where s.tenant_id = e.tenant_id and s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain)
    )
    and not exists (
        select from outreach.operator_suppressions as s
        where s.scope = 'address' and s.folded = outreach.folded(c.address)
    )
    and not exists (
        select from outreach.operator_suppressions as s
        where s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain)
    ) as may_be_written_to
from outreach.enrollments as e
inner join outreach.campaigns as p on e.tenant_id = p.tenant_id and e.campaign_id = p.id
inner join outreach.contacts as c on e.tenant_id = c.tenant_id and e.contact_id = c.id
inner join outreach.contact_lists as l on e.tenant_id = l.tenant_id and e.contact_list_id = l.id
left join outreach.recipient_sites as r on c.mail_domain = r.domain
left join on_their_way as m on e.id = m.enrollment_id and e.next_step = m.step_number
where e.tenant_id = %(tenant_id)s and e.state = 'active' and p.state <> 'finished'
