insert into outreach.contact_lists (
    tenant_id, name, campaign_id, sha256, row_count, imported_at, canary_contacts, canary_hold_seconds
)
values (
    %(tenant_id)s, %(name)s, %(campaign_id)s, %(sha256)s, %(row_count)s, %(now)s, %(canary_contacts)s, %(hold_seconds)s
)
returning id
