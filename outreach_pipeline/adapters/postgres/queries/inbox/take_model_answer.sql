-- What a model says of a reply, unless a person has spoken meanwhile.
update outreach.inbound_messages as i
set
    intent = %(intent)s,
    intent_is_sure = %(is_sure)s,
    classified = i.classified || jsonb_build_object('model', %(model)s::text, 'rules_intent', i.intent)
where
    i.tenant_id = %(tenant_id)s and i.id = %(id)s and i.kind = 'reply' and i.intent <> 'stop' and i.correction_count = 0
    and not i.intent_is_sure
