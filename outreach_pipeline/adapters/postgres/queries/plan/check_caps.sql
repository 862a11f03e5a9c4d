-- What has more messages on the date than it may, at every level; a finding for each. A cap that fell below what has
-- gone out already is passed by nobody: only a plan that adds to it is wrong. Mail that people sent by hand counts. A
-- probe counts against its mailbox's caps and is none of what a plan adds: it was there, and stands in already_sent.
with mailboxes as (
    select
        c.mailbox_id,
        sum(c.messages) as messages,
        sum(c.planned) as planned
    from (
        select
            s.mailbox_id,
            count(*) as messages,
            count(*) filter (where s.state = 'planned' and s.kind = 'campaign') as planned
        from standing_rows as s
        group by s.mailbox_id
        union all
        select
            f.mailbox_id,
            f.messages,
            0 as planned
        from unnest(%(foreign_ids)s::bigint [], %(foreign_counts)s::bigint []) as f (mailbox_id, messages)
    ) as c
    group by c.mailbox_id
),

domains as (
    select
        b.sending_domain_id,
        sum(x.messages) as messages,
        sum(x.planned) as planned
    from mailboxes as x
    inner join outreach.mailboxes as b on b.tenant_id = %(tenant_id)s and x.mailbox_id = b.id
    group by b.sending_domain_id
),

companies as (
    select
        s.company_domain,
        count(*) as messages
    from standing_rows as s
    where s.kind <> 'probe'
    group by s.company_domain
    having count(*) > %(company_cap)s and bool_or(s.state = 'planned')
),

verifications as (
    select
        s.verification,
        count(*) as messages
    from standing_rows as s
    where s.kind = 'campaign' and s.step_number = 1
    group by s.verification
    having bool_or(s.state = 'planned')
),

ramps as (
    select
        s.mailbox_id,
        s.recipient_site,
        count(*) as messages
    from standing_rows as s
    where s.kind = 'campaign' and s.mailbox_id = any(%(ramp_ids)s::bigint [])
    group by s.mailbox_id, s.recipient_site
    having bool_or(s.state = 'planned')
),

lists as (
    select
        e.contact_list_id,
        count(*) as planned
    from standing_rows as s
    inner join outreach.enrollments as e on e.tenant_id = %(tenant_id)s and s.enrollment_id = e.id
    where
        s.kind = 'campaign' and s.step_number = 1 and s.state = 'planned'
        and cardinality(%(list_ids)s::bigint []) > 0 and e.contact_list_id = any(%(list_ids)s::bigint [])
    group by e.contact_list_id
),

sites as (
    select
        s.recipient_site,
        count(*) as messages
    from standing_rows as s
    where s.kind <> 'probe' and s.recipient_site = any(%(sites)s::text [])
    group by s.recipient_site
    having bool_or(s.state = 'planned')
)

select
    'mailbox ' || a.address || ' has ' || x.messages || ' messages and a cap of ' || least(w.cap, s.capacity) as finding
from unnest(%(mailbox_ids)s::bigint [], %(mailbox_caps)s::bigint []) as w (mailbox_id, cap)
inner join mailboxes as x on w.mailbox_id = x.mailbox_id
inner join outreach.mailboxes as a on a.tenant_id = %(tenant_id)s and x.mailbox_id = a.id
left join lateral (
    select b.*
    from outreach.send_batches as b
    where
        b.tenant_id = %(tenant_id)s and b.mailbox_id = x.mailbox_id and b.plan_date = %(plan_date)s
        and b.mode = 'real'
    order by b.mailbox_id
    limit 1
) as s on true
where x.planned > 0 and (x.messages > w.cap or greatest(x.messages, x.planned + s.already_sent) > s.capacity)
union all
select
    'mailbox ' || a.address || ' has ' || x.messages || ' messages to ' || w.site
    || ', where its warm-up allows ' || w.cap
from unnest(%(ramp_ids)s::bigint [], %(ramp_sites)s::text [], %(ramp_caps)s::bigint []) as w (mailbox_id, site, cap)
inner join ramps as x on w.mailbox_id = x.mailbox_id and w.site = x.recipient_site
inner join outreach.mailboxes as a on a.tenant_id = %(tenant_id)s and x.mailbox_id = a.id
where x.messages > w.cap
union all
select 'new contacts with ' || w.verification || ' addresses get ' || x.messages || ' messages and a cap of ' || w.cap
from unnest(%(verifications)s::text [], %(verification_caps)s::bigint []) as w (verification, cap)
inner join verifications as x on w.verification = x.verification
where x.messages > w.cap
union all
select
    'contact list ' || l.name || ' is on hold: ' || x.planned || ' of it are planned and its canary has '
    || w.contacts_left
from unnest(%(list_ids)s::bigint [], %(lists_left)s::bigint []) as w (list_id, contacts_left)
inner join lists as x on w.list_id = x.contact_list_id
inner join outreach.contact_lists as l on l.tenant_id = %(tenant_id)s and w.list_id = l.id
where x.planned > w.contacts_left
union all
select 'sending domain ' || d.domain || ' has ' || x.messages || ' messages and a cap of ' || w.cap
from unnest(%(domain_ids)s::bigint [], %(domain_caps)s::bigint []) as w (domain_id, cap)
inner join domains as x on w.domain_id = x.sending_domain_id
inner join outreach.sending_domains as d on d.tenant_id = %(tenant_id)s and x.sending_domain_id = d.id
where x.messages > w.cap and x.planned > 0
union all
select 'the tenant has ' || sum(x.messages) || ' messages and a cap of ' || %(tenant_cap)s::bigint
from mailboxes as x
having sum(x.messages) > %(tenant_cap)s::bigint and sum(x.planned) > 0
union all
select
    'company ' || x.company_domain || ' gets ' || x.messages || ' messages and its cap is ' || %(company_cap)s::bigint
from companies as x
-- A domain is free mail for all its contacts: one tells.
cross join lateral (
    select c.is_free_mail
    from outreach.contacts as c
    where c.tenant_id = %(tenant_id)s and c.company_domain = x.company_domain
    order by c.company_domain
    limit 1
) as k
where not k.is_free_mail
union all
select 'site ' || x.recipient_site || ' gets ' || x.messages || ' messages and its cap is ' || w.cap
from unnest(%(sites)s::text [], %(site_caps)s::bigint []) as w (site, cap)
inner join sites as x on w.site = x.recipient_site
where x.messages > w.cap
order by finding
