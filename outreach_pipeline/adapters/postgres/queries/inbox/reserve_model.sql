-- Takes the most that a question can cost from the day's budget; no row: it is spent.
insert into outreach.model_days as d (tenant_id, used_on, calls, seconds, cost_micros)
select %(tenant_id)s, %(used_on)s, 1, %(seconds)s, %(cost_micros)s
where %(seconds)s <= %(most_seconds)s::double precision and %(cost_micros)s <= %(most_cost_micros)s::bigint
on conflict (tenant_id, used_on) do update
    set
        calls = d.calls + 1,
        seconds = d.seconds + excluded.seconds,
        cost_micros = d.cost_micros + excluded.cost_micros
    where
        d.seconds + excluded.seconds <= %(most_seconds)s::double precision
        and d.cost_micros + excluded.cost_micros <= %(most_cost_micros)s::bigint
returning calls
