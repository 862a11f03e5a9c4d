-- Found by the list's enrollments, which have an index; what has been claimed is refused when it would begin.
update outreach.messages as m
set state = 'cancelled', state_at = clock_timestamp(), reason = 'list_paused', retry_at = null
from outreach.enrollments as e
where
    e.tenant_id = %(tenant_id)s and e.contact_list_id = %(list_id)s
    and m.tenant_id = e.tenant_id and m.enrollment_id = e.id and m.state in ('planned', 'deferred')
