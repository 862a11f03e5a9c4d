select exists (select from outreach.recipient_sites where site = %(site)s)
    or exists (select from outreach.paused_sites where site = %(site)s)
    or exists (select from outreach.rate_limits where scope = 'recipient_site' and key = %(site)s)
    or outreach.site_is_planned_to(%(site)s)
