-- What became of a copy. Fenced by the token: who was stopped past the lease says nothing any more.
update outreach.sent_copies as c
set
    state = %(state)s,
    was_there = %(was_there)s,
    filed_at = case when %(state)s = 'filed' then clock_timestamp() end,
    cause = %(cause)s,
    retry_at = clock_timestamp() + make_interval(secs => %(pause_seconds)s)
where c.tenant_id = %(tenant_id)s and c.message_id = %(message_id)s and c.token = %(token)s
