-- Waits until no send to this address or domain is beginning, and lets none begin until this transaction ends.
select pg_advisory_xact_lock(outreach.suppression_lock(%(value)s))
