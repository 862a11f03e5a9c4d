select tenant_id, mailbox_id from outreach.lane_members(%(lane)s)
