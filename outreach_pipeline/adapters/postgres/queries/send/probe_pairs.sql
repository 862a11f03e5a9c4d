-- Opted-in mailboxes whose date is planned and that have no probe of it yet, and for each the others that may receive
-- its probe: of another provider organisation.
select
    a.id as mailbox_id,
    a.address as from_address,
    d.domain as sending_domain,
    b.id as to_mailbox_id,
    b.address as to_address
from outreach.mailboxes as a
inner join outreach.sending_domains as d on a.tenant_id = d.tenant_id and a.sending_domain_id = d.id
inner join outreach.mailboxes as b
    on
        a.tenant_id = b.tenant_id and a.id <> b.id and b.is_probe_target and b.lifecycle <> 'retired'
        and a.provider_account_id is distinct from b.provider_account_id
left join outreach.sending_policies as p
    on a.tenant_id = p.tenant_id and (p.id = a.policy_id or (a.policy_id is null and p.name = 'default'))
inner join outreach.send_batches as s
    on a.tenant_id = s.tenant_id and a.id = s.mailbox_id and s.plan_date = %(plan_date)s and s.mode = 'real'
where
    a.tenant_id = %(tenant_id)s and a.is_probe_target and not a.is_receive_only
    and a.lifecycle in ('warming', 'active', 'observed')
    and coalesce((p.policy ->> 'probes_per_day_per_mailbox')::integer, 0) > 0
    and not exists (
        select from outreach.messages as m
        where
            m.tenant_id = a.tenant_id and m.kind = 'probe' and m.mailbox_id = a.id and m.plan_date = %(plan_date)s
            and m.state <> 'cancelled'
    )
order by a.id, b.id
