-- What a question did cost, in the place of the most that it could.
update outreach.model_days
set
    seconds = greatest(0, seconds + %(more_seconds)s),
    cost_micros = greatest(0, cost_micros + %(more_cost_micros)s),
    failures = failures + %(failures)s
where tenant_id = %(tenant_id)s and used_on = %(used_on)s
