-- What follows when a message counts as sent.
select outreach.advance_enrollments(%(ids)s::bigint [])
