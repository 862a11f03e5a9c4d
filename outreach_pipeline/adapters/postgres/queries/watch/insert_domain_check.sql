insert into outreach.domain_checks (tenant_id, sending_domain_id, checked_at, subject, result, detail)
values (%(tenant_id)s, %(sending_domain_id)s, %(now)s, %(subject)s, %(result)s, %(detail)s)
