select id
from outreach.operator_alerts
where
    (
        (notified_at is null and raised_at >= %(news_since)s)
        or (notified_at is not null and resolved_at is not null and resolution_notified_at is null)
    )
order by id
