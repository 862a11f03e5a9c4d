-- A list's hold begins once its canary has gone out, and is not known before: hold_until is NULL until then. 0 seconds:
-- no hold.
alter table outreach.contact_lists add column canary_hold_seconds integer not null default 0;
alter table outreach.contact_lists add check (canary_hold_seconds >= 0);
-- Holds that counted from the import begin anew, by what has gone out; those that are over stay over.
update outreach.contact_lists
set canary_hold_seconds = greatest(extract(epoch from hold_until - imported_at)::integer, 1), hold_until = null
where hold_until > now();
