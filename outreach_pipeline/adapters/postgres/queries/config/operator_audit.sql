insert into outreach.operator_audit_log (author, action, subject, detail)
select %(author)s, r.action, r.subject, r.detail
from jsonb_to_recordset(%(rows)s::jsonb) as r (action text, subject text, detail jsonb)
