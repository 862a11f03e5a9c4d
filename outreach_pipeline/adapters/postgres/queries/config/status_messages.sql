select state, count(*) as message_count
from outreach.messages
where tenant_id = %(tenant_id)s
group by state
order by state
