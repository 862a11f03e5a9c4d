select
    %(tenant_slug)s as tenant,
    b.address as mailbox,
    d.domain as sending_domain,
    a.name as provider_account,
    coalesce(p.name, 'default') as policy,
    b.messages_per_day,
    coalesce(w.messages_per_day, '{}') as curve,
    b.warmup_days_before
from outreach.mailboxes as b
inner join outreach.sending_domains as d on b.tenant_id = d.tenant_id and b.sending_domain_id = d.id
left join outreach.sending_policies as p on b.tenant_id = p.tenant_id and b.policy_id = p.id
left join outreach.warmup_curves as w on b.tenant_id = w.tenant_id and b.warmup_curve_id = w.id
left join outreach.provider_accounts as a on b.provider_account_id = a.id
where b.tenant_id = %(tenant_id)s
order by b.address
