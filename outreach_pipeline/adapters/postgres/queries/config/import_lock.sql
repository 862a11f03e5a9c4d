-- The same file is imported by one process at a time.
select pg_advisory_xact_lock(hashtextextended('outreach import ' || %(tenant_id)s || %(campaign)s, 0))
