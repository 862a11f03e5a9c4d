select id
from outreach.alerts
where
    tenant_id = %(tenant_id)s and (
        (notified_at is null and raised_at >= %(news_since)s)
        or (notified_at is not null and resolved_at is not null and resolution_notified_at is null)
    )
order by id
