-- Proof of submission settles an unknown or presumed outcome.
with proven as (
    update outreach.messages as m
    set
        state = 'sent',
        state_at = clock_timestamp(),
        sent_at = coalesce(p.sent_at, m.sending_at, %(now)s),
        reason = %(proof)s,
        unknown_until = null,
        lease_token = null,
        lease_expires_at = null
    from unnest(%(ids)s::bigint [], %(sent_ats)s::timestamptz []) as p (id, sent_at)
    where
        m.tenant_id = %(tenant_id)s and m.id = p.id and m.state in ('outcome_unknown', 'presumed_sent')
    returning m.*
),

happened as (
    insert into outreach.events (
        tenant_id, kind, origin, origin_id, recipient, occurred_at, message_id, mailbox_id, campaign_id, contact_id,
        contact_list_id, recipient_site, detail
    )
    select
        p.tenant_id, 'sent', 'imap', 'message ' || p.id, p.to_address, p.sent_at, p.id, p.mailbox_id, p.campaign_id,
        p.contact_id, p.contact_list_id, p.recipient_site, jsonb_build_object('proof', p.reason)
    from proven as p
    where p.kind <> 'probe'
    on conflict (tenant_id, origin, origin_id, kind, recipient) do nothing
)

select id from proven
