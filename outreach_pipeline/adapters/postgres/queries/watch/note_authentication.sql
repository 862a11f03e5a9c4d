-- What of these was found missing or wrong; what could not be asked stays as it was.
update outreach.sending_domains as d
set
    unauthenticated = (
        select string_agg(s.subject, ', ' order by s.subject)
        from unnest(%(subjects)s::text [], %(results)s::text []) as s (subject, result)
        where s.result = 'fail' or (s.result = 'unknown' and s.subject = any(string_to_array(d.unauthenticated, ', ')))
    )
where d.tenant_id = %(tenant_id)s and d.id = %(sending_domain_id)s
