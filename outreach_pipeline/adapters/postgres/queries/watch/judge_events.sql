select
    %(tenant_slug)s as tenant,
    e.message_id,
    e.kind,
    e.bounce_class,
    e.recipient,
    e.detail ->> 'intent' as intent,
    (e.detail ->> 'return_date')::date as return_date
from outreach.events as e
where e.tenant_id = %(tenant_id)s
order by e.id
