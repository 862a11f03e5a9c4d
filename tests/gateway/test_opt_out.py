from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import psycopg

from outreach_pipeline.workflows.unsubscribe import link_signer

NOW = datetime.now(UTC)
FORM = {"content-type": "application/x-www-form-urlencoded"}
ONE_CLICK = b"List-Unsubscribe=One-Click"


def _path(installation, tenant, message_id, *, now=NOW):
    url = link_signer(installation).unsubscribe_url(
        link_host=tenant.link_host, tenant_id=tenant.id, message_id=message_id, now=now
    )
    return url.removeprefix(f"https://{tenant.link_host}")


def _suppressed(admin: psycopg.Connection):
    return admin.execute("select tenant_id, scope, value, reason from outreach.suppressions").fetchall()


def test_one_click_opts_out_at_once_and_answers_the_same_the_second_time(gateway, installation, acme, admin):
    first = acme.add_message(admin, "bob@corp.example", state="sent")
    second = acme.add_message(admin, "bob@corp.example", step=2)
    other = acme.add_message(admin, "eve@corp.example")
    path = _path(installation, acme, first)
    for _ in range(2):
        answer = gateway.ask("POST", path, body=ONE_CLICK, headers={"host": acme.link_host, **FORM})
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers
    assert _suppressed(admin) == [(acme.id, "address", "bob@corp.example", "unsubscribe")]
    states = dict(admin.execute("select id, state || coalesce('/' || reason, '') from outreach.messages").fetchall())
    assert states == {first: "sent", second: "cancelled/suppressed_unsubscribe", other: "planned"}
    events = admin.execute("select kind, origin, recipient, message_id, campaign_id from outreach.events").fetchall()
    assert events == [("unsubscribe", "link", "bob@corp.example", first, acme.campaign_id)]
    stopped = admin.execute(
        "select e.stop_reason from outreach.enrollments e join outreach.contacts c on c.id = e.contact_id"
        " where e.state = 'stopped' and c.address = 'bob@corp.example'"
    ).fetchall()
    assert stopped == [("suppressed_unsubscribe",)]


def test_a_multipart_body_opts_out_too(gateway, installation, acme, admin):
    path = _path(installation, acme, acme.add_message(admin, "bob@corp.example", state="sent"))
    body = b'--xyz\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--xyz--\r\n'
    headers = {"host": f"{acme.link_host}:443", "content-type": "multipart/form-data; boundary=xyz"}
    assert gateway.ask("POST", path, body=body, headers=headers).status == 200
    assert len(_suppressed(admin)) == 1


def test_get_and_head_change_nothing(gateway, installation, acme, admin):
    path = _path(installation, acme, acme.add_message(admin, "bob@corp.example", state="sent"))
    page = gateway.ask("GET", path, headers={"host": acme.link_host})
    assert page.status == 200
    assert "bob@corp.example" in page.text
    assert '<form method="post">' in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert gateway.ask("HEAD", path, headers={"host": acme.link_host}).status == 200
    assert _suppressed(admin) == []
    assert admin.execute("select count(*) from outreach.events").fetchone() == (0,)


def test_what_is_no_one_click_form_opts_nobody_out(gateway, installation, acme, admin):
    path = _path(installation, acme, acme.add_message(admin, "bob@corp.example", state="sent"))
    bodies = [
        (b"", FORM),
        (b"List-Unsubscribe=No", FORM),
        (ONE_CLICK, {"content-type": "application/json"}),
        (b"broken", {"content-type": "multipart/form-data; boundary=xyz"}),
        (b"&".join([b"a=b"] * 100), FORM),
    ]
    for body, headers in bodies:
        assert gateway.ask("POST", path, body=body, headers={"host": acme.link_host, **headers}).status == 400
    too_large = gateway.ask("POST", path, body=b"x" * 20_000, headers={"host": acme.link_host, **FORM})
    assert too_large.status == 413
    assert _suppressed(admin) == []


def test_a_link_works_at_its_own_tenants_host_only(gateway, installation, acme, birch, admin):
    path = _path(installation, acme, acme.add_message(admin, "bob@corp.example", state="sent"))
    for host in (birch.link_host, "127.0.0.1", "go.acme-mail.example.evil.example"):
        answer = gateway.ask("POST", path, body=ONE_CLICK, headers={"host": host, **FORM})
        assert answer.status == 404
        assert "bob@" not in answer.text
    assert _suppressed(admin) == []
    assert gateway.ask("POST", path, body=ONE_CLICK, headers={"host": acme.link_host.upper(), **FORM}).status == 200


def test_a_changed_a_foreign_and_an_old_link_are_refused(gateway, installation, acme, birch, admin):
    message = acme.add_message(admin, "bob@corp.example", state="sent")
    good = _path(installation, acme, message)
    other_tenant = link_signer(installation).unsubscribe_url(
        link_host=acme.link_host, tenant_id=birch.id, message_id=message, now=NOW
    )
    paths = [
        good[:-2] + ("aa" if not good.endswith("aa") else "bb"),
        "/u/nonsense",
        "/u/%00",
        other_tenant.removeprefix(f"https://{acme.link_host}"),
        _path(installation, acme, message, now=NOW - timedelta(days=401)),
        _path(installation, acme, 999_999_999),
    ]
    for path in paths:
        assert gateway.ask("POST", path, body=ONE_CLICK, headers={"host": acme.link_host, **FORM}).status == 404
        assert gateway.ask("GET", path, headers={"host": acme.link_host}).status == 404
    assert _suppressed(admin) == []


def test_a_beginning_send_and_an_opt_out_wait_for_each_other(gateway, installation, acme, admin, settings):
    """The sender holds the address' lock shared while it begins; the opt-out then leaves what has begun alone."""
    message = acme.add_message(admin, "bob@corp.example", state="claimed")
    path = _path(installation, acme, message)
    answers = []
    with psycopg.connect(settings.database_url) as sender:
        sender.execute("select set_config('outreach.tenant_id', %s, true)", [str(acme.id)])
        sender.execute("select pg_advisory_xact_lock_shared(outreach.suppression_lock('bob@corp.example'))")
        click = threading.Thread(
            target=lambda: answers.append(
                gateway.ask("POST", path, body=ONE_CLICK, headers={"host": acme.link_host, **FORM})
            )
        )
        click.start()
        while not admin.execute("select 1 from pg_locks where locktype = 'advisory' and not granted").fetchone():
            assert click.is_alive()
        sender.execute("update outreach.messages set state = 'sending', sending_at = now() where id = %s", [message])
    click.join(15)
    assert [each.status for each in answers] == [200]
    assert admin.execute("select state from outreach.messages").fetchall() == [("sending",)]
    assert len(_suppressed(admin)) == 1
