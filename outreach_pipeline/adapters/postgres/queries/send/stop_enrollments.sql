-- What follows when a message has failed for good.
select outreach.stop_enrollments(%(ids)s::bigint [], %(reason)s, %(now)s)
