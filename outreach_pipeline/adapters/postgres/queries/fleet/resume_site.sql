delete from outreach.paused_sites
where site = %(site)s
