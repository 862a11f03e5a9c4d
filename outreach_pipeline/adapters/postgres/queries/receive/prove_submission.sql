-- A reaction proves that the server has taken a message whose outcome was not known.
update outreach.messages
set
    state = 'sent',
    state_at = clock_timestamp(),
    sent_at = coalesce(sent_at, sending_at, %(now)s),
    unknown_until = null,
    reason = %(reason)s
where tenant_id = %(tenant_id)s and id = %(message_row_id)s and state in ('outcome_unknown', 'presumed_sent')
returning kind
