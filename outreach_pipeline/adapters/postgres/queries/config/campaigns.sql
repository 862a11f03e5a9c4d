select
    c.slug as name, c.name as title, c.priority, c.share, p.name as policy, c.accepted_lawful_bases,
    c.accepted_jurisdictions, c.stops_company_on_reply,
    array(
        select b.address
        from outreach.campaign_mailboxes as m
        inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
        where m.tenant_id = c.tenant_id and m.campaign_id = c.id
    ) as mailboxes,
    coalesce((
        select jsonb_agg(
            jsonb_build_object(
                'step_number', s.step_number, 'variant', s.variant, 'share', s.share, 'wait_days', s.wait_days,
                'subject', s.subject, 'text_body', s.text_body, 'html_body', s.html_body,
                'attachments', s.attachments
            ) order by s.step_number, s.variant
        )
        from outreach.campaign_steps as s
        where s.tenant_id = c.tenant_id and s.campaign_id = c.id
    ), '[]') as steps
from outreach.campaigns as c
left join outreach.sending_policies as p on c.tenant_id = p.tenant_id and c.policy_id = p.id
where c.tenant_id = %(tenant_id)s
order by c.slug
