select
    b.id, b.address, d.domain, coalesce(a.provider, 'generic') as provider, b.lifecycle, b.lane, b.messages_per_day,
    coalesce(p.name, 'default') as policy, case when b.paused_until > %(now)s then b.paused_until end as paused_until,
    b.paused_reason, b.consecutive_errors, b.send_failure, b.send_failed_at, b.synced_at, b.sync_cause, b.sync_failure,
    g.cause as grant_refusal
from outreach.mailboxes as b
inner join outreach.sending_domains as d on b.tenant_id = d.tenant_id and b.sending_domain_id = d.id
left join outreach.provider_accounts as a on b.provider_account_id = a.id
left join outreach.sending_policies as p on b.tenant_id = p.tenant_id and b.policy_id = p.id
left join lateral (
    select w.cause
    from outreach.revoked_grants as w
    where w.tenant_id = b.tenant_id and w.mailbox_id = b.id and w.ends_at > clock_timestamp()
    order by w.ends_at desc
    limit 1
) as g on true
where b.tenant_id = %(tenant_id)s
order by b.address
