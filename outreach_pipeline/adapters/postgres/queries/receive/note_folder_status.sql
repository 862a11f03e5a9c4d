-- Where a folder stood just before it was read to its end.
insert into outreach.mailbox_folders as f (
    tenant_id, mailbox_id, name, role, uidvalidity, last_uid, uid_next, message_count, modseq, synced_at
)
values (
    %(tenant_id)s, %(mailbox_id)s, %(folder)s, %(role)s, %(uidvalidity)s, %(last_uid)s, %(uid_next)s, %(message_count)s,
    %(modseq)s, %(now)s
)
on conflict (tenant_id, mailbox_id, name) do update
    set
        role = excluded.role, uid_next = excluded.uid_next, message_count = excluded.message_count,
        modseq = excluded.modseq
    where f.uidvalidity = excluded.uidvalidity
