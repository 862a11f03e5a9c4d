select outreach.set_analyst_password(%(login)s, %(password)s)
