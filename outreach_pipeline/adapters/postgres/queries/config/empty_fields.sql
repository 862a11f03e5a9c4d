-- Of the contacts that come in, as they are stored, how many have nothing in a field, or a word that says so;
-- fields without such are left out.
with held as (
    select
        n.name,
        btrim(coalesce(
            case n.name
                when 'first_name' then c.first_name
                when 'last_name' then c.last_name
                when 'company' then c.company
                when 'address' then c.address
                else c.attributes ->> n.name
            end,
            ''
        ), %(around)s) as word
    from incoming_contacts as i
    inner join outreach.contacts as c on c.tenant_id = %(tenant_id)s and i.address = c.address
    cross join unnest(%(names)s::text []) as n (name)
)

select
    name,
    count(*) as contacts
from held
where
    lower(word) = any(%(no_values)s::text [])
    and not (name = any(%(of_persons)s::text []) and word = any(%(names_of_persons)s::text []))
group by name
order by name
