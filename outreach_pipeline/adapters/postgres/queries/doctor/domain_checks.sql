-- The last check of each sending domain and subject; a domain that was never checked has one row without a subject.
select d.domain, k.subject, k.result, k.detail, k.checked_at
from outreach.sending_domains as d
left join lateral (
    select distinct on (c.subject) c.subject, c.result, c.detail, c.checked_at
    from outreach.domain_checks as c
    where c.tenant_id = d.tenant_id and c.sending_domain_id = d.id
    order by c.subject asc, c.checked_at desc
) as k on true
where d.tenant_id = %(tenant_id)s
order by d.domain, k.subject
