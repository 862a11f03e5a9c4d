{{ config(post_hook="{{ protect_view() }}") }}

-- union, not union all: one row a place, whatever says so.
select
    e.tenant_id,
    b.sending_domain_id,
    coalesce(m.recipient_site, e.recipient_site) as recipient_site
from {{ ref('int_events_standing') }} as e
left join {{ ref('stg_outreach__messages') }} as m on e.tenant_id = m.tenant_id and e.message_id = m.message_id
inner join {{ ref('stg_outreach__mailboxes') }} as b
    on e.tenant_id = b.tenant_id and coalesce(m.mailbox_id, e.mailbox_id) = b.mailbox_id
where
    e.event_kind = 'complaint'
    and e.occurred_at <= {{ as_of() }}
    and coalesce(m.recipient_site, e.recipient_site) is not null
union
select
    d.tenant_id,
    d.sending_domain_id,
    f.recipient_site
from {{ ref('complaint_feeds') }} as f
inner join {{ ref('stg_outreach__sending_domains') }} as d on f.sending_domain = d.sending_domain
