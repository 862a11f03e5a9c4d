update outreach.inbound_messages
set
    state = %(state)s,
    processed_at = %(now)s,
    kind = %(kind)s,
    bounce_class = %(bounce_class)s,
    reason = %(reason)s,
    status = %(status)s,
    intent = %(intent)s,
    intent_is_sure = %(intent_is_sure)s,
    return_date = %(return_date)s,
    message_id = %(message_id)s,
    tied_by = %(tied_by)s,
    classified = %(classified)s
where tenant_id = %(tenant_id)s and id = %(id)s
