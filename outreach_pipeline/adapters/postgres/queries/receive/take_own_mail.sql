-- Mails in Sent that are no message of ours, each looked at once.
with own as (
    select i.id
    from outreach.inbound_messages as i
    where
        i.tenant_id = %(tenant_id)s and i.direction = 'out' and i.message_id is null and i.own_mail_noted_at is null
    order by i.id
    limit %(most)s
    for update skip locked
)

update outreach.inbound_messages as i
set own_mail_noted_at = %(now)s
from own as o
where i.tenant_id = %(tenant_id)s and i.id = o.id
returning i.id
