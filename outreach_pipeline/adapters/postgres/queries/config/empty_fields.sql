-- Of the contacts that come in, as they are stored, how many have nothing in a field; fields without such are left out.
select
    n.name,
    count(*) as contacts
from incoming_contacts as i
inner join outreach.contacts as c on c.tenant_id = %(tenant_id)s and i.address = c.address
cross join unnest(%(names)s::text []) as n (name)
where
    trim(coalesce(
        case n.name
            when 'first_name' then c.first_name
            when 'last_name' then c.last_name
            when 'company' then c.company
            when 'address' then c.address
            else c.attributes ->> n.name
        end,
        ''
    )) = ''
group by n.name
order by n.name
