{{ config(post_hook="{{ protect_view() }}") }}

with policies as (
    select
        b.tenant_id,
        b.mailbox_id,
        b.sending_domain_id,
        b.provider_account_id,
        t.time_zone,
        coalesce(own.mature_after_seconds, fallback.mature_after_seconds, 259200) as mature_after_seconds
    from {{ ref('stg_outreach__mailboxes') }} as b
    inner join {{ ref('stg_outreach__tenants') }} as t on b.tenant_id = t.tenant_id
    left join {{ ref('stg_outreach__sending_policies') }} as own
        on b.tenant_id = own.tenant_id and b.policy_id = own.policy_id
    left join {{ ref('stg_outreach__sending_policies') }} as fallback
        on b.tenant_id = fallback.tenant_id and fallback.policy_name = 'default'
)

select
    m.tenant_id,
    m.message_id,
    m.mailbox_id,
    p.sending_domain_id,
    p.provider_account_id,
    m.recipient_site,
    m.campaign_id,
    m.contact_list_id,
    m.step_number,
    m.variant,
    m.is_random,
    m.message_state in ('sent', 'presumed_sent') as is_submitted,
    p.mature_after_seconds,
    e.bounced_at,
    e.blocked_at,
    e.bounce_class,
    e.complained_at,
    e.replied_at,
    e.auto_replied_at,
    e.unsubscribed_at,
    e.delivered_at,
    coalesce(m.sent_at, m.sending_at, e.bounced_at, m.state_at) as begun_at,
    coalesce(
        m.plan_date,
        (coalesce(m.sent_at, m.sending_at, e.bounced_at, m.state_at) at time zone p.time_zone)::date
    ) as send_date,
    coalesce(e.deferrals, 0) as deferrals,
    -- What proves an outcome: any word from the other side. An open is no proof: scanners and proxies open too.
    least(
        e.bounced_at, e.complained_at, e.replied_at, e.auto_replied_at, e.unsubscribed_at, e.delivered_at
    ) as proven_at
from {{ ref('stg_outreach__messages') }} as m
inner join policies as p on m.tenant_id = p.tenant_id and m.mailbox_id = p.mailbox_id
left join {{ ref('int_events_grouped') }} as e on m.tenant_id = e.tenant_id and m.message_id = e.message_id
where m.message_kind = 'campaign' and m.message_state in ('sent', 'presumed_sent', 'outcome_unknown', 'failed')
