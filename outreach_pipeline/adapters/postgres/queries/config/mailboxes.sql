select
    b.address as name, b.display_name, a.name as provider_account, p.name as policy, w.name as warmup_curve,
    b.warmup_days_before, b.messages_per_day, b.smtp_host, b.smtp_port, b.smtp_security, b.imap_host, b.imap_port,
    b.imap_security, b.login, b.auth, b.ca_file, b.sent_copy, b.is_receive_only, b.is_probe_target, b.folders,
    b.uses_idle, b.reply_to, b.lane,
    b.secret_ciphertext, k.wrapped_key
from outreach.mailboxes as b
left join outreach.provider_accounts as a on b.provider_account_id = a.id
left join outreach.sending_policies as p on b.tenant_id = p.tenant_id and b.policy_id = p.id
left join outreach.warmup_curves as w on b.tenant_id = w.tenant_id and b.warmup_curve_id = w.id
left join outreach.data_keys as k on b.data_key_id = k.id
where b.tenant_id = %(tenant_id)s
order by b.address
