-- Mailboxes that a rule keeps from a recipient site, by themselves or with their sending domain.
select distinct b.id as mailbox_id, f.site
from outreach.shaping_firings as f
inner join outreach.mailboxes as b
    on
        f.tenant_id = b.tenant_id
        and (
            (f.scope = 'mailbox_at_site' and f.key = b.id::text)
            or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)
        )
where f.tenant_id = %(tenant_id)s and f.undone_at is null and f.until > %(now)s
order by b.id, f.site
