select 'message ' || m.id || ' goes to a suppressed address' as finding
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.state in ('planned', 'deferred')
    and (
        exists (
            select from outreach.suppressions as s
            where
                s.tenant_id = m.tenant_id
                and (
                    (s.scope = 'address' and s.value = m.to_address)
                    or (s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
                )
        )
        or exists (
            select from outreach.operator_suppressions as s
            where
                (s.scope = 'address' and s.value = m.to_address)
                or (s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
        )
    )
order by m.id
