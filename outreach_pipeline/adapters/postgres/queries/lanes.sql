select lane, tenant_id, mailbox_count from outreach.lane_sizes() order by lane, tenant_id
