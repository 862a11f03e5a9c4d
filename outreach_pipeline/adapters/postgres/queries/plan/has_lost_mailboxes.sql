-- Whether new contacts of a date are still to be written to from where nothing goes out any more. A pause that ends
-- before a message is due hinders nothing.
select exists (
    select
    from outreach.mailboxes as b
    inner join outreach.messages as m on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    left join outreach.contact_lists as l on m.tenant_id = l.tenant_id and m.contact_list_id = l.id
    where
        b.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.state = 'planned' and m.kind = 'campaign'
        and m.step_number = 1 and m.window_ends_at > %(now)s
        and (
            b.lifecycle in ('resting', 'quarantined', 'retired')
            or (b.paused_until > %(now)s and b.paused_until > m.scheduled_at)
            or l.state = 'paused'
            or exists (
                select from outreach.shaping_firings as f
                where
                    f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null
                    and f.until > %(now)s
                    and (
                        (f.scope = 'mailbox_at_site' and f.key = b.id::text)
                        or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)
                    )
            )
        )
) as has_lost_mailboxes
