with waiting as materialized (
    select
        m.id,
        m.to_address,
        split_part(m.to_address, '@', 2) as mail_domain,
        m.company_domain
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.state in ('planned', 'deferred')
),

refused as (
    select s.scope, s.value from outreach.suppressions as s
    where s.tenant_id = %(tenant_id)s
    union all
    select s.scope, s.value from outreach.operator_suppressions as s
),

found as (
    select w.id from waiting as w
    inner join refused as r on w.to_address = r.value
    where r.scope = 'address'
    union distinct
    select w.id from waiting as w
    inner join refused as r on w.mail_domain = r.value
    where r.scope = 'domain'
    union distinct
    select w.id from waiting as w
    inner join refused as r on w.company_domain = r.value
    where r.scope = 'domain'
)

select 'message ' || f.id || ' goes to a suppressed address' as finding
from found as f
order by f.id
