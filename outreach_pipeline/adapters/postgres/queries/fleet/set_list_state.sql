-- From a person's word on, what bounced before counts no more.
update outreach.contact_lists as l
set
    state = %(state)s,
    paused_reason = %(reason)s,
    counts_from = case when %(state)s = 'active' then clock_timestamp() else l.counts_from end
where l.tenant_id = %(tenant_id)s and l.id = %(list_id)s and l.state <> %(state)s
