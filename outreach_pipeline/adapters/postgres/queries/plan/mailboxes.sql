select
    b.id,
    b.address,
    b.sending_domain_id,
    d.domain as sending_domain,
    d.messages_per_day as domain_messages_per_day,
    b.provider_account_id,
    b.policy_id,
    b.messages_per_day,
    b.lifecycle,
    b.lifecycle_since,
    b.is_receive_only,
    -- A pause without an end is stored as infinity, which no calendar outside Postgres reaches.
    case when b.paused_until > '9999-01-01' then '9999-01-01' else b.paused_until end as paused_until,
    b.warmup_days_before,
    w.name as curve_name,
    w.messages_per_day as curve
from outreach.mailboxes as b
inner join outreach.sending_domains as d on b.tenant_id = d.tenant_id and b.sending_domain_id = d.id
left join outreach.warmup_curves as w on b.tenant_id = w.tenant_id and b.warmup_curve_id = w.id
where b.tenant_id = %(tenant_id)s
order by b.id
