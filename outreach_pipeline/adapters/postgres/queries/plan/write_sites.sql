-- When DNS fails, what was known of a domain before stands on, and is asked again later.
insert into outreach.recipient_sites as s (domain, site, mx_hosts, state, resolved_at, expires_at)
select r.domain, r.site, array(select jsonb_array_elements_text(r.mx_hosts)), r.state, %(now)s, r.expires_at
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    domain text, site text, mx_hosts jsonb, state text, expires_at timestamptz
)
order by r.domain
on conflict (domain) do update
set
    site = case when excluded.state = 'failed' then s.site else excluded.site end,
    mx_hosts = case when excluded.state = 'failed' then s.mx_hosts else excluded.mx_hosts end,
    state = case when excluded.state = 'failed' then s.state else excluded.state end,
    resolved_at = excluded.resolved_at,
    expires_at = excluded.expires_at
where s.resolved_at < excluded.resolved_at
