select
    tenant_id,
    id as event_id,
    kind as event_kind,
    occurred_at,
    recorded_at,
    message_id,
    mailbox_id,
    recipient_site,
    -- A bounce that nobody could classify says nothing sure about list or sender.
    case when kind = 'bounced' then coalesce(bounce_class, 'soft') else bounce_class end as bounce_class
from {{ source('outreach', 'events') }}
