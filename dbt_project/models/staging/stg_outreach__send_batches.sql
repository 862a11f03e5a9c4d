select
    tenant_id,
    mailbox_id,
    plan_date,
    mode as plan_mode,
    capacity,
    planned,
    planned_at
from {{ source('outreach', 'send_batches') }}
