select
    b.tenant_id,
    b.id,
    b.address,
    b.imap_host,
    b.imap_port,
    b.imap_security,
    b.login,
    b.auth,
    b.ca_file,
    b.sent_copy,
    b.secret_ciphertext,
    k.wrapped_key
from outreach.mailboxes as b
left join outreach.data_keys as k on b.data_key_id = k.id
where
    b.tenant_id = %(tenant_id)s and b.lifecycle <> 'retired'
    and (%(lane)s::integer is null or b.lane = %(lane)s)
order by b.synced_at nulls first, b.id
