-- What did not go out in its time is cancelled and demanded again; what kept it to the end of its window is told, as
-- far as that had begun by then and still stands.
update outreach.messages as m
set
    state = 'cancelled', state_at = clock_timestamp(), reason = 'day_over',
    reason_detail = outreach.waits_for(
        m.tenant_id, m.id, m.window_ends_at - interval '1 millisecond', m.window_ends_at
    )
where
    m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred')
    and (m.window_ends_at <= %(now)s or m.plan_date < %(today)s)
