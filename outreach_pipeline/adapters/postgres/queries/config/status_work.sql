select
    (select count(*) from outreach.inbound_messages as i where i.tenant_id = %(tenant_id)s and i.state = 'new')
        as inbound,
    (select count(*) from outreach.webhook_deliveries as w where w.tenant_id = %(tenant_id)s and w.state = 'new')
        as webhooks,
    (select count(*) from outreach.alerts as a where a.tenant_id = %(tenant_id)s and a.resolved_at is null)
        as open_alerts,
    (select count(*) from outreach.contacts as c where c.tenant_id = %(tenant_id)s) as contacts,
    (select count(*) from outreach.suppressions as s where s.tenant_id = %(tenant_id)s) as suppressions
