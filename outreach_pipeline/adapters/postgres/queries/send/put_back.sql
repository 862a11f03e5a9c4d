select outreach.put_back(%(ids)s::bigint [], %(tokens)s::bigint [], %(retry_at)s)
