select name, role, uidvalidity, last_uid
from outreach.mailbox_folders
where tenant_id = %(tenant_id)s and mailbox_id = %(mailbox_id)s
