-- A message's batch and enrollment are asked for once a statement. A foreign key asks row by row and locks each row that it
-- finds, which was two fifths of what writing a plan cost. What it promised holds as before: no message without them, and
-- neither goes, or changes its key, while a message is there.

alter table outreach.messages
    drop constraint messages_tenant_id_mailbox_id_plan_date_fkey,
    drop constraint messages_tenant_id_enrollment_id_fkey;

create function outreach.refuse_orphan_messages() returns trigger
language plpgsql set search_path = outreach, pg_temp
as $$
declare
    orphan record;
begin
    -- offset 0: one look into an index a row, whatever was known of the tables when this was planned.
    select a.message_id, a.mailbox_id, a.plan_date, a.enrollment_id into orphan
    from added as a
    where
        a.plan_date is not null and not exists (
            select from send_batches as b
            where b.tenant_id = a.tenant_id and b.mailbox_id = a.mailbox_id and b.plan_date = a.plan_date
            offset 0
        )
        or a.enrollment_id is not null and not exists (
            select from enrollments as e where e.tenant_id = a.tenant_id and e.id = a.enrollment_id offset 0
        )
    limit 1;
    if found then
        raise exception 'message % has no batch of mailbox % on %, or no enrollment %',
            orphan.message_id, orphan.mailbox_id, orphan.plan_date, orphan.enrollment_id
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end
$$;
create trigger refuse_orphans after insert on outreach.messages
referencing new table as added for each statement execute function outreach.refuse_orphan_messages();

-- The same of a message whose mailbox, date or enrollment changes, which is rare: row by row.
create function outreach.refuse_orphaned_message() returns trigger
language plpgsql set search_path = outreach, pg_temp
as $$
begin
    if
        new.plan_date is not null and not exists (
            select from send_batches as b
            where b.tenant_id = new.tenant_id and b.mailbox_id = new.mailbox_id and b.plan_date = new.plan_date
        )
        or new.enrollment_id is not null and not exists (
            select from enrollments as e where e.tenant_id = new.tenant_id and e.id = new.enrollment_id
        )
    then
        raise exception 'message % would have no batch of mailbox % on %, or no enrollment %',
            new.message_id, new.mailbox_id, new.plan_date, new.enrollment_id
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end
$$;
create trigger refuse_orphaned after update of tenant_id, mailbox_id, plan_date, enrollment_id on outreach.messages
for each row execute function outreach.refuse_orphaned_message();

create function outreach.refuse_orphaning() returns trigger
language plpgsql set search_path = outreach, pg_temp
as $$
begin
    -- Whoever is adding messages ends first, and whoever begins waits and then misses the row.
    lock table messages in share row exclusive mode;
    if tg_table_name = 'send_batches' then
        perform from messages as m
        where m.tenant_id = old.tenant_id and m.mailbox_id = old.mailbox_id and m.plan_date = old.plan_date;
    else
        perform from messages as m where m.tenant_id = old.tenant_id and m.enrollment_id = old.id;
    end if;
    if found then
        raise exception 'messages belong to this row of %', tg_table_name using errcode = 'foreign_key_violation';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger keep_for_messages before delete or update of tenant_id, mailbox_id, plan_date on outreach.send_batches
for each row execute function outreach.refuse_orphaning();
create trigger keep_for_messages before delete or update of tenant_id, id on outreach.enrollments
for each row execute function outreach.refuse_orphaning();
