update outreach.enrollments
set
    state = case when %(paused)s then 'paused' else 'active' end,
    stop_reason = case when %(paused)s then %(reason)s::text end,
    stopped_at = case when %(paused)s then %(now)s::timestamptz end
where
    tenant_id = %(tenant_id)s and contact_id = %(contact_id)s
    and state = case when %(paused)s then 'active' else 'paused' end
