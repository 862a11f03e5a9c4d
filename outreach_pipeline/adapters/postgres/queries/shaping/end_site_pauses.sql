delete from outreach.paused_sites
where ends_at <= %(now)s
