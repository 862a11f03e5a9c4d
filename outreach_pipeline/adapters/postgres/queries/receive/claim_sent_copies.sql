-- Copies of a mailbox that are to be filed now; what was not sent after all needs none.
with unneeded as (
    delete from outreach.sent_copies as c
    using outreach.messages as m
    where
        c.tenant_id = %(tenant_id)s and c.mailbox_id = %(mailbox_id)s and c.state = 'waiting'
        and m.tenant_id = c.tenant_id and m.id = c.message_id and m.state in ('failed', 'cancelled')
),

due as (
    -- Whoever reads the mailbox sees what has most likely gone out, too.
    select c.message_id, m.message_id as rfc822_id, coalesce(m.sent_at, m.sending_at) as sent_at
    from outreach.sent_copies as c
    inner join outreach.messages as m
        on c.tenant_id = m.tenant_id and c.message_id = m.id and m.state in ('sent', 'presumed_sent')
    where
        c.tenant_id = %(tenant_id)s and c.mailbox_id = %(mailbox_id)s and c.state in ('waiting', 'filing')
        and c.retry_at <= clock_timestamp()
    order by coalesce(m.sent_at, m.sending_at)
    limit %(most)s
    for update of c skip locked
)

update outreach.sent_copies as c
set
    state = 'filing', token = nextval('outreach.lease_tokens'), tries = c.tries + 1,
    retry_at = clock_timestamp() + make_interval(secs => %(lease_seconds)s)
from due as d
where c.tenant_id = %(tenant_id)s and c.message_id = d.message_id
returning c.message_id, c.token, c.sha256, c.tries, d.rfc822_id, d.sent_at
