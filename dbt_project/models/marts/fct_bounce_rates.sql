with recent as (
    select *
    from {{ ref('int_messages_judged') }}
    where is_matured and begun_at > {{ as_of() }} - make_interval(days => {{ var('rate_window_days') }})
),

subjects as (
    select
        'contact_list' as subject_kind,
        contact_list_id as subject_id,
        *
    from recent
    where contact_list_id is not null
    union all
    select
        'mailbox' as subject_kind,
        mailbox_id as subject_id,
        *
    from recent
    union all
    select
        'sending_domain' as subject_kind,
        sending_domain_id as subject_id,
        *
    from recent
),

counted as (
    select
        j.tenant_id,
        j.subject_kind,
        j.subject_id,
        {{ outcome_counts() }}
    from subjects as j
    group by j.tenant_id, j.subject_kind, j.subject_id
)

select
    tenant_id,
    subject_kind,
    subject_id,
    matured_sends,
    hard_bounces,
    soft_bounces,
    blocks,
    block_bursts,
    complaints,
    complaint_trials,
    -- Hard bounces describe the list; blocks and complaints the sender. What does not describe the subject stays null.
    case
        when subject_kind = 'contact_list' then hard_bounces::double precision / matured_sends
    end as hard_bounce_ratio,
    case
        when subject_kind <> 'contact_list' then block_bursts / nullif(delivered + block_bursts, 0)
    end as block_ratio,
    case
        when subject_kind <> 'contact_list' then complaints::double precision / nullif(complaint_trials, 0)
    end as complaint_ratio
from counted
