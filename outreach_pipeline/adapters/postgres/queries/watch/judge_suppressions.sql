select value
from outreach.suppressions
where tenant_id = %(tenant_id)s
union
select value
from outreach.operator_suppressions
