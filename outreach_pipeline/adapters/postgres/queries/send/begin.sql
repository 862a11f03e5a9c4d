-- The moment in which a send begins: whatever can forbid it is asked once more, under the locks taken before. Whose
-- rate comes round within a second stays claimed and is told how long it has to wait.
with wanted as (
    select w.id, w.token, w.subject, t.wait_seconds
    from unnest(%(ids)s::bigint [], %(tokens)s::bigint [], %(subjects)s::text []) as w (id, token, subject)
    left join outreach.take_turns(%(ids)s::bigint [], %(tokens)s::bigint []) as t on w.id = t.message_id
),

judged as (
    select
        m.id,
        w.token,
        w.subject,
        case
            when
                exists (
                    select from outreach.suppressions as s
                    where
                        s.tenant_id = m.tenant_id
                        and (
                            (s.scope = 'address' and s.value = m.to_address)
                            -- An opt-out means all tags of an address; that one of them is dead says nothing of others.
                            or (
                                s.scope = 'address' and s.folded = outreach.folded(m.to_address)
                                and s.reason <> 'bounce'
                            )
                            or (s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
                        )
                )
                or exists (
                    select from outreach.operator_suppressions as s
                    where
                        (s.scope = 'address' and s.folded = outreach.folded(m.to_address))
                        or (s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
                )
                then 'suppressed'
            when m.window_ends_at <= %(now)s then 'day_over'
            when e.id is not null and e.state <> 'active' then 'enrollment_' || e.state
            when e.id is not null and e.next_step <> m.step_number then 'step_done'
            when l.state = 'paused' then 'list_paused'
            when m.kind = 'campaign' and k.out_until > m.plan_date then 'out_of_office'
        end as cancel_reason,
        case
            when t.state <> 'active' then 'tenant_paused'
            when c.id is not null and c.state <> 'active' then 'campaign_paused'
            when b.paused_until > %(now)s then 'mailbox_paused'
            when b.lifecycle in ('resting', 'quarantined', 'retired') then 'mailbox_' || b.lifecycle
            when p.state = 'held' then 'plan_held'
            when g.unauthenticated is not null then 'domain_unauthenticated'
            when
                exists (
                    select from outreach.paused_sites as h
                    where h.site = m.recipient_site and (h.ends_at is null or h.ends_at > %(now)s)
                )
                then 'site_paused'
            when
                exists (
                    select from outreach.shaping_firings as f
                    where
                        f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null
                        and f.until > %(now)s
                        and (f.scope, f.key) in (
                            ('mailbox_at_site', b.id::text), ('sending_domain_at_site', b.sending_domain_id::text)
                        )
                )
                then 'blocked_at_site'
            when w.wait_seconds > 1 then 'rate_limited'
        end as wait_reason
    from outreach.messages as m
    inner join wanted as w on m.id = w.id and m.lease_token = w.token
    inner join outreach.tenants as t on m.tenant_id = t.id
    inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
    inner join outreach.sending_domains as g on b.tenant_id = g.tenant_id and b.sending_domain_id = g.id
    left join outreach.campaigns as c on m.tenant_id = c.tenant_id and m.campaign_id = c.id
    left join outreach.enrollments as e on m.tenant_id = e.tenant_id and m.enrollment_id = e.id
    left join outreach.contacts as k on m.tenant_id = k.tenant_id and m.contact_id = k.id
    left join outreach.plans as p on m.tenant_id = p.tenant_id and m.plan_date = p.plan_date
    left join outreach.contact_lists as l on m.tenant_id = l.tenant_id and m.contact_list_id = l.id
    where
        -- The state as an expression: by the index of states all that is claimed would be read for these few.
        m.tenant_id = %(tenant_id)s and m.id = any(%(ids)s::bigint [])
        and m.state || '' = 'claimed' and m.lease_expires_at > clock_timestamp()
        and coalesce(w.wait_seconds, 2) > 1
    for update of m
),

told as (
    select *, coalesce(cancel_reason, wait_reason) as reason
    from judged
),

decided as (
    update outreach.messages as m
    set
        state = case
            when j.cancel_reason is not null then 'cancelled' when j.reason is not null then 'deferred' else
                'sending'
        end,
        state_at = clock_timestamp(),
        reason = j.reason,
        -- What waits is claimed again as soon as nothing forbids it any more: a claim asks all of the above, too.
        retry_at = null,
        sending_at = case when j.reason is null then %(now)s end,
        lease_token = case when j.reason is null then m.lease_token end,
        lease_expires_at = case when j.reason is null then m.lease_expires_at end,
        subject = j.subject
    from told as j
    where m.tenant_id = %(tenant_id)s and m.id = j.id
    returning m.id, j.token, m.state, m.reason
),

released as (
    delete from outreach.leases as l
    using decided as d
    where l.holder = %(tenant_id)s::uuid || '/' || d.id and d.state <> 'sending'
)

-- By token too: a worker may have claimed anew what it has lost, and both of its claims may ask at once.
select w.id, w.token, coalesce(d.state, 'lease_lost') as state, d.reason, w.wait_seconds
from wanted as w
left join decided as d on w.id = d.id and w.token = d.token
