-- Held until its note is marked, unless another process holds it or is done with it.
select
    id,
    cause_key,
    severity,
    title,
    detail,
    resolved_at is not null as is_resolved,
    notified_at is not null as is_notified,
    case when notified_at is null then notified_channels else resolution_notified_channels end as taken_by
from outreach.operator_alerts
where
    id = %(id)s
    and (notified_at is null or (resolved_at is not null and resolution_notified_at is null))
for update skip locked
