with sent as (
    select
        j.tenant_id,
        j.mailbox_id,
        j.send_date,
        {{ outcome_counts() }}
    from {{ ref('int_messages_judged') }} as j
    group by j.tenant_id, j.mailbox_id, j.send_date
),

planned as (
    select
        tenant_id,
        mailbox_id,
        plan_date as send_date,
        plan_mode,
        capacity,
        planned
    from {{ ref('stg_outreach__send_batches') }}
)

select
    tenant_id,
    mailbox_id,
    send_date,
    p.plan_mode,
    p.capacity,
    p.planned,
    coalesce(s.sends, 0) as sends,
    coalesce(s.matured_sends, 0) as matured_sends,
    coalesce(s.delivered, 0) as delivered,
    coalesce(s.hard_bounces, 0) as hard_bounces,
    coalesce(s.soft_bounces, 0) as soft_bounces,
    coalesce(s.blocks, 0) as blocks,
    coalesce(s.block_bursts, 0) as block_bursts,
    coalesce(s.complaints, 0) as complaints,
    coalesce(s.complaint_trials, 0) as complaint_trials,
    coalesce(s.replies, 0) as replies,
    coalesce(s.auto_replies, 0) as auto_replies,
    coalesce(s.unsubscribes, 0) as unsubscribes
from planned as p
full join sent as s using (tenant_id, mailbox_id, send_date)
