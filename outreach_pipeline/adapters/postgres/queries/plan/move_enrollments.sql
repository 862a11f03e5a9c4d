-- Their next step begins a new thread from whatever mailbox of the campaign has a place.
update outreach.enrollments
set mailbox_id = null, thread_message_id = null, thread_subject = null
where tenant_id = %(tenant_id)s and id = any(%(ids)s::bigint []) and state = 'active'
