select
    %(tenant_slug)s as tenant,
    s.value,
    s.reason
from outreach.suppressions as s
where s.tenant_id = %(tenant_id)s
union all
select
    %(tenant_slug)s,
    value,
    'operator'
from outreach.operator_suppressions
order by tenant, value, reason
