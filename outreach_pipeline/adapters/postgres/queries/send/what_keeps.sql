-- What keeps a message from being claimed, as outreach.waits_for names it; whether its mailbox has another one on the
-- way; and the keys of the limits that it counts in.
select
    outreach.waits_for(m.tenant_id, m.id, %(now)s) as waits_for,
    exists (
        select from outreach.messages as f
        where
            f.tenant_id = m.tenant_id and f.mailbox_id = m.mailbox_id and f.id <> m.id
            and f.state in ('claimed', 'sending')
    ) as is_busy,
    m.company_domain as recipient_domain,
    m.recipient_site,
    b.smtp_host || ':' || b.smtp_port as provider_host
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
where m.tenant_id = %(tenant_id)s and m.id = %(id)s
