-- The copies that are to be filed of sends that have begun in this transaction. One that was put off begins anew.
insert into outreach.sent_copies as c (tenant_id, message_id, mailbox_id, sha256, state, cause)
select
    m.tenant_id, m.id, m.mailbox_id, w.sha256, case when w.problem is null then 'waiting' else 'given_up' end, w.problem
from unnest(%(ids)s::bigint [], %(tokens)s::bigint [], %(sha256s)s::text [], %(problems)s::text [])
    as w (id, token, sha256, problem)
inner join outreach.messages as m
    on m.tenant_id = %(tenant_id)s and w.id = m.id and w.token = m.lease_token and m.state = 'sending'
on conflict (tenant_id, message_id) do update
    set sha256 = excluded.sha256, state = excluded.state, cause = excluded.cause
