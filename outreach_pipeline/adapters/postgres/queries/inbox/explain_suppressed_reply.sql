-- Says in a cancelled answer why its recipient gets none; of several suppressions an opt-out tells most.
update outreach.messages as m
set
    reason_detail = coalesce(
        (
            select
                case
                    when s.reason in ('bounce', 'complaint')
                        then 'The recipient''s address is suppressed (' || s.reason || '): nothing can be sent to it.'
                    else 'The recipient opted out (' || s.reason || '): nothing can be sent to this address.'
                end
            from outreach.suppressions as s
            where
                s.tenant_id = m.tenant_id and s.scope = 'address' and s.folded = outreach.folded(m.to_address)
            order by s.reason in ('bounce', 'complaint'), s.reason
            limit 1
        ),
        'The recipient''s address or domain is suppressed: nothing can be sent to it.'
    )
where
    m.tenant_id = %(tenant_id)s and m.id = %(id)s and m.kind = 'reply' and m.state = 'cancelled'
    and m.reason = 'suppressed' and m.reason_detail is null
returning m.id
