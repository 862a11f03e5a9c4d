delete from outreach.leases as l
where l.holder = any(%(holders)s::text [])
