select lane, tenant_id as owner_id, mailbox_count from outreach.lane_sizes()
