insert into outreach.audit_log (tenant_id, author, action, subject, detail)
select %(tenant_id)s, %(author)s, r.action, r.subject, r.detail
from jsonb_to_recordset(%(rows)s::jsonb) as r (action text, subject text, detail jsonb)
