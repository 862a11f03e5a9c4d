-- Contacts with a message on its way, or one that went out for the date; a test goes to somebody else. A table of the
-- transaction: its size tells how to join it, where rows that were written a moment ago have no statistics yet. An
-- index answers each part.
create temporary table busy_rows on commit drop as
select m.contact_id
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred') and m.contact_id is not null
    and m.kind <> 'test' and (m.state = 'deferred' or m.kind <> 'campaign' or m.plan_date <> %(plan_date)s)
union
select m.contact_id
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.state in ('claimed', 'sending', 'outcome_unknown')
    and m.contact_id is not null and m.kind <> 'test'
union
select m.contact_id
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.contact_id is not null
    and m.state in ('sent', 'failed', 'presumed_sent')
