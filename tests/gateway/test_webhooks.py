from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from outreach_pipeline.core.receive.webhook import signature
from outreach_pipeline.workflows.webhook_ingest import ingest_webhooks

SECRET = "of-the-tests"
NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Hook:
    gateway: Any

    def post(self, body, *, path="/webhooks/acme/generic", secret=SECRET, at=None, given=None):
        timestamp = str(int(time.time() if at is None else at))
        headers = {
            "content-type": "application/json",
            "x-outreach-timestamp": timestamp,
            "x-outreach-signature": given or signature(secret, timestamp=timestamp, body=body),
        }
        return self.gateway.ask("POST", path, body=body, headers=headers)


@pytest.fixture
def hook(gateway, acme, add_source):
    """The webhook of acme's source «generic»."""
    add_source(acme, "generic", SECRET)
    return Hook(gateway)


def _body(**values):
    event = {
        "id": "evt-1",
        "kind": "delivered",
        "message_id": None,
        "recipient": "Bob@corp.example",
        "occurred_at": NOW.isoformat(),
    }
    return json.dumps(event | values).encode()


def _kept(admin):
    return admin.execute("select tenant_id, source, event_id, state from outreach.webhook_deliveries").fetchall()


def test_a_signed_delivery_is_kept_once(hook, acme, admin):
    first = hook.post(_body())
    second = hook.post(_body())
    assert (first.status, json.loads(first.text)) == (200, {"status": "accepted"})
    assert (second.status, json.loads(second.text)) == (200, {"status": "known"})
    assert _kept(admin) == [(acme.id, "generic", "evt-1", "new")]


def test_what_is_not_signed_now_is_refused(hook, admin):
    wrong = [
        {"secret": "another"},
        {"given": "sha256=" + "0" * 64},
        {"given": "nonsense"},
        {"at": time.time() - 400},
        {"at": time.time() + 400},
    ]
    assert [hook.post(_body(), **how).status for how in wrong] == [401] * len(wrong)
    assert _kept(admin) == []


def test_a_signature_holds_for_its_body_only(hook, admin):
    timestamp = str(int(time.time()))
    other = signature(SECRET, timestamp=timestamp, body=_body())
    assert hook.post(_body(kind="complaint"), given=other).status == 401
    assert _kept(admin) == []


@pytest.mark.usefixtures("birch")
def test_an_unknown_tenant_and_an_unknown_source_look_the_same(hook, admin):
    sentence = "There is no such webhook: its path is /webhooks/TENANT/SOURCE, both as applied."
    for path in ("nobody/generic", "acme/other", "birch/generic", "%00/x", "acme/%00"):
        answer = hook.post(_body(), path=f"/webhooks/{path}")
        assert (answer.status, json.loads(answer.text)) == (404, {"error": sentence})
    assert _kept(admin) == []


def test_signed_nonsense_is_refused_with_its_place(hook, admin):
    wrong = [
        (b"", "the body"),
        (b"[" * 100_000, "the body"),
        (b"\xff\xfe", "the body"),
        (b"[]", "the body"),
        (_body(kind="opened"), "kind"),
        (_body(recipient="nobody"), "recipient"),
        (_body(occurred_at="2026-01-01T00:00:00"), "occurred_at"),
        (_body(occurred_at="2999-01-01T00:00:00Z"), "occurred_at"),
        (_body(id="a\x00b"), "id"),
        (_body(reason="a\x00b"), "reason"),
        (_body(id="x" * 300), "id"),
        (_body(status="dead"), "status"),
        (_body(recipient="a\ud800@corp.example"), "the body"),
    ]
    for body, named in wrong:
        answer = hook.post(body)
        assert answer.status == 400, body
        assert f"{named}: " in json.loads(answer.text)["error"]
    assert _kept(admin) == []


def test_a_large_body_is_not_read(hook, admin):
    assert hook.post(_body(detail="x" * 300_000)).status == 413
    assert _kept(admin) == []


def _message_id(admin, row):
    return admin.execute("select message_id from outreach.messages where id = %s", [row]).fetchone()[0]


