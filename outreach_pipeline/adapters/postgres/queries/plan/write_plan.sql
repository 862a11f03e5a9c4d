insert into outreach.plans as p (tenant_id, plan_date, mode, input_sha256, planned_at, summary)
values (%(tenant_id)s, %(plan_date)s, %(mode)s, %(input_sha256)s, %(now)s, %(summary)s)
on conflict (tenant_id, plan_date) do update
set
    mode = excluded.mode, input_sha256 = excluded.input_sha256,
    planned_at = excluded.planned_at, summary = excluded.summary,
    -- What a plan was held for is asked again of the new one.
    state = 'ready', held_reason = null
where p.mode = 'backfill' or excluded.mode = 'real'
