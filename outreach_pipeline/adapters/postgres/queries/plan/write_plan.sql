-- A plan is born held, and what an earlier one was held for is asked again of the new one.
insert into outreach.plans as p (tenant_id, plan_date, mode, input_sha256, planned_at, summary, state, held_reason)
values (%(tenant_id)s, %(plan_date)s, %(mode)s, %(input_sha256)s, %(now)s, %(summary)s, 'held', 'unchecked')
on conflict (tenant_id, plan_date) do update
set
    mode = excluded.mode, input_sha256 = excluded.input_sha256,
    planned_at = excluded.planned_at, summary = excluded.summary,
    state = excluded.state, held_reason = excluded.held_reason
where p.mode = 'backfill' or excluded.mode = 'real'
