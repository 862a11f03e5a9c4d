select outreach.claim_domain(%(domain)s)
