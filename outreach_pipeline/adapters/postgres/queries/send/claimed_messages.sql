-- All that a claimed message needs to be rendered and sent.
select
    m.tenant_id,
    m.id,
    m.lease_token as token,
    m.attempts as attempt,
    m.kind,
    m.message_id,
    m.thread_message_id,
    m.to_address,
    m.company_domain,
    m.recipient_site,
    m.mailbox_id,
    m.campaign_id,
    m.contact_list_id,
    m.step_number,
    m.variant,
    m.window_ends_at,
    b.sending_domain_id,
    b.address as from_address,
    b.display_name as from_name,
    b.reply_to,
    b.smtp_host,
    b.smtp_port,
    b.smtp_security,
    b.login,
    b.auth,
    a.name as provider_account,
    host(t.source_address) as source_address,
    b.ca_file,
    b.sent_copy,
    b.secret_ciphertext,
    k.wrapped_key,
    d.domain as sending_domain,
    d.link_host,
    d.dkim_selector,
    d.dkim_key_ciphertext,
    dk.wrapped_key as dkim_wrapped_key,
    t.postal_address,
    -- As text: many messages have the same, which is then read once.
    coalesce(own.policy, standard.policy, '{}'::jsonb)::text as policy,
    -- A campaign message whose step is gone has none, and is refused.
    case m.kind
        when 'probe' then 'Placement probe' when 'reply' then '{{ reply_subject }}' else s.subject
    end as subject_template,
    case m.kind
        when 'probe' then 'This message measures where mail of this mailbox lands. Nothing has to be done.'
        -- A person's own words are no template.
        when 'reply' then '{{ reply_text }}'
        else s.text_body
    end as text_template,
    s.html_body as html_template,
    coalesce(s.attachments, '[]') as attachments,
    e.thread_subject,
    -- What a test of a follow-up was given, as it belongs to no thread.
    case when m.kind = 'test' and m.step_number > 1 then m.subject end as test_subject,
    case
        when m.kind = 'campaign' and m.thread_message_id is not null
            then array(
                select coalesce(p.wire_message_id, p.message_id)
                from outreach.messages as p
                where
                    p.tenant_id = m.tenant_id and p.enrollment_id = m.enrollment_id and p.kind = 'campaign'
                    and p.state in ('sent', 'presumed_sent') and p.step_number < m.step_number
                    and m.thread_message_id in (p.thread_message_id, coalesce(p.wire_message_id, p.message_id))
                order by p.step_number
            )
        else r.thread_ids
    end as thread_ids,
    coalesce(
        c.attributes || jsonb_build_object(
            'first_name', c.first_name, 'last_name', c.last_name, 'company', c.company, 'address', c.address
        ),
        '{}'::jsonb
    ) || case
        when r.message_id is null then '{}'::jsonb
        else jsonb_build_object('reply_subject', r.subject, 'reply_text', r.text_body)
    end as fields,
    r.to_name as reply_to_name
from outreach.messages as m
inner join outreach.tenants as t on m.tenant_id = t.id
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
inner join outreach.sending_domains as d on b.tenant_id = d.tenant_id and b.sending_domain_id = d.id
left join outreach.provider_accounts as a on b.provider_account_id = a.id
left join outreach.data_keys as k on b.data_key_id = k.id
left join outreach.data_keys as dk on d.data_key_id = dk.id
left join outreach.sending_policies as own on b.tenant_id = own.tenant_id and b.policy_id = own.id
left join outreach.sending_policies as standard on m.tenant_id = standard.tenant_id and standard.name = 'default'
left join outreach.contacts as c on m.tenant_id = c.tenant_id and m.contact_id = c.id
left join outreach.enrollments as e on m.tenant_id = e.tenant_id and m.enrollment_id = e.id
left join outreach.replies as r on m.tenant_id = r.tenant_id and m.id = r.message_id
left join outreach.campaign_steps as s
    on
        m.tenant_id = s.tenant_id and m.campaign_id = s.campaign_id
        and m.step_number = s.step_number and m.variant = s.variant
where m.tenant_id = %(tenant_id)s and m.id = any(%(ids)s)
order by m.mailbox_id, m.due_at, m.id
