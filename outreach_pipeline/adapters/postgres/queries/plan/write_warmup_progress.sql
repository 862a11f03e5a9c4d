insert into outreach.warmup_progress as p (tenant_id, mailbox_id, recipient_site, days, last_on, counts_before)
select
    %(tenant_id)s,
    r.mailbox_id,
    r.recipient_site,
    r.days,
    r.last_on,
    r.counts_before
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    mailbox_id bigint, recipient_site text, days integer, last_on date, counts_before boolean
)
on conflict (tenant_id, mailbox_id, recipient_site) do update
set days = excluded.days, last_on = excluded.last_on, counts_before = excluded.counts_before
