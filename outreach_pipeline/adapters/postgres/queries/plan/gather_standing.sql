-- What stands on a date, for its checks. A table of the transaction has a size by which joins are chosen; rows of
-- messages that were just written have no statistics yet, and a join would take them for one.
create temporary table standing_rows on commit drop as
select
    m.id,
    m.kind,
    m.state,
    m.mailbox_id,
    m.contact_id,
    m.campaign_id,
    m.step_number,
    m.to_address,
    split_part(m.to_address, '@', 2) as mail_domain,
    m.company_domain,
    m.recipient_site,
    m.scheduled_at,
    m.window_ends_at,
    m.thread_message_id is null as begins_thread
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s
    and m.state not in ('cancelled', 'failed')
