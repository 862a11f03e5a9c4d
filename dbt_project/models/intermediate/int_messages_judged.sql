{{ config(materialized="table", post_hook="{{ protect_table() }}") }}

with matured as (
    select
        *,
        proven_at is not null
        or (is_submitted and begun_at + make_interval(secs => mature_after_seconds) <= {{ as_of() }}) as is_matured
    from {{ ref('int_messages_resolved') }}
),

outcomes as (
    select
        *,
        -- A complaint proves delivery and outweighs whatever else came.
        case
            when not is_matured then null
            when complained_at is not null then 'complaint'
            when bounce_class = 'hard' then 'hard_bounce'
            when bounce_class = 'block' then 'block'
            when bounce_class = 'soft' then 'soft_bounce'
            when proven_at is not null then 'delivered'
            else 'presumed_delivered'
        end as outcome
    from matured
)

select
    o.tenant_id,
    o.message_id,
    o.mailbox_id,
    o.sending_domain_id,
    o.provider_account_id,
    o.recipient_site,
    o.campaign_id,
    o.contact_list_id,
    o.step_number,
    o.variant,
    o.is_random,
    o.send_date,
    o.begun_at,
    o.is_submitted,
    o.is_matured,
    o.outcome,
    o.replied_at is not null as was_replied,
    o.auto_replied_at is not null as was_auto_replied,
    o.unsubscribed_at is not null as was_unsubscribed,
    o.deferrals,
    -- The blocks that a mailbox gets at a site within one hour are one burst, which its messages share evenly.
    case
        when o.outcome = 'block' then 1.0 / count(*) over (
            partition by
                o.tenant_id, o.mailbox_id, o.recipient_site, o.outcome,
                date_trunc('hour', o.blocked_at at time zone 'UTC')
        )
    end as block_share,
    c.tenant_id is not null as complaints_observed,
    c.tenant_id is not null
    and coalesce(o.outcome in ('delivered', 'presumed_delivered', 'complaint'), false) as is_complaint_trial
from outcomes as o
left join {{ ref('int_complaints_covered') }} as c
    on
        o.tenant_id = c.tenant_id
        and o.sending_domain_id = c.sending_domain_id
        and o.recipient_site = c.recipient_site
