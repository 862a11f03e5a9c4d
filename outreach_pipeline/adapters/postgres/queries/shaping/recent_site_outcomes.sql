-- Of all tenants: ids, codes and reasons only. A site has no sending domain of its own.
select o.mailbox_id, 0 as sending_domain_id, o.recipient_site as site, o.stage, o.code, o.enhanced_code, o.reason, o.at
from outreach.recent_site_outcomes(%(sites)s::text [], %(since)s, %(are_reports)s, %(most)s) as o
