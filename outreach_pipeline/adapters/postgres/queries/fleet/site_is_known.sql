select exists (select from outreach.recipient_sites where site = %(site)s)
    or exists (select from outreach.paused_sites where site = %(site)s)
