update outreach.inbound_messages as i
set
    classified = i.classified
    || jsonb_build_object('model_tries', coalesce((i.classified ->> 'model_tries')::integer, 0) + 1)
where i.tenant_id = %(tenant_id)s and i.id = %(id)s
