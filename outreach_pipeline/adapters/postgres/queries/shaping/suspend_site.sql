-- A pause by people has no end, and stands.
insert into outreach.paused_sites as p (site, reason, paused_by, paused_at, ends_at)
values (%(site)s, %(reason)s, 'rules', %(now)s, %(until)s)
on conflict (site) do update
    set ends_at = excluded.ends_at, reason = excluded.reason
    where p.ends_at < excluded.ends_at
