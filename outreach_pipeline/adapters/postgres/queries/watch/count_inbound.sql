select tenant, understood_count, unclassified_count, unrelated_count from outreach.count_inbound(%(since)s)
