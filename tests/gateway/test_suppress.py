from __future__ import annotations

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.workflows.suppress import suppress, suppress_everywhere

NOW = datetime.now(UTC)


def _states(admin):
    return dict(admin.execute("select to_address, state from outreach.messages").fetchall())


def test_a_domain_takes_all_its_addresses_and_no_others(installation, acme, birch, admin):
    for address in ("a@corp.example", "b@corp.example", "c@mail.corp.example", "d@notcorp.example"):
        acme.add_message(admin, address)
    birch.add_message(admin, "a@corp.example")
    admin.execute(
        "update outreach.messages set company_domain = 'corp.example' where to_address = 'c@mail.corp.example'"
    )
    admin.execute("update outreach.contacts set company_domain = 'corp.example' where address = 'c@mail.corp.example'")
    with installation.database.tenant(acme.id) as transaction:
        assert suppress(transaction, scope="domain", value=" CORP.example", reason="manual", origin="cli", now=NOW)
        assert not suppress(transaction, scope="domain", value="corp.example", reason="manual", origin="cli", now=NOW)
    states = admin.execute("select tenant_id, to_address, state from outreach.messages order by 2, 1").fetchall()
    cancelled = {(tenant, address) for tenant, address, state in states if state == "cancelled"}
    assert cancelled == {
        (acme.id, "a@corp.example"),
        (acme.id, "b@corp.example"),
        (acme.id, "c@mail.corp.example"),
    }
    stopped = admin.execute("select count(*) from outreach.enrollments where stop_reason = 'suppressed_manual'")
    assert stopped.fetchone() == (3,)


def test_only_what_has_not_begun_is_cancelled(installation, acme, admin):
    after = {
        "planned": "cancelled",
        "deferred": "cancelled",
        "claimed": "cancelled",
        "sending": "sending",
        "sent": "sent",
        "failed": "failed",
        "outcome_unknown": "outcome_unknown",
        "presumed_sent": "presumed_sent",
    }
    for state in after:
        acme.add_message(admin, f"{state}@corp.example", state=state)
    admin.execute("update outreach.messages set lease_token = 7, lease_expires_at = now()")
    for state in after:
        with installation.database.tenant(acme.id) as transaction:
            suppress(
                transaction, scope="address", value=f"{state}@CORP.example", reason="stop", origin="mail 1", now=NOW
            )
    rows = admin.execute("select split_part(to_address, '@', 1), state, lease_token from outreach.messages").fetchall()
    assert {before: state for before, state, _ in rows} == after
    assert {token for _, state, token in rows if state == "cancelled"} == {None}
    assert {token for _, state, token in rows if state != "cancelled"} == {7}


def test_a_rolled_back_opt_out_leaves_nothing(installation, acme, admin):
    acme.add_message(admin, "a@corp.example")

    def suppress_and_fail():
        with installation.database.tenant(acme.id) as transaction:
            suppress(transaction, scope="address", value="a@corp.example", reason="stop", origin="mail 1", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        suppress_and_fail()
    assert _states(admin) == {"a@corp.example": "planned"}
    assert admin.execute("select count(*) from outreach.suppressions").fetchone() == (0,)


def test_what_is_no_address_or_domain_is_refused(installation, acme):
    wrong = [
        ("address", "corp.example"),
        ("address", "@corp.example"),
        ("address", "a@"),
        ("address", "a b@corp.example"),
        ("address", "a\x00@corp.example"),
        ("domain", "a@corp.example"),
        ("domain", " "),
    ]
    with installation.database.tenant(acme.id) as transaction:
        for scope, value in wrong:
            with pytest.raises(UsageError, match=f"is no {scope} that could be suppressed"):
                suppress(transaction, scope=scope, value=value, reason="manual", origin="cli", now=NOW)


def test_an_unknown_reason_is_refused_by_name(installation, acme):
    with installation.database.tenant(acme.id) as transaction, pytest.raises(UsageError, match="'whim' is no reason"):
        suppress(transaction, scope="domain", value="corp.example", reason="whim", origin="cli", now=NOW)


def test_the_operators_word_holds_for_all_tenants(installation, admin):
    with installation.database.operator() as transaction:
        for expected in (True, False):
            added = suppress_everywhere(transaction, scope="address", value="A@corp.example", reason="court", now=NOW)
            assert added is expected
    assert admin.execute("select scope, value, reason from outreach.operator_suppressions").fetchall() == [
        ("address", "a@corp.example", "court")
    ]
