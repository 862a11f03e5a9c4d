-- Mailboxes that could not be read, why, and for how long they are left alone.
update outreach.mailboxes as b
set
    sync_failed_at = %(now)s,
    sync_failure = r.failure,
    sync_failures = b.sync_failures + 1,
    sync_cause = r.cause,
    sync_retry_at = clock_timestamp() + make_interval(secs => r.seconds)
from jsonb_to_recordset(%(rows)s::jsonb) as r (id bigint, failure text, cause text, seconds double precision)
where b.tenant_id = %(tenant_id)s and b.id = r.id
