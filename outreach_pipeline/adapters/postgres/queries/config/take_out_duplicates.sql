-- The first row of an address stays.
delete from incoming_contacts as i
using (
    select line, address, first_value(line) over (partition by address order by line) as first_line
    from incoming_contacts
) as d
where i.line = d.line and d.line <> d.first_line
returning i.line, i.address, d.first_line
