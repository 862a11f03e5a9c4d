insert into outreach.messages (
    tenant_id, kind, mailbox_id, plan_date, to_mailbox_id, probe_number, to_address, company_domain, recipient_site,
    scheduled_at, window_ends_at, message_id
)
select
    %(tenant_id)s, 'probe', r.mailbox_id, %(plan_date)s, r.to_mailbox_id, 1, r.to_address,
    split_part(r.to_address, '@', 2), split_part(r.to_address, '@', 2), %(now)s, %(window_ends_at)s, r.message_id
from jsonb_to_recordset(%(probes)s::jsonb) as r (
    mailbox_id bigint, to_mailbox_id bigint, to_address text, message_id text
)
where not exists (
    select from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.kind = 'probe' and m.mailbox_id = r.mailbox_id
        and m.plan_date = %(plan_date)s and m.state <> 'cancelled'
)
on conflict do nothing
