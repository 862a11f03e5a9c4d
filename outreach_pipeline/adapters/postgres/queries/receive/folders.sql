select name, role, uidvalidity, last_uid, synced_at
from outreach.mailbox_folders
where tenant_id = %(tenant_id)s and mailbox_id = %(mailbox_id)s
