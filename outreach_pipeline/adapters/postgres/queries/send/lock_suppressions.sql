-- Shared locks on the addresses and domains of sends that begin now; a suppression takes the same lock alone.
select pg_advisory_xact_lock_shared(l.lock_key)
from (
    select distinct outreach.suppression_lock(v.value) as lock_key
    from unnest(%(values)s::text []) as v (value)
    order by lock_key
) as l
