select
    b.id,
    b.address,
    d.domain,
    b.smtp_host,
    b.smtp_port,
    b.smtp_security,
    b.imap_host,
    b.imap_port,
    b.imap_security,
    b.is_receive_only,
    b.login,
    b.auth,
    b.ca_file,
    host(t.source_address) as source_address,
    b.secret_ciphertext,
    k.wrapped_key
from outreach.mailboxes as b
inner join outreach.tenants as t on b.tenant_id = t.id
inner join outreach.sending_domains as d on b.tenant_id = d.tenant_id and b.sending_domain_id = d.id
left join outreach.data_keys as k on b.data_key_id = k.id
where
    b.tenant_id = %(tenant_id)s
    and case when %(address)s::text is null then b.lifecycle <> 'retired' else b.address = %(address)s end
order by b.id
