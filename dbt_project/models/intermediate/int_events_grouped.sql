{{ config(post_hook="{{ protect_view() }}") }}

select
    tenant_id,
    message_id,
    min(occurred_at) filter (where event_kind = 'bounced') as bounced_at,
    min(occurred_at) filter (where event_kind = 'bounced' and bounce_class = 'block') as blocked_at,
    case
        when bool_or(event_kind = 'bounced' and bounce_class = 'hard') then 'hard'
        when bool_or(event_kind = 'bounced' and bounce_class = 'block') then 'block'
        when bool_or(event_kind = 'bounced') then 'soft'
    end as bounce_class,
    min(occurred_at) filter (where event_kind = 'complaint') as complained_at,
    min(occurred_at) filter (where event_kind = 'reply') as replied_at,
    min(occurred_at) filter (where event_kind = 'auto_reply') as auto_replied_at,
    min(occurred_at) filter (where event_kind = 'unsubscribe') as unsubscribed_at,
    min(occurred_at) filter (where event_kind = 'delivered') as delivered_at,
    count(*) filter (where event_kind = 'deferred') as deferrals
from {{ ref('int_events_standing') }}
where message_id is not null and occurred_at <= {{ as_of() }}
group by tenant_id, message_id
