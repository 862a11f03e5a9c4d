-- What a worker that died left behind, and what time alone decides.
with free as (
    -- What another transaction works on is left to it: nobody waits for a worker that stands still in one.
    select m.id
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s
        and (
            (m.state in ('claimed', 'sending') and m.lease_expires_at <= clock_timestamp())
            or (m.state = 'outcome_unknown' and m.unknown_until <= %(now)s)
        )
    for update of m skip locked
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
    from free as f
    where
        m.tenant_id = %(tenant_id)s and m.id = f.id and m.state in ('claimed', 'sending')
        and m.lease_expires_at <= clock_timestamp()
    returning m.id, m.state
),

presumed as (
    update outreach.messages as m
    set state = 'presumed_sent', state_at = clock_timestamp(), reason = 'unknown_deadline'
    from free as f
    where
        m.tenant_id = %(tenant_id)s and m.id = f.id and m.state = 'outcome_unknown' and m.unknown_until <= %(now)s
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
