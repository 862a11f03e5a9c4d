select
    f.rule_name,
    f.rule_version,
    f.scope,
    coalesce(b.address, d.domain, '') as name,
    f.site,
    f.action,
    f.slow_ratio,
    f.evidence,
    f.fired_at,
    f.until
from outreach.shaping_firings as f
left join outreach.mailboxes as b
    on f.tenant_id = b.tenant_id and f.scope in ('mailbox', 'mailbox_at_site') and f.key = b.id::text
left join outreach.sending_domains as d
    on f.tenant_id = d.tenant_id and f.scope = 'sending_domain_at_site' and f.key = d.id::text
where f.tenant_id = %(tenant_id)s and f.undone_at is null and f.until > %(now)s
order by f.fired_at, f.id
