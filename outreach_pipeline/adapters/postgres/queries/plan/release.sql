-- A plan that was held for anything else stays held until it is made anew.
update outreach.plans
set state = 'ready', held_reason = null
where
    tenant_id = %(tenant_id)s and plan_date = %(plan_date)s and held_reason = 'unchecked'
