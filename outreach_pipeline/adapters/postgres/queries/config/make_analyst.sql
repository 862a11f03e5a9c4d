select outreach.make_analyst(%(login)s, %(password)s, %(analyst_tenant_id)s)
