-- Contacts that nobody has written to yet, by campaign, the first date they can be written to, and verification; those
-- that can never be written to as things stand have no date.
select
    e.campaign_id,
    case
        when
            l.state <> 'paused' and c.verification <> 'invalid' and c.left_company_at is null
            and c.lawful_basis = any(p.accepted_lawful_bases) and c.jurisdiction = any(p.accepted_jurisdictions)
            and coalesce(r.state, '') <> 'no_mail'
            and not exists (
                select from outreach.suppressions as s
                where s.tenant_id = e.tenant_id and s.scope = 'address' and s.value = c.address
            )
            -- An opt-out means all tags of an address.
            and not exists (
                select from outreach.suppressions as s
                where
                    s.tenant_id = e.tenant_id and s.scope = 'address' and s.reason <> 'bounce'
                    and s.folded = outreach.folded(c.address)
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
            )
            then greatest(
                e.due_on, %(plan_date)s, c.out_until, (l.hold_until at time zone %(time_zone)s)::date
            )
    end as due_on,
    c.verification,
    count(*)::integer as contacts
from outreach.enrollments as e
inner join outreach.campaigns as p on e.tenant_id = p.tenant_id and e.campaign_id = p.id
inner join outreach.contacts as c on e.tenant_id = c.tenant_id and e.contact_id = c.id
inner join outreach.contact_lists as l on e.tenant_id = l.tenant_id and e.contact_list_id = l.id
left join outreach.recipient_sites as r on c.mail_domain = r.domain
where e.tenant_id = %(tenant_id)s and e.state = 'active' and e.next_step = 1 and p.state <> 'finished'
group by 1, 2, 3
order by 1, 2, 3
