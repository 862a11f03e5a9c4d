-- Limits that hold where nothing else is set. Sources: Microsoft 365 takes 30 messages a minute over SMTP; the rest is the
-- platform's own caution, and every row may be edited while it runs.
insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst, in_flight) values
('tenant', '*', 600, 60, 20, 100),
('recipient_domain', '*', 30, 60, 5, 2),
('recipient_site', '*', 600, 60, 20, 20),
('provider_host', '*', 1200, 60, 50, 100);
