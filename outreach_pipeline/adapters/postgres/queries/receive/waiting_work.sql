select tenant_id, kind, waiting_count from outreach.waiting_work()
