with waiting as materialized (
    select
        s.id,
        s.to_address,
        s.mail_domain,
        s.company_domain
    from standing_rows as s
    where s.state in ('planned', 'deferred')
),

found as (
    select w.id from waiting as w
    inner join outreach.suppressions as s
        on s.tenant_id = %(tenant_id)s and s.scope = 'address' and w.to_address = s.value
    union distinct
    select w.id from waiting as w
    inner join outreach.suppressions as s
        on
            s.tenant_id = %(tenant_id)s and s.scope = 'address' and s.reason <> 'bounce'
            and outreach.folded(w.to_address) = s.folded
    union distinct
    select w.id from waiting as w
    inner join outreach.suppressions as s
        on s.tenant_id = %(tenant_id)s and s.scope = 'domain' and w.mail_domain = s.value
    union distinct
    select w.id from waiting as w
    inner join outreach.suppressions as s
        on s.tenant_id = %(tenant_id)s and s.scope = 'domain' and w.company_domain = s.value
    union distinct
    select w.id from waiting as w
    inner join outreach.operator_suppressions as s
        on s.scope = 'address' and outreach.folded(w.to_address) = s.folded
    union distinct
    select w.id from waiting as w
    inner join outreach.operator_suppressions as s on s.scope = 'domain' and w.mail_domain = s.value
    union distinct
    select w.id from waiting as w
    inner join outreach.operator_suppressions as s on s.scope = 'domain' and w.company_domain = s.value
)

select 'message ' || f.id || ' goes to a suppressed address' as finding
from found as f
order by f.id
