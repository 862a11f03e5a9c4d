select
    g.id as campaign_id,
    c.id as contact_id,
    c.contact_list_id,
    s.subject,
    e.thread_subject,
    first.subject as first_subject,
    s.text_body,
    s.html_body,
    s.attachments,
    c.attributes || jsonb_build_object(
        'first_name', c.first_name, 'last_name', c.last_name, 'company', c.company, 'address', c.address
    ) as fields,
    coalesce(b.display_name, '') as sender_name,
    coalesce(b.address, '') as sender_address,
    coalesce(b.link_host, '') as link_host
from outreach.campaigns as g
inner join outreach.campaign_steps as s on g.tenant_id = s.tenant_id and g.id = s.campaign_id
inner join outreach.contacts as c on g.tenant_id = c.tenant_id and c.address = %(contact)s
left join outreach.enrollments as e on g.tenant_id = e.tenant_id and g.id = e.campaign_id and c.id = e.contact_id
-- The first step in the same variant, where it has that.
left join lateral (
    select f.subject
    from outreach.campaign_steps as f
    where f.tenant_id = g.tenant_id and f.campaign_id = g.id and f.step_number = 1
    order by f.variant <> s.variant, f.variant
    limit 1
) as first on true
left join lateral (
    select
        m.display_name,
        m.address,
        d.link_host
    from outreach.campaign_mailboxes as p
    inner join outreach.mailboxes as m on p.tenant_id = m.tenant_id and p.mailbox_id = m.id
    inner join outreach.sending_domains as d on m.tenant_id = d.tenant_id and m.sending_domain_id = d.id
    where p.tenant_id = g.tenant_id and p.campaign_id = g.id
    order by m.id
    limit 1
) as b on true
where
    g.tenant_id = %(tenant_id)s and g.slug = %(campaign)s and s.step_number = %(step)s and s.variant = %(variant)s
