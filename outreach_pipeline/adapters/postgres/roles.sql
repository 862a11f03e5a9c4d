-- The roles of one installation, made by whoever may make roles (the embedded server's superuser, or a managed server's
-- administrator by hand). Idempotent. Passwords are set apart from this file. No role needs SUPERUSER or BYPASSRLS.
do $roles$
declare
    wanted record;
begin
    for wanted in
        select * from (values
            -- NOINHERIT: the owner may hand functions to the overseer, but gains none of its sight.
            ('outreach_owner', 'login noinherit createrole'),
            ('outreach_overseer', 'nologin'),
            ('outreach_app', 'login'),
            ('outreach_transform', 'login'),
            ('outreach_metrics', 'login'),
            ('outreach_dagster', 'login'),
            ('outreach_analyst', 'nologin')
        ) as roles (name, attributes)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format('create role %I %s', wanted.name, wanted.attributes);
        end if;
    end loop;
end
$roles$;
grant outreach_overseer to outreach_owner;
grant outreach_analyst to outreach_owner with admin option;
alter role outreach_owner set search_path = outreach;
alter role outreach_app set search_path = outreach, outreach_marts;
alter role outreach_transform set search_path = outreach, outreach_marts;
alter role outreach_metrics set search_path = outreach;
alter role outreach_app set idle_in_transaction_session_timeout = '60s';
