-- Sequences that are not over, and whether their contact may be written to at all as things stand, as the planner asks
-- it: for the forecast's queries.
create temporary table forecast_rows on commit drop as
select
    e.id,
    e.campaign_id,
    e.contact_list_id,
    e.next_step,
    e.mailbox_id,
    e.due_on,
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
where e.tenant_id = %(tenant_id)s and e.state = 'active' and p.state <> 'finished'