def test_ingest_makes_events_and_their_effects_once(hook, installation, acme, admin):
    addresses = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"]
    rows = {address: acme.add_message(admin, address, state="sent") for address in addresses}
    ids = {address: _message_id(admin, row) for address, row in rows.items()}
    follow_up = acme.add_message(admin, "b@x.example", step=2)
    sent = [
        _body(id="1", kind="delivered", recipient="a@x.example", message_id=ids["a@x.example"]),
        _body(id="2", kind="complaint", recipient="B@x.example", message_id=ids["b@x.example"].strip("<>")),
        _body(id="3", kind="bounced", recipient="c@x.example", message_id=ids["c@x.example"], status="5.1.1"),
        _body(id="4", kind="bounced", recipient="d@x.example", message_id=ids["d@x.example"], status="4.2.2"),
        _body(id="5", kind="unsubscribe", recipient="stranger@x.example", message_id="<unknown@x>"),
    ]
    assert [hook.post(body).status for body in sent] == [200] * 5
    outcome = ingest_webhooks(installation, now=NOW)
    assert (outcome.processed, outcome.refused, outcome.suppressed) == (5, 0, 3)
    assert outcome.events == {"delivered": 1, "complaint": 1, "bounced": 2, "unsubscribe": 1}
    events = admin.execute(
        "select kind, recipient, message_id, bounce_class, origin, origin_id from outreach.events order by origin_id"
    ).fetchall()
    assert events == [
        ("delivered", "a@x.example", rows["a@x.example"], None, "webhook", "generic/1"),
        ("complaint", "b@x.example", rows["b@x.example"], None, "webhook", "generic/2"),
        ("bounced", "c@x.example", rows["c@x.example"], "hard", "webhook", "generic/3"),
        ("bounced", "d@x.example", rows["d@x.example"], "soft", "webhook", "generic/4"),
        ("unsubscribe", "stranger@x.example", None, None, "webhook", "generic/5"),
    ]
    assert admin.execute("select value, reason from outreach.suppressions order by value").fetchall() == [
        ("b@x.example", "complaint"),
        ("c@x.example", "bounce"),
        ("stranger@x.example", "unsubscribe"),
    ]
    assert admin.execute("select state, reason from outreach.messages where id = %s", [follow_up]).fetchone() == (
        "cancelled",
        "suppressed_complaint",
    )
    again = ingest_webhooks(installation, now=NOW + timedelta(hours=1))
    assert (again.processed, again.events) == (0, {})
    assert admin.execute("select count(*) from outreach.events").fetchone() == (5,)


@pytest.mark.parametrize("state", ["outcome_unknown", "presumed_sent"])
def test_a_delivery_proves_a_send_whose_outcome_was_unknown(hook, installation, acme, admin, state):
    row = acme.add_message(admin, "a@x.example", state=state)
    body = _body(id="1", recipient="a@x.example", message_id=_message_id(admin, row))
    assert hook.post(body).status == 200
    assert ingest_webhooks(installation, now=NOW).proven_sent == 1
    assert admin.execute("select state, reason from outreach.messages").fetchone() == ("sent", "proven_by_webhook")
    assert admin.execute("select kind from outreach.events order by kind").fetchall() == [("delivered",), ("sent",)]
    enrollment = admin.execute(
        "select next_step, due_on - current_date, mailbox_id, state from outreach.enrollments"
    ).fetchone()
    assert enrollment == (2, 3, acme.mailbox_id, "active")


def test_what_cannot_be_understood_is_kept_counted_and_hinders_nothing(hook, installation, acme, admin):
    admin.execute(
        "insert into outreach.webhook_deliveries (tenant_id, source, event_id, payload)"
        """ values (%s, 'generic', 'old', '{"kind": "??"}'), (%s, 'generic', 'odd', '[1]')""",
        [acme.id, acme.id],
    )
    assert hook.post(_body(id="good")).status == 200
    outcome = ingest_webhooks(installation, now=NOW)
    assert (outcome.processed, outcome.refused) == (1, 2)
    rows = admin.execute("select event_id, state, problem from outreach.webhook_deliveries order by id").fetchall()
    assert [(row[0], row[1]) for row in rows] == [("old", "refused"), ("odd", "refused"), ("good", "processed")]
    assert "kind: " in rows[0][2]


def test_a_tenants_webhook_never_touches_another_tenants_message(hook, installation, acme, birch, admin):
    row = birch.add_message(admin, "a@x.example", state="presumed_sent")
    body = _body(id="1", kind="complaint", recipient="a@x.example", message_id=_message_id(admin, row))
    assert hook.post(body).status == 200
    ingest_webhooks(installation, now=NOW)
    assert admin.execute("select tenant_id from outreach.suppressions").fetchall() == [(acme.id,)]
    assert admin.execute("select state from outreach.messages").fetchone() == ("presumed_sent",)
    assert admin.execute("select tenant_id, message_id from outreach.events").fetchall() == [(acme.id, None)]
