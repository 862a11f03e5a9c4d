-- One planner a tenant at a time: plans of two dates share enrollments.
select pg_advisory_xact_lock(hashtextextended('outreach plan ' || %(tenant_id)s::uuid, 0))
