-- The message that an incoming mail answers: by the ids it names, first named first; else the last one from this
-- mailbox, or from one whose answers go here, to one of the addresses it speaks of or comes from;
-- else to its writer's address under another tag, where only one contact has that.
with named as (
    select n.named_id, n.position
    from unnest(%(named_ids)s::text []) with ordinality as n (named_id, position)
),

-- The mailbox, and those whose answers go to it.
answered as (
    select b.id
    from outreach.mailboxes as b
    inner join outreach.mailboxes as h on b.tenant_id = h.tenant_id and h.id = %(mailbox_id)s
    where b.tenant_id = %(tenant_id)s and (b.id = h.id or b.reply_to = h.address)
),

-- The only contact whose address is the writer's, whatever their tags.
alias as (
    select min(c.id) as contact_id
    from outreach.contacts as c
    where c.tenant_id = %(tenant_id)s and outreach.folded(c.address) = outreach.folded(%(writer)s::text)
    having count(*) = 1
),

candidates as (
    -- What was tied before, when a person corrects the class.
    select m.id, 'before' as tied_by, 1 as rank_in_kind, 0 as kind_rank, m.sent_at
    from outreach.messages as m
    where m.tenant_id = %(tenant_id)s and m.id = %(message_row_id)s::bigint
    union all
    select m.id, 'message_id', n.position, 1, m.sent_at
    from outreach.messages as m
    inner join named as n on m.message_id = n.named_id or m.wire_message_id = n.named_id
    where m.tenant_id = %(tenant_id)s and m.sending_at is not null and m.state <> 'cancelled'
    union all
    select m.id, 'address', 1, 2, m.sent_at
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.mailbox_id = any(array(select a.id from answered as a))
        and m.to_address = any(%(addresses)s)
        and m.state in ('sent', 'outcome_unknown', 'presumed_sent')
        and m.sending_at > %(received_at)s - interval '60 days' and m.sending_at <= %(received_at)s + interval '1 day'
    union all
    select m.id, 'address', 1, 3, m.sent_at
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.mailbox_id = any(array(select a.id from answered as a))
        and m.contact_id = (select l.contact_id from alias as l)
        and m.state in ('sent', 'outcome_unknown', 'presumed_sent')
        and m.sending_at > %(received_at)s - interval '60 days' and m.sending_at <= %(received_at)s + interval '1 day'
)

select
    m.id,
    m.kind,
    c.tied_by,
    m.message_id as rfc822_message_id,
    m.to_address,
    m.mailbox_id,
    m.enrollment_id,
    m.contact_id,
    m.campaign_id,
    m.contact_list_id,
    m.recipient_site, m.state, m.sending_at, m.company_domain, g.stops_company_on_reply,
    coalesce((p.policy ->> 'out_of_office_days')::integer, 7) as out_of_office_days
from candidates as c
inner join outreach.messages as m on c.id = m.id and m.tenant_id = %(tenant_id)s
left join outreach.campaigns as g on m.tenant_id = g.tenant_id and m.campaign_id = g.id
left join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
left join outreach.sending_policies as p
    on m.tenant_id = p.tenant_id and (p.id = b.policy_id or (b.policy_id is null and p.name = 'default'))
order by c.kind_rank asc, c.rank_in_kind asc, c.sent_at desc nulls last, m.id desc
limit 1
