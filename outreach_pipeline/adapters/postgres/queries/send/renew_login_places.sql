-- Also what has run out meanwhile: the connection is still open.
update outreach.leases as l
set expires_at = clock_timestamp() + make_interval(secs => %(lease_seconds)s)
where l.holder = any(%(holders)s::text [])
