-- What the model was asked on a day, and how much of it failed.
select
    coalesce(sum(d.calls), 0)::integer as calls,
    coalesce(sum(d.failures), 0)::integer as failures
from outreach.model_days as d
where d.tenant_id = %(tenant_id)s and d.used_on = %(used_on)s
