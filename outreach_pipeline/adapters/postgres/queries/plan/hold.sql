update outreach.plans
set state = 'held', held_reason = %(reason)s
where tenant_id = %(tenant_id)s and plan_date = %(plan_date)s
