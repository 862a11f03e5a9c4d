update outreach.site_firings as f
set undone_at = %(now)s
where f.undone_at is null and (f.until <= %(now)s or f.site = any(%(sites)s::text []))
returning f.rule_name, 'site' as scope, '' as key, f.site, f.action
