-- A batch that is there, real above all, stays as it is.
insert into outreach.send_batches (
    tenant_id, mailbox_id, plan_date, mode, capacity, already_sent, planned, cap_terms, planned_at
)
select %(tenant_id)s, r.mailbox_id, %(plan_date)s, 'backfill', r.capacity, r.already_sent, 0, r.cap_terms, %(now)s
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    mailbox_id bigint, capacity integer, already_sent integer, cap_terms jsonb
)
on conflict (tenant_id, mailbox_id, plan_date) do nothing
