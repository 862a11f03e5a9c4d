{{ config(post_hook="{{ protect_view() }}") }}

-- What a person had corrected by then counts no more.
select
    e.tenant_id,
    e.event_id,
    e.event_kind,
    e.occurred_at,
    e.message_id,
    e.mailbox_id,
    e.recipient_site,
    e.bounce_class
from {{ ref('stg_outreach__events') }} as e
left join {{ ref('stg_outreach__event_retractions') }} as r
    on e.tenant_id = r.tenant_id and e.event_id = r.event_id and r.retracted_at <= {{ as_of() }}
where r.event_id is null
