-- A limit and a policy may be set to nothing, so that a flag tells whether they are to be set.
update outreach.mailboxes as b
set
    messages_per_day = case
        when %(set_messages_per_day)s then %(messages_per_day)s::integer else b.messages_per_day
    end,
    policy_id = case when %(set_policy)s then %(policy_id)s::bigint else b.policy_id end,
    lifecycle = coalesce(%(lifecycle)s::text, b.lifecycle),
    lifecycle_since = case
        when coalesce(%(lifecycle)s::text, b.lifecycle) <> b.lifecycle then %(now)s else b.lifecycle_since
    end,
    -- What a person has set stands until it is given back to the rules; who had set it is kept until they move it.
    lifecycle_evidence = case
        when %(clears_lifecycle)s and b.lifecycle_evidence ? 'set_by'
            then (b.lifecycle_evidence - 'set_by') || jsonb_build_object(
                'was_set_by', b.lifecycle_evidence -> 'set_by',
                'given_back_by', %(author)s::text, 'given_back_at', %(now)s::timestamptz
            )
        when %(lifecycle)s::text is not null
            then jsonb_build_object(
                'set_by', %(author)s::text, 'at', %(now)s::timestamptz, 'reason', %(reason)s::text
            )
        else b.lifecycle_evidence
    end
where b.tenant_id = %(tenant_id)s and b.id = any(%(ids)s)
