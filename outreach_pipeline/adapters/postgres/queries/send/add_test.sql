insert into outreach.messages (
    tenant_id, kind, mailbox_id, campaign_id, contact_id, contact_list_id, step_number, variant, to_address,
    company_domain, recipient_site, scheduled_at, window_ends_at, message_id, subject
)
values (
    %(tenant_id)s, 'test', %(mailbox_id)s, %(campaign_id)s, %(contact_id)s, %(contact_list_id)s, %(step_number)s,
    %(variant)s, %(to_address)s, split_part(%(to_address)s, '@', 2), split_part(%(to_address)s, '@', 2), %(now)s,
    %(window_ends_at)s, %(message_id)s, %(subject)s
)
returning id
