-- The cursor goes on; where the folder stands is forgotten until it was read to its end.
insert into outreach.mailbox_folders (tenant_id, mailbox_id, name, role, uidvalidity, last_uid, synced_at)
values (%(tenant_id)s, %(mailbox_id)s, %(folder)s, %(role)s, %(uidvalidity)s, %(last_uid)s, %(now)s)
on conflict (tenant_id, mailbox_id, name) do update
    set
        role = excluded.role,
        last_uid = case
            when outreach.mailbox_folders.uidvalidity = excluded.uidvalidity
                then greatest(outreach.mailbox_folders.last_uid, excluded.last_uid)
            else excluded.last_uid
        end,
        uidvalidity = excluded.uidvalidity,
        uid_next = null,
        message_count = null,
        modseq = null,
        synced_at = excluded.synced_at
