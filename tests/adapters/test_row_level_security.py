"""No tenant sees or harms another: asked of the catalogue, table by table, and tried as the app role."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.fleet import suppress_by_hand
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.role_urls import analyst_url

ACME = (Path(__file__).parents[1] / "data" / "acme.yaml").read_text(encoding="utf-8")
# Tables that name a tenant but are the operator's, each with a test of its own: wrapped keys and access tokens, of which some
# are nobody's, the one global uniqueness, analysts' logins.
OPERATOR_TABLES = {"data_keys", "oauth_tokens", "domain_owners", "analyst_logins"}
OF_THE_TENANT = "(tenant_id = ( SELECT outreach.current_tenant() AS current_tenant))"


def tenant_tables(connection) -> list[str]:
    rows = connection.execute(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped"
        " where n.nspname = 'outreach' and c.relkind in ('r', 'p') order by 1"
    ).fetchall()
    return [name for (name,) in rows if name not in OPERATOR_TABLES]


def holes(connection) -> set[str]:
    """Everything in the catalogue through which one tenant could reach another."""
    tables = tenant_tables(connection)
    found = set()
    for name, enabled, forced in connection.execute(
        "select relname, relrowsecurity, relforcerowsecurity from pg_class"
        " where relnamespace = 'outreach'::regnamespace and relname = any(%s)",
        [tables],
    ):
        found |= {f"{name}: row-level security is off"} if not enabled else set()
        found |= {f"{name}: not forced"} if not forced else set()
    for name, policy, roles, command, using, check in connection.execute(
        "select tablename, policyname, roles::text[], cmd, qual, with_check from pg_policies where schemaname = 'outreach'"
        " and tablename = any(%s)",
        [tables],
    ):
        if roles in (["outreach_overseer"], ["outreach_transform"], ["outreach_metrics"]) and command == "SELECT":
            continue
        if using != OF_THE_TENANT or check != OF_THE_TENANT or "public" in roles:
            found.add(f"{name}: policy {policy} lets {roles} pass")
    with_policy = {
        name
        for (name,) in connection.execute(
            "select tablename from pg_policies where schemaname = 'outreach' and 'outreach_app' = any(roles)"
        )
    }
    found |= {f"{name}: no policy" for name in set(tables) - with_policy}
    for name, nullable in connection.execute(
        "select table_name, is_nullable from information_schema.columns where table_schema = 'outreach'"
        " and column_name = 'tenant_id' and table_name = any(%s)",
        [tables],
    ):
        found |= {f"{name}: tenant_id may be null"} if nullable == "YES" else set()
    for (index,) in connection.execute(
        "select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid"
        " where c.relnamespace = 'outreach'::regnamespace and c.relname = any(%s) and i.indisunique"
        " and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'"
        "   and a.attnum = any(i.indkey::smallint[]))",
        [tables],
    ):
        found.add(f"{index}: unique over all tenants")
    for name, constraint, has_tenant in connection.execute(
        "select c.relname, k.conname, exists (select from unnest(k.conkey, k.confkey) as p (ours, theirs)"
        "   join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.ours and a.attname = 'tenant_id'"
        "   join pg_attribute b on b.attrelid = k.confrelid and b.attnum = p.theirs and b.attname = 'tenant_id')"
        " from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class r on r.oid = k.confrelid"
        " where k.contype = 'f' and c.relname = any(%s) and r.relname = any(%s)",
        [tables, tables],
    ):
        found |= {f"{name}: {constraint} can reach another tenant"} if not has_tenant else set()
    return found


def other_holes(connection) -> set[str]:
    """Roles, functions, grants and views."""
    found = {
        f"role {name} is mighty"
        for (name,) in connection.execute(
            "select rolname from pg_roles where rolname like 'outreach\\_%' and (rolsuper or rolbypassrls or rolreplication)"
        )
    }
    for name, config, acl in connection.execute(
        "select p.oid::regprocedure::text, p.proconfig, p.proacl::text[] from pg_proc p"
        " where p.pronamespace = 'outreach'::regnamespace and p.prosecdef"
    ):
        path = next((each for each in config or [] if each.startswith("search_path=")), "")
        found |= {f"{name}: search_path is {path or 'not fixed'}"} if not path.endswith("pg_temp") else set()
        # A null list is the default: PUBLIC may. An entry that starts with = is PUBLIC's.
        if acl is None or any(entry.startswith("=") for entry in acl):
            found.add(f"{name}: PUBLIC may call it")
    for grantee, table, privilege in connection.execute(
        "select grantee, table_name, privilege_type from information_schema.role_table_grants"
        " where table_schema = 'outreach' and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')"
        " and grantee in ('outreach_app', 'outreach_transform', 'outreach_metrics', 'outreach_analyst', 'PUBLIC')"
    ):
        found.add(f"{table}: {grantee} has {privilege}")
    for (name,) in connection.execute(
        "select c.oid::regclass::text from pg_class c where c.relnamespace = 'outreach'::regnamespace"
        " and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce('security_invoker=true' = any(c.reloptions), false)))"
    ):
        found.add(f"{name}: a view with its owner's sight")
    for name, owner in connection.execute(
        "select c.oid::regclass::text, c.relowner::regrole::text from pg_class c"
        " where c.relnamespace = 'outreach'::regnamespace and c.relowner <> 'outreach_owner'::regrole"
    ):
        found.add(f"{name} belongs to {owner}")
    return found


@pytest.fixture
def two_tenants(installation, tmp_path):
    apply_configuration(installation, read_configuration(ACME, environment={}))
    apply_configuration(installation, read_configuration(ACME.replace("acme", "beta"), environment={}))
    tenants = installation.tenants("acme")[0], installation.tenants("beta")[0]
    file = tmp_path / "list.csv"
    file.write_text("address,source\na@firm.example,fair\n")
    for tenant in tenants:
        import_contacts(installation, tenant, "spring", file, now=datetime.now(UTC))
        suppress_by_hand(installation, tenant, "b@firm.example", author="ann", now=datetime.now(UTC))
    return tenants


@pytest.fixture
def app(settings):
    with psycopg.connect(settings.url_of("app") or "", autocommit=True) as connection:
        yield connection


def as_tenant(app, tenant, statement, *parameters) -> None:
    with app.transaction():
        app.execute("select set_config('outreach.tenant_id', %s, true)", [str(tenant.id)])
        app.execute(statement, parameters)


def test_the_catalogue_has_no_hole(admin):
    assert len(tenant_tables(admin)) >= 25
    assert holes(admin) == set()
    assert other_holes(admin) == set()


HOLES_IN_TABLES = (
    "alter table outreach.messages no force row level security",
    "alter table outreach.contacts disable row level security",
    "drop policy of_the_tenant on outreach.events",
    "create policy wide on outreach.events to outreach_app using (true)",
    "create policy wide on outreach.campaigns for select to public using (true)",
    "create unique index one on outreach.contacts (address)",
    "alter table outreach.messages add foreign key (contact_id) references outreach.only_id (id)",
    "alter table outreach.events drop constraint events_pkey, alter column tenant_id drop not null",
    "create table outreach.more (tenant_id uuid not null)",
)
HOLES_ELSEWHERE = (
    "alter function outreach.lane_sizes() reset search_path",
    "grant execute on function outreach.claim_domain(text) to public",
    "grant truncate on outreach.messages to outreach_app",
    "create view outreach.everything as select * from outreach.contacts",
    "alter role outreach_metrics bypassrls",
)


def test_the_catalogue_tests_see_each_kind_of_hole(admin):
    unseen = []
    for look, changes in ((holes, HOLES_IN_TABLES), (other_holes, HOLES_ELSEWHERE)):
        for change in changes:
            with admin.transaction(force_rollback=True):
                admin.execute("create table outreach.only_id (id bigint primary key, tenant_id uuid not null)")
                before = look(admin)
                admin.execute(change)
                if not look(admin) - before:
                    unseen.append(change)
    assert unseen == []


def test_without_a_tenant_the_app_sees_no_row_and_writes_none(app, admin, two_tenants):
    acme, _ = two_tenants
    filled = 0
    for name in tenant_tables(admin):
        filled += admin.execute(f"select exists (select from outreach.{name})").fetchone()[0]
        for statement in (f"select * from outreach.{name}", f"update outreach.{name} set tenant_id = tenant_id"):
            try:
                assert app.execute(statement).rowcount == 0, name
            except psycopg.errors.InsufficientPrivilege:
                assert statement.startswith("update"), name
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(f"insert into outreach.{name} (tenant_id) values (%s)", [acme.id])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(f"truncate outreach.{name}")
    assert filled >= 13


def test_a_pooled_connection_forgets_its_tenant(installation, two_tenants):
    acme, _ = two_tenants
    with installation.database.tenant(acme.id) as transaction:
        assert transaction.rows("config/campaigns")
    with installation.database.operator() as transaction:
        transaction.tenant_id = acme.id
        assert transaction.rows("config/campaigns") == []


def test_one_tenant_neither_sees_nor_writes_nor_refers_to_another(app, admin, two_tenants):
    acme, beta = two_tenants
    theirs = {
        name: admin.execute(f"select count(*) from outreach.{name} where tenant_id = %s", [beta.id]).fetchone()[0]
        for name in tenant_tables(admin)
    }
    with app.transaction():
        app.execute("select set_config('outreach.tenant_id', %s, true)", [str(acme.id)])
        for name in theirs:
            query = f"select count(*) from outreach.{name} where tenant_id <> %s"
            assert app.execute(query, [acme.id]).fetchone()[0] == 0, name
    for name in theirs:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_tenant(app, acme, f"insert into outreach.{name} (tenant_id) values (%s)", beta.id)
    mailbox = admin.execute("select id from outreach.mailboxes where tenant_id = %s limit 1", [beta.id]).fetchone()[0]
    campaign = admin.execute("select id from outreach.campaigns where tenant_id = %s", [acme.id]).fetchone()[0]
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        as_tenant(app, acme, "insert into outreach.campaign_mailboxes values (%s, %s, %s)", acme.id, campaign, mailbox)


@pytest.mark.usefixtures("two_tenants")
def test_a_tenant_that_does_not_exist_sees_nothing(app, admin):
    with app.transaction():
        app.execute("select set_config('outreach.tenant_id', %s, true)", [str(uuid.uuid4())])
        for name in tenant_tables(admin):
            assert app.execute(f"select count(*) from outreach.{name}").fetchone()[0] == 0, name


@pytest.mark.usefixtures("two_tenants")
def test_the_owner_without_a_tenant_sees_no_row_either(owner):
    assert owner.execute("select count(*) from outreach.mailboxes").fetchone() == (0,)


def test_a_tenants_wrapped_key_is_seen_by_that_tenant_alone(app, admin, two_tenants):
    seen = "select tenant_id from outreach.data_keys where tenant_id is not null"
    assert len(admin.execute(seen).fetchall()) == 2
    assert app.execute(seen).fetchall() == []
    for tenant in two_tenants:
        with app.transaction():
            app.execute("select set_config('outreach.tenant_id', %s, true)", [str(tenant.id)])
            assert app.execute(seen).fetchall() == [(tenant.id,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("insert into outreach.data_keys (tenant_id, wrapped_key) values (%s, '')", [two_tenants[0].id])


def test_a_mailboxs_access_token_is_seen_by_its_tenant_alone(app, admin, two_tenants):
    account = "(select id from outreach.provider_accounts limit 1)"
    for tenant in two_tenants:
        admin.execute(
            "insert into outreach.oauth_tokens (provider_account_id, tenant_id, mailbox_id)"
            f" select {account}, tenant_id, min(id) from outreach.mailboxes where tenant_id = %s group by tenant_id",
            [tenant.id],
        )
    admin.execute(f"insert into outreach.oauth_tokens (provider_account_id) values ({account})")
    seen = "select tenant_id from outreach.oauth_tokens order by tenant_id"
    assert len(admin.execute(seen).fetchall()) == 3
    assert app.execute(seen).fetchall() == [(None,)]
    acme, other = two_tenants
    with app.transaction():
        app.execute("select set_config('outreach.tenant_id', %s, true)", [str(acme.id)])
        assert app.execute(seen).fetchall() == [(acme.id,), (None,)]
        assert app.execute("delete from outreach.oauth_tokens where tenant_id = %s", [other.id]).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_tenant(app, acme, "update outreach.oauth_tokens set tenant_id = %s where tenant_id = %s", other.id, acme.id)


@pytest.mark.parametrize("table", ["domain_owners", "analyst_logins"])
def test_whose_domains_and_logins_there_are_is_not_for_the_app(app, table):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(f"select * from outreach.{table}")


def test_an_opt_out_cannot_be_taken_back(app, two_tenants):
    acme, _ = two_tenants
    for statement in ("delete from outreach.suppressions", "update outreach.suppressions set reason = 'manual'"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_tenant(app, acme, statement)


def test_an_analyst_logs_in_and_finds_no_table_of_the_platform(installation, two_tenants):
    acme, _ = two_tenants
    with psycopg.connect(analyst_url(installation, acme), autocommit=True) as analyst:
        assert analyst.execute("select current_user").fetchone() == ("outreach_analyst_acme",)
        assert analyst.execute("select count(*) from outreach.analyst_logins").fetchone() == (1,)
        for table in ("mailboxes", "contacts", "data_keys", "tenants"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute(f"select * from outreach.{table}")
