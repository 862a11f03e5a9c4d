select
    b.id as mailbox_id,
    b.address,
    b.lifecycle,
    b.lifecycle_since,
    b.lifecycle_evidence,
    -- A pause without an end is stored as infinity, which no calendar outside Postgres reaches.
    case when b.paused_until > '9999-01-01' then '9999-01-01' else b.paused_until end as paused_until,
    b.paused_reason,
    b.send_failure,
    b.send_failed_at,
    g.cause as grant_refusal,
    g.ends_at as grant_ends_at,
    g.is_of_mailbox as is_grant_of_mailbox,
    a.oauth_kind,
    a.name as account,
    a.provider,
    a.licences,
    a.messages_per_day as account_messages_per_day,
    s.mode,
    s.capacity,
    s.already_sent,
    s.planned,
    s.cap_terms,
    s.planned_at,
    p.state,
    p.held_reason,
    p.summary,
    array(
        select c.slug
        from outreach.campaign_mailboxes as m
        inner join outreach.campaigns as c on m.tenant_id = c.tenant_id and m.campaign_id = c.id
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id
        order by c.slug
    ) as campaigns
from outreach.mailboxes as b
left join outreach.send_batches as s
    on b.tenant_id = s.tenant_id and b.id = s.mailbox_id and s.plan_date = %(plan_date)s
left join outreach.plans as p on b.tenant_id = p.tenant_id and p.plan_date = %(plan_date)s
left join outreach.provider_accounts as a on b.provider_account_id = a.id
left join lateral (
    select w.cause, w.ends_at, w.is_of_mailbox
    from outreach.revoked_grants as w
    where w.tenant_id = b.tenant_id and w.mailbox_id = b.id and w.ends_at > clock_timestamp()
    order by w.ends_at desc
    limit 1
) as g on true
where b.tenant_id = %(tenant_id)s and b.address = %(address)s
