insert into outreach.webhook_deliveries (tenant_id, source, event_id, received_at, payload)
values (%(tenant_id)s, %(source)s, %(event_id)s, %(now)s, %(payload)s)
on conflict (tenant_id, source, event_id) do nothing
