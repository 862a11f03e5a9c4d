-- What is wrong and nobody has mended: open alerts but for those that only inform.
select
    a.severity,
    a.title,
    a.detail,
    a.raised_at
from outreach.alerts as a
where a.tenant_id = %(tenant_id)s and a.resolved_at is null and a.severity <> 'info'
order by a.raised_at, a.id
