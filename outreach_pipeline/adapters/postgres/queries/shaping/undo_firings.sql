update outreach.shaping_firings as f
set undone_at = %(now)s
where
    f.tenant_id = %(tenant_id)s and f.undone_at is null
    and (
        f.until <= %(now)s or f.site = any(%(sites)s::text [])
        or (f.key = any(%(keys)s::text []) and f.scope = any(%(scopes)s::text []))
    )
returning f.rule_name, f.scope, f.key, f.site, f.action
