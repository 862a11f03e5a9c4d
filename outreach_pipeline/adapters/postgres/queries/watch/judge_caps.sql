-- Every cap of the configuration that several mailboxes or recipients share, and what the plans gave each mailbox.
select
    'mailbox' as kind,
    %(tenant_slug)s as tenant,
    b.address as subject,
    s.capacity as messages_per_day,
    s.plan_date
from outreach.send_batches as s
inner join outreach.mailboxes as b on s.tenant_id = b.tenant_id and s.mailbox_id = b.id
where s.tenant_id = %(tenant_id)s and s.mode = 'real'
union all
select
    'sending_domain',
    %(tenant_slug)s,
    d.domain,
    d.messages_per_day,
    null::date
from outreach.sending_domains as d
where d.tenant_id = %(tenant_id)s and d.messages_per_day is not null
order by kind, subject, plan_date
