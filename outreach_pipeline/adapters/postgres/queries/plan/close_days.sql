-- What did not go out in its time is cancelled and demanded again.
update outreach.messages
set state = 'cancelled', state_at = clock_timestamp(), reason = 'day_over'
where
    tenant_id = %(tenant_id)s and state in ('planned', 'deferred')
    and (window_ends_at <= %(now)s or plan_date < %(today)s)
