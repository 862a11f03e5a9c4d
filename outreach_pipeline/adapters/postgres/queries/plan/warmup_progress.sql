select
    p.mailbox_id,
    p.recipient_site,
    p.days,
    p.last_on,
    p.counts_before
from outreach.warmup_progress as p
where p.tenant_id = %(tenant_id)s
order by p.mailbox_id, p.recipient_site
