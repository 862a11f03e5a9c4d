select name, messages_per_day, source
from outreach.warmup_curves
where tenant_id = %(tenant_id)s
order by name
