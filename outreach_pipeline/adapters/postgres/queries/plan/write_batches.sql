insert into outreach.send_batches as s (
    tenant_id, mailbox_id, plan_date, mode, capacity, already_sent, planned, cap_terms, planned_at
)
select %(tenant_id)s, r.mailbox_id, %(plan_date)s, 'real', r.capacity, r.already_sent, r.planned, r.cap_terms, %(now)s
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    mailbox_id bigint, capacity integer, already_sent integer, planned integer, cap_terms jsonb
)
on conflict (tenant_id, mailbox_id, plan_date) do update
set
    mode = excluded.mode, capacity = excluded.capacity, already_sent = excluded.already_sent,
    planned = excluded.planned, cap_terms = excluded.cap_terms, planned_at = excluded.planned_at
