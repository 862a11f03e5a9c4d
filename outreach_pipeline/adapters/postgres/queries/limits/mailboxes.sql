select
    b.id, b.address, b.smtp_host || ':' || b.smtp_port as smtp, b.imap_host || ':' || b.imap_port as imap
from outreach.mailboxes as b
where b.tenant_id = %(tenant_id)s
