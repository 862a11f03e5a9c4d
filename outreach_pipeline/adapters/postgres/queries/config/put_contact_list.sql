insert into outreach.contact_lists (
    tenant_id, name, campaign_id, sha256, row_count, imported_at, hold_until, canary_contacts
)
values (
    %(tenant_id)s, %(name)s, %(campaign_id)s, %(sha256)s, %(row_count)s, %(now)s, %(hold_until)s, %(canary_contacts)s
)
returning id
