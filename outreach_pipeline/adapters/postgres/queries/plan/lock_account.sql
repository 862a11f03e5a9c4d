-- One planner a provider account at a time: its tenants share its limit.
select pg_advisory_xact_lock(hashtextextended('outreach plan account ' || %(account_id)s::bigint, 0))
