"""Nobody sees another tenant's rows in what dbt made."""

from __future__ import annotations

import os

import psycopg
import pytest
from psycopg import sql

MARTS = "select c.relname from pg_class as c where c.relnamespace = 'outreach_marts'::regnamespace and c.relkind <> 'i'"


@pytest.fixture
def app(world):
    with psycopg.connect(world.settings.database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def marts(world):
    names = [name for (name,) in world.admin.execute(MARTS).fetchall()]
    assert len(names) >= 8
    return names


def tenants_in(connection, mart):
    query = sql.SQL("select distinct tenant_id from outreach_marts.{}").format(sql.Identifier(mart))
    return {tenant for (tenant,) in connection.execute(query).fetchall()}


def test_every_relation_of_the_marts_is_a_table_under_forced_row_level_security(world):
    unprotected = world.admin.execute(
        MARTS + " and not (c.relkind = 'r' and c.relrowsecurity and c.relforcerowsecurity)"
    ).fetchall()
    assert unprotected == []


def test_every_staging_table_is_protected_too_and_every_view_looks_with_its_readers_eyes(world):
    open_ones = world.admin.execute(
        "select relname from pg_class where relnamespace = 'outreach_staging'::regnamespace and ("
        " relkind = 'v' and not coalesce('security_invoker=true' = any(reloptions), false)"
        " or relkind = 'r' and relname <> 'complaint_feeds' and not (relrowsecurity and relforcerowsecurity)"
        " or relkind = 'm')"
    ).fetchall()
    assert open_ones == []


def test_the_app_without_a_tenant_sees_nothing(app, marts):
    assert {mart: tenants_in(app, mart) for mart in marts} == {mart: set() for mart in marts}


def test_the_app_sees_its_transactions_tenant_alone(world, app, marts):
    for tenant in world.ledger.tenants.values():
        with app.transaction():
            app.execute("select set_config('outreach.tenant_id', %s, true)", [str(tenant)])
            assert {mart: tenants_in(app, mart) for mart in marts} == {mart: {tenant} for mart in marts}


def test_the_app_cannot_write_marts_or_read_staging(app, marts):
    for mart in marts:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(sql.SQL("delete from outreach_marts.{}").format(sql.Identifier(mart)))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("select 1 from outreach_staging.int_messages_judged")


def test_an_analyst_sees_their_own_tenant_whatever_they_set(world, marts):
    login = f"analyst_{os.getpid()}"
    acme, beta = world.ledger.tenants["acme"], world.ledger.tenants["beta"]
    world.admin.execute(f"create role {login} login password 'pw' in role outreach_analyst")
    try:
        world.admin.execute("insert into outreach.analyst_logins values (%s, %s)", [login, acme])
        url = world.settings.database_url
        with psycopg.connect(url, user=login, password="pw", autocommit=True) as analyst:
            analyst.execute("select set_config('outreach.tenant_id', %s, false)", [str(beta)])
            assert {mart: tenants_in(analyst, mart) for mart in marts} == {mart: {acme} for mart in marts}
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute("select 1 from outreach.messages")
    finally:
        world.admin.execute(f"drop role {login}")


def test_the_transform_role_writes_its_own_schemas_only(world):
    with psycopg.connect(world.settings.transform_database_url, autocommit=True) as transform:
        for statement in (
            "create table outreach.mine (id int)",
            "create table public.mine (id int)",
            "create schema mine",
            "update outreach.messages set state = 'sent'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                transform.execute(statement)
