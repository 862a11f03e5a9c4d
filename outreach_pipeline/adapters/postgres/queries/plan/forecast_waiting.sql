-- Contacts that nobody has written to yet, in the order in which the planner reads them: how many in a row are alike in
-- campaign, the first date whose plan may have them, verification, the first date for whose plan that is too old, and
-- their list where its canary is still to go. Those that can never be written to as things stand have no date and stand
-- in nobody's way. Today is planned now, and later dates at the tenant's plan_at.
with waiting as (
    select
        f.id,
        f.campaign_id,
        case when l.canary_hold_seconds > 0 and l.hold_until is null and f.may_be_written_to then l.id end as list_id,
        f.due_on,
        f.verification,
        f.out_until,
        f.may_be_written_to,
        t.plan_at,
        case when l.hold_until > %(now)s then l.hold_until at time zone t.time_zone end as held_until,
        case
            when f.verification in ('valid', 'catch_all')
                then f.verified_at + make_interval(hours => 24 * %(verification_days)s)
        end as verified_until,
        t.time_zone
    from forecast_rows as f
    inner join outreach.tenants as t on t.id = %(tenant_id)s
    inner join outreach.contact_lists as l on l.tenant_id = %(tenant_id)s and f.contact_list_id = l.id
    where f.next_step = 1 and not f.is_planned
),

dated as (
    select
        w.id,
        w.campaign_id,
        w.list_id,
        w.due_on as read_on,
        case
            when w.may_be_written_to
                then greatest(
                    w.due_on, %(plan_date)s, w.out_until,
                    -- greatest() passes over what is not known: without a hold the other dates decide.
                    case
                        when w.held_until is not null
                            then greatest(
                                %(plan_date)s + 1, w.held_until::date + (w.held_until::time > w.plan_at)::integer
                            )
                    end
                )
        end as due_on,
        case when w.may_be_written_to and w.verified_until < %(now)s then 'unverified' else w.verification end
            as verification,
        case
            when w.may_be_written_to and w.verified_until >= %(now)s
                then greatest(
                    %(plan_date)s + 1,
                    (w.verified_until at time zone w.time_zone)::date
                    + ((w.verified_until at time zone w.time_zone)::time >= w.plan_at)::integer
                )
        end as unverified_from
    from waiting as w
),

-- Of those in a row that are alike, the two numbers grow together.
numbered as (
    select
        d.campaign_id,
        d.due_on,
        d.verification,
        d.unverified_from,
        d.list_id,
        row_number() over (partition by d.campaign_id, d.due_on is null order by d.read_on, d.id) as place,
        row_number() over (
            partition by d.campaign_id, d.due_on, d.verification, d.unverified_from, d.list_id
            order by d.read_on, d.id
        ) as place_among_alike
    from dated as d
)

select
    n.campaign_id,
    n.due_on,
    n.verification,
    n.unverified_from,
    n.list_id,
    count(*)::integer as contacts
from numbered as n
group by
    n.campaign_id, n.due_on, n.verification, n.unverified_from, n.list_id,
    case when n.due_on is not null then n.place - n.place_among_alike end
order by n.campaign_id, min(n.place)
