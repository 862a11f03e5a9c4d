-- What the command line needs: the schema's version, a domain's other owner, analysts.

-- The newest migration, for roles that cannot see the table of migrations.
create function outreach.schema_version() returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select max(version) from public.schema_migrations $$;
revoke all on function outreach.schema_version() from public;
grant execute on function outreach.schema_version() to outreach_app, outreach_metrics, outreach_transform;

-- Those of the domains that belong to another tenant than this one (NULL: to any).
create function outreach.domains_of_others(p_domains text[], p_tenant_id uuid) returns setof text
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select d.domain from domain_owners as d
    where d.domain = any(p_domains) and d.tenant_id is distinct from p_tenant_id
    order by d.domain
$$;
revoke all on function outreach.domains_of_others(text[], uuid) from public;
grant execute on function outreach.domains_of_others(text[], uuid) to outreach_app;
alter function outreach.domains_of_others(text[], uuid) owner to outreach_overseer;

-- Makes an analyst's login, which reads the marts of one tenant; the owner alone may. An existing role keeps its password.
create function outreach.make_analyst(p_login name, p_password text, p_tenant_id uuid) returns void
language plpgsql
as $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = p_login) then
        begin
            execute format('create role %I login password %L', p_login, p_password);
            execute format('grant outreach_analyst to %I', p_login);
        exception when duplicate_object or unique_violation then
            -- Roles are the server's: another database of it has made this one at the same moment.
            null;
        end;
    end if;
    insert into outreach.analyst_logins (login, tenant_id) values (p_login, p_tenant_id) on conflict (login) do nothing;
end
$$;
revoke all on function outreach.make_analyst(name, text, uuid) from public;

create function outreach.set_analyst_password(p_login name, p_password text) returns void
language plpgsql
as $$
begin
    if not exists (select from outreach.analyst_logins where login = p_login) then
        raise exception 'There is no analyst login %.', p_login using errcode = 'undefined_object';
    end if;
    execute format('alter role %I password %L', p_login, p_password);
end
$$;
revoke all on function outreach.set_analyst_password(name, text) from public;
