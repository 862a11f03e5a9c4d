insert into outreach.paused_sites (site, reason, paused_by, paused_at)
values (%(site)s, %(reason)s, %(author)s, %(now)s)
on conflict (site) do nothing
