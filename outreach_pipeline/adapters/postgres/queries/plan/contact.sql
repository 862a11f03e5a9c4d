select
    c.id,
    c.address,
    c.mail_domain,
    c.company_domain,
    c.jurisdiction,
    c.lawful_basis,
    c.verification,
    coalesce(c.verified_at, c.created_at) as verified_at,
    c.out_until,
    c.left_company_at,
    (
        select
            string_agg(
                s.scope || ' ' || s.value || ' (' || s.reason || ', ' || s.created_at::date || ')', ', ' order by s.id
            )
        from outreach.suppressions as s
        where
            s.tenant_id = c.tenant_id
            and (
                (s.scope = 'address' and s.value = c.address)
                or (s.scope = 'address' and s.folded = outreach.folded(c.address) and s.reason <> 'bounce')
                or (s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain))
            )
    ) as suppressed_by_tenant,
    (
        select string_agg(s.scope || ' ' || s.value || ' (' || s.reason || ')', ', ' order by s.scope, s.value)
        from outreach.operator_suppressions as s
        where
            (s.scope = 'address' and s.folded = outreach.folded(c.address))
            or (s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain))
    ) as suppressed_by_operator
from outreach.contacts as c
where c.tenant_id = %(tenant_id)s and c.address = %(address)s
