-- A mailbox keeps its lane and its lifecycle. A row without a ciphertext keeps its secret, unless the mailbox has gone
-- from a password to access tokens or back.
insert into outreach.mailboxes as b (
    tenant_id, address, display_name, sending_domain_id, provider_account_id, policy_id, warmup_curve_id,
    warmup_days_before, messages_per_day, lane, lifecycle, smtp_host, smtp_port, smtp_security, imap_host, imap_port,
    imap_security, login, auth, data_key_id, secret_ciphertext, ca_file, sent_copy, is_receive_only, is_probe_target,
    folders, uses_idle, reply_to
)
select
    %(tenant_id)s, r.name, r.display_name, d.id as sending_domain_id, a.id as provider_account_id,
    p.id as policy_id, w.id as warmup_curve_id, r.warmup_days_before, r.messages_per_day, r.lane,
    r.lifecycle, r.smtp_host, r.smtp_port, r.smtp_security, r.imap_host, r.imap_port, r.imap_security, r.login, r.auth,
    r.data_key_id, decode(r.ciphertext, 'hex'), r.ca_file, r.sent_copy, r.is_receive_only, r.is_probe_target,
    coalesce(r.folders, '{}'), r.uses_idle, r.reply_to
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    name text, display_name text, provider_account text, policy text, warmup_curve text, warmup_days_before integer,
    messages_per_day integer, lane integer, lifecycle text, smtp_host text, smtp_port integer, smtp_security text,
    imap_host text, imap_port integer, imap_security text, login text, auth text, data_key_id bigint, ciphertext text,
    ca_file text, sent_copy text, is_receive_only boolean, is_probe_target boolean, folders text [],
    uses_idle boolean, reply_to text
)
inner join outreach.sending_domains as d on d.tenant_id = %(tenant_id)s and d.domain = split_part(r.name, '@', 2)
left join outreach.provider_accounts as a on r.provider_account = a.name
left join outreach.sending_policies as p on p.tenant_id = %(tenant_id)s and r.policy = p.name
left join outreach.warmup_curves as w on w.tenant_id = %(tenant_id)s and r.warmup_curve = w.name
order by r.name
on conflict (tenant_id, address) do update
    set display_name = excluded.display_name, sending_domain_id = excluded.sending_domain_id,
        provider_account_id = excluded.provider_account_id, policy_id = excluded.policy_id,
        warmup_curve_id = excluded.warmup_curve_id, warmup_days_before = excluded.warmup_days_before,
        messages_per_day = excluded.messages_per_day, smtp_host = excluded.smtp_host, smtp_port = excluded.smtp_port,
        smtp_security = excluded.smtp_security, imap_host = excluded.imap_host, imap_port = excluded.imap_port,
        imap_security = excluded.imap_security, login = excluded.login, auth = excluded.auth,
        data_key_id = coalesce(excluded.data_key_id, b.data_key_id),
        secret_ciphertext = coalesce(
            excluded.secret_ciphertext,
            case when (b.auth = 'password') = (excluded.auth = 'password') then b.secret_ciphertext end
        ),
        ca_file = excluded.ca_file,
        sent_copy = excluded.sent_copy, is_receive_only = excluded.is_receive_only,
        is_probe_target = excluded.is_probe_target, folders = excluded.folders, uses_idle = excluded.uses_idle,
        reply_to = excluded.reply_to,
        -- Somebody has changed something: whether it can be read now is worth a try.
        sync_retry_at = null
