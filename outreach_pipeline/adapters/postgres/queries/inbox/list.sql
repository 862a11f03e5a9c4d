-- Mails that people have to look at, the latest first.
select
    i.id,
    i.received_at,
    i.kind,
    i.intent,
    i.intent_is_sure as is_sure,
    i.from_address,
    coalesce(trim(coalesce(c.first_name, '') || ' ' || coalesce(c.last_name, '')), '') as contact,
    coalesce(c.company, '') as company,
    g.slug as campaign,
    b.address as mailbox,
    i.bounce_class,
    i.status,
    i.reason,
    (i.classified -> 'bounce' ->> 'hard')::boolean as is_hard,
    (i.classified -> 'bounce' ->> 'permanent')::boolean as is_permanent,
    (i.classified -> 'bounce' ->> 'unproven')::boolean as is_unproven,
    coalesce(
        (
            select string_agg(r.recipient, ', ')
            from jsonb_array_elements_text(nullif(i.classified -> 'bounce', 'null') -> 'recipients') as r (recipient)
        ),
        ''
    ) as recipients,
    i.subject,
    left(coalesce(i.classified ->> 'text', ''), 300) as text,
    a.state as answer,
    i.assignee,
    i.snoozed_until,
    i.done_at
from outreach.inbound_messages as i
inner join outreach.mailboxes as b on i.tenant_id = b.tenant_id and i.mailbox_id = b.id
left join outreach.messages as m on i.tenant_id = m.tenant_id and i.message_id = m.id
left join outreach.contacts as c on m.tenant_id = c.tenant_id and m.contact_id = c.id
left join outreach.campaigns as g on m.tenant_id = g.tenant_id and m.campaign_id = g.id
left join lateral (
    select n.state, n.state_at
    from outreach.replies as r
    inner join outreach.messages as n on r.tenant_id = n.tenant_id and r.message_id = n.id
    where r.tenant_id = i.tenant_id and r.inbound_message_id = i.id
    order by r.message_id desc
    limit 1
) as a on true
where
    i.tenant_id = %(tenant_id)s and i.direction = 'in' and i.state = 'processed'
    and (
        i.kind = any(%(kinds)s::text [])
        -- Whoever sent it: a wish to stop that nobody is sure of waits for a person.
        or (i.kind = 'auto_reply' and i.intent = 'stop' and not i.intent_is_sure and 'reply' = any(%(kinds)s::text []))
    )
    -- What passes between mailboxes of ours is nobody's answer.
    and coalesce(m.kind, '') not in ('probe', 'test') and not coalesce((i.classified ->> 'is_probe')::boolean, false)
    and (%(intent)s::text is null or i.intent = %(intent)s)
    and (%(assignee)s::text is null or i.assignee = %(assignee)s)
    and (not %(only_unsure)s or not i.intent_is_sure)
    and (
        %(with_done)s
        or (
            -- An answer that did not go out after all brings its mail back.
            (i.done_at is null or (a.state in ('failed', 'cancelled') and a.state_at > i.done_at))
            and coalesce(i.snoozed_until, '-infinity') <= %(now)s
        )
    )
order by i.received_at desc, i.id desc
limit %(most)s
