-- Paused sequences that are due count in a plan's demand.
create index enrollments_paused on outreach.enrollments (tenant_id, campaign_id, due_on) where state = 'paused';
