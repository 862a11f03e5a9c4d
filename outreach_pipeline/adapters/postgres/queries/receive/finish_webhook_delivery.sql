update outreach.webhook_deliveries
set state = %(state)s, processed_at = %(now)s, problem = %(problem)s
where tenant_id = %(tenant_id)s and id = %(id)s
