-- Mailboxes of which folders that should be read are missing.
select
    substr(a.cause_key, length('folders/') + 1) as address,
    a.detail
from outreach.alerts as a
where a.tenant_id = %(tenant_id)s and a.resolved_at is null and a.cause_key like 'folders/%%'
order by a.cause_key
