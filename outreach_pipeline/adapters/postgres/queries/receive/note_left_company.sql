update outreach.contacts
set left_company_at = coalesce(left_company_at, %(now)s)
where tenant_id = %(tenant_id)s and id = %(contact_id)s
