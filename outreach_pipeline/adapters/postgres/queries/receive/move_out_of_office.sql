update outreach.contacts
set out_until = greatest(out_until, %(out_until)s)
where tenant_id = %(tenant_id)s and id = %(contact_id)s
