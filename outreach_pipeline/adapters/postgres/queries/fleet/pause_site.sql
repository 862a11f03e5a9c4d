insert into outreach.paused_sites as p (site, reason, paused_by, paused_at)
values (%(site)s, %(reason)s, %(author)s, %(now)s)
-- What a rule has paused for a while, a person pauses for good.
on conflict (site) do update
    set reason = excluded.reason, paused_by = excluded.paused_by, paused_at = excluded.paused_at, ends_at = null
    where p.ends_at is not null
