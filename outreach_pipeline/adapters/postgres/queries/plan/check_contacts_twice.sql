select 'contact ' || s.contact_id || ' has ' || count(*) || ' messages' as finding
from standing_rows as s
where s.kind = 'campaign'
group by s.contact_id
having count(*) > 1
order by s.contact_id
