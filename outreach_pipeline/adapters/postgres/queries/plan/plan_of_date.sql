select p.mode, p.state, p.held_reason, p.input_sha256, p.planned_at, p.summary
from outreach.plans as p
where p.tenant_id = %(tenant_id)s and p.plan_date = %(plan_date)s
