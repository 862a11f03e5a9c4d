select outreach.take_login_place(%(scopes)s::text [], %(keys)s::text [], %(holder)s, %(lease_seconds)s)
