-- What a worker that died left behind, and what time alone decides. A row that somebody holds just now is looked at the
-- next time: two who recover never wait for each other.
with lapsed as (
    select m.id
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.state in ('claimed', 'sending') and m.lease_expires_at <= clock_timestamp()
    for update skip locked
),

overdue as (
    select m.id
    from outreach.messages as m
    where m.tenant_id = %(tenant_id)s and m.state = 'outcome_unknown' and m.unknown_until <= %(now)s
    for update skip locked
),

expired as (
    update outreach.messages as m
    set
        state = case m.state when 'claimed' then 'planned' else 'outcome_unknown' end,
        state_at = clock_timestamp(),
        reason = case m.state when 'claimed' then m.reason else 'worker_lost' end,
        unknown_until = case m.state when 'sending' then %(now)s + make_interval(secs => coalesce(
            (
                select (p.policy ->> 'unknown_outcome_seconds')::double precision
                from outreach.sending_policies as p
                inner join outreach.mailboxes as b on p.tenant_id = b.tenant_id
                where
                    b.tenant_id = m.tenant_id and b.id = m.mailbox_id
                    and (p.id = b.policy_id or (b.policy_id is null and p.name = 'default'))
            ), 86400
        )) end,
        lease_token = null,
        lease_expires_at = null
    from lapsed as l
    where m.tenant_id = %(tenant_id)s and m.id = l.id
    returning m.id, m.state
),

presumed as (
    update outreach.messages as m
    set state = 'presumed_sent', state_at = clock_timestamp(), reason = 'unknown_deadline'
    from overdue as o
    where m.tenant_id = %(tenant_id)s and m.id = o.id
    returning m.id, m.state
),

released as (
    delete from outreach.leases as l
    using expired as x
    where l.holder = %(tenant_id)s::uuid || '/' || x.id
)

select x.id, x.state from expired as x
union all
select p.id, p.state from presumed as p
