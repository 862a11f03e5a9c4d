-- What it takes to render anew what campaign messages said; no template where the step is gone.
select
    m.id,
    coalesce(m.subject, '') as subject,
    m.thread_message_id is not null as is_follow_up,
    s.subject as subject_template,
    s.text_body as text_template,
    c.attributes || jsonb_build_object(
        'first_name', c.first_name, 'last_name', c.last_name, 'company', c.company, 'address', c.address
    ) as fields,
    b.display_name as sender_name,
    t.postal_address,
    d.link_host
from outreach.messages as m
inner join outreach.tenants as t on m.tenant_id = t.id
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
inner join outreach.sending_domains as d on b.tenant_id = d.tenant_id and b.sending_domain_id = d.id
inner join outreach.contacts as c on m.tenant_id = c.tenant_id and m.contact_id = c.id
left join outreach.campaign_steps as s
    on
        m.tenant_id = s.tenant_id and m.campaign_id = s.campaign_id
        and m.step_number = s.step_number and m.variant = s.variant
where m.tenant_id = %(tenant_id)s and m.kind = 'campaign' and m.id = any(%(ids)s::bigint [])
