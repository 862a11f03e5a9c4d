select outreach.domains_of_others(%(domains)s::text[], %(claimant_id)s::uuid)
