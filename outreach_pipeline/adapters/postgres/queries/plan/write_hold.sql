update outreach.contact_lists as l
set hold_until = %(hold_until)s
where l.tenant_id = %(tenant_id)s and l.id = %(list_id)s and l.hold_until is null
