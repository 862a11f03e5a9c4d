-- What stands on a date, for its checks, with what is asked of its contacts. A table of the transaction has a size by
-- which joins are chosen; rows that were just written have no statistics yet, and a join takes them for one.
create temporary table standing_rows on commit drop as
select
    m.id,
    m.enrollment_id,
    m.kind,
    m.state,
    m.mailbox_id,
    m.contact_id,
    m.campaign_id,
    m.step_number,
    m.to_address,
    split_part(m.to_address, '@', 2) as mail_domain,
    m.company_domain,
    m.recipient_site,
    m.scheduled_at,
    m.window_ends_at,
    m.thread_message_id is null as begins_thread,
    coalesce(c.time_zone, '') as zone,
    coalesce(c.country, '') as country,
    coalesce(c.region, '') as region,
    c.verification
from outreach.messages as m
left join lateral (
    select
        k.time_zone,
        k.country,
        k.region,
        case
            when coalesce(k.verified_at, k.created_at) < %(verified_since)s and k.verification in ('valid', 'catch_all')
                then 'unverified'
            else k.verification
        end as verification
    from outreach.contacts as k
    where k.tenant_id = %(tenant_id)s and k.id = m.contact_id
    order by k.id
    limit 1
) as c on true
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s
    and m.state not in ('cancelled', 'failed')
