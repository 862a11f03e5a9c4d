-- Active tenants whose local time has passed their plan_at, and their local date.
select t.slug, (%(now)s::timestamptz at time zone t.time_zone)::date as plan_date
from outreach.tenants as t
where t.state = 'active' and (%(now)s::timestamptz at time zone t.time_zone)::time >= t.plan_at
order by t.slug
