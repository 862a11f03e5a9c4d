-- What has been reported of some messages, the latest of each; was_hard tells of a dead address.
select distinct on (m.id)
    m.mailbox_id,
    b.sending_domain_id,
    m.recipient_site as site,
    v.status as enhanced_code,
    v.reason,
    left(coalesce(v.detail ->> 'diagnostic', ''), 500) as text,
    m.contact_list_id,
    coalesce(v.bounce_class = 'hard', false) as was_hard
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
inner join outreach.events as v on m.tenant_id = v.tenant_id and m.id = v.message_id
where
    m.tenant_id = %(tenant_id)s and m.id = any(%(message_ids)s::bigint []) and v.kind in ('bounced', 'deferred')
    and v.origin in ('imap', 'webhook')
    and not exists (
        select from outreach.event_retractions as r where r.tenant_id = v.tenant_id and r.event_id = v.id
    )
order by m.id asc, v.id desc
