select
    tenant_id,
    id as message_id,
    kind as message_kind,
    state as message_state,
    state_at,
    mailbox_id,
    plan_date,
    enrollment_id,
    campaign_id,
    contact_id,
    contact_list_id,
    step_number,
    variant,
    recipient_site,
    is_random,
    sending_at,
    sent_at
from {{ source('outreach', 'messages') }}
