-- A message of kind reply, and the words that it carries; no row: these words are on their way, or have gone, already.
-- It belongs to no campaign, whose pause must not keep a person from answering.
with added as (
    insert into outreach.messages (
        tenant_id, kind, mailbox_id, contact_id, to_address, company_domain, recipient_site, scheduled_at,
        window_ends_at, message_id, thread_message_id
    )
    values (
        %(tenant_id)s, 'reply', %(mailbox_id)s, %(contact_id)s, %(to_address)s, %(company_domain)s,
        coalesce(
            (select r.site from outreach.recipient_sites as r where r.domain = %(mail_domain)s), %(company_domain)s
        ),
        %(now)s, %(window_ends_at)s, %(message_id)s, %(thread_message_id)s
    )
    on conflict (tenant_id, message_id) where kind = 'reply' and state not in ('cancelled', 'failed') do nothing
    returning id
)

insert into outreach.replies (
    tenant_id, message_id, inbound_message_id, author, to_name, subject, text_body, thread_ids, created_at
)
select
    %(tenant_id)s, a.id, %(inbound_message_id)s, %(author)s, %(to_name)s, %(subject)s, %(text)s,
    %(thread_ids)s::text [], %(now)s
from added as a
returning message_id
