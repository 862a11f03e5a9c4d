-- Configuration is written by one process at a time, so that lanes and domains are given out once.
select pg_advisory_xact_lock(hashtextextended('outreach apply', 0))
