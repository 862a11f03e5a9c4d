-- A mail is kept once a mailbox, whatever folders it is or was in.
with kept as (
    insert into outreach.inbound_messages (
        tenant_id,
        mailbox_id,
        sha256,
        size_bytes,
        direction,
        received_at,
        rfc822_message_id,
        from_address,
        to_addresses,
        subject, state, processed_at, own_message_id
    )
    select
        %(tenant_id)s, %(mailbox_id)s, r.sha256, r.size_bytes, r.direction, r.received_at, r.rfc822_message_id,
        r.from_address, r.to_addresses, r.subject,
        case r.direction when 'out' then 'processed' else 'new' end,
        case r.direction when 'out' then now() end,
        case r.direction when 'out' then r.own_message_id end
    from (
        select distinct on (m.sha256) m.*
        from jsonb_to_recordset(%(mails)s::jsonb) as m (
            uid bigint, sha256 text, size_bytes integer, direction text, received_at timestamptz,
            rfc822_message_id text, from_address text, to_addresses text [], subject text, own_message_id text
        )
        order by m.sha256, m.uid
    ) as r
    -- Mail is processed by its id, in the order in which it came.
    order by r.uid
    -- To nothing, so that a row is known by its id also if another sync has just written it.
    on conflict (tenant_id, mailbox_id, sha256) do update set sha256 = excluded.sha256
    returning id, sha256, xmax = 0 as is_new
),

located as (
    insert into outreach.inbound_locations (tenant_id, mailbox_id, folder, uidvalidity, uid, inbound_message_id)
    select %(tenant_id)s, %(mailbox_id)s, %(folder)s, %(uidvalidity)s, r.uid, k.id
    from jsonb_to_recordset(%(mails)s::jsonb) as r (sha256 text, uid bigint)
    inner join kept as k on r.sha256 = k.sha256
    on conflict (tenant_id, mailbox_id, folder, uidvalidity, uid) do nothing
)

select id, sha256 from kept where is_new
