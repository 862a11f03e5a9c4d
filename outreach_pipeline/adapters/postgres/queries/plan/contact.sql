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
    t.suppressed_by as suppressed_by_tenant,
    o.suppressed_by as suppressed_by_operator,
    least(t.suppressed_at, o.suppressed_at) as suppressed_at
from outreach.contacts as c
cross join lateral (
    select
        string_agg(
            s.scope || ' ' || s.value || ' (' || s.reason
            || case when s.reason = 'unclear_stop' then ' of ' || s.origin else '' end
            || ', ' || s.created_at::date || ')', ', ' order by s.id
        ) as suppressed_by,
        min(s.created_at) as suppressed_at
    from outreach.suppressions as s
    where
        s.tenant_id = c.tenant_id
        and (
            (s.scope = 'address' and s.value = c.address)
            or (s.scope = 'address' and s.folded = outreach.folded(c.address) and s.reason <> 'bounce')
            or (s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain))
        )
) as t
cross join lateral (
    select
        string_agg(s.scope || ' ' || s.value || ' (' || s.reason || ')', ', ' order by s.scope, s.value)
            as suppressed_by,
        min(s.created_at) as suppressed_at
    from outreach.operator_suppressions as s
    where
        (s.scope = 'address' and s.folded = outreach.folded(c.address))
        or (s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain))
) as o
where c.tenant_id = %(tenant_id)s and c.address = %(address)s
