update outreach.inbound_messages as i
set
    kind = %(kind)s,
    bounce_class = %(bounce_class)s,
    reason = %(reason)s,
    intent = %(intent)s,
    intent_is_sure = %(intent)s::text is not null,
    return_date = %(return_date)s,
    message_id = coalesce(i.message_id, %(message_id)s),
    tied_by = coalesce(i.tied_by, %(tied_by)s),
    correction_count = i.correction_count + 1,
    state = 'processed',
    processed_at = coalesce(i.processed_at, %(now)s),
    classified = coalesce(i.classified, '{}') || jsonb_build_object(
        'corrected', coalesce(i.classified -> 'corrected', '[]') || %(correction)s, 'bounce', %(bounce)s::jsonb
    )
where i.tenant_id = %(tenant_id)s and i.id = %(id)s
