from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller

from outreach_pipeline.core.watch.alerts import Alert, note_of
from outreach_pipeline.workflows.notify import (
    raise_alert,
    raise_operator_alerts,
    resolve_alert,
    resolve_operator_alerts,
    send_due_alerts,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ALERT = Alert("check/events/fresh", "error", "The check fresh failed", "lag 3 h")


class Inbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def mail():
    """An SMTP server, and the URL by which notes reach it."""
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, f"mailto://127.0.0.1:{port}/?mode=insecure&from=platform@ops.example&to=ops@ops.example"
    controller.stop()


def test_one_cause_is_told_once_and_then_that_it_is_over(configured, notes):
    platform = configured(notify_webhook_url=notes.url)
    assert raise_operator_alerts(platform, [ALERT, ALERT], now=NOW) == 1
    assert [send_due_alerts(platform, now=NOW) for _ in range(3)] == [1, 0, 0]
    assert notes.texts == [
        "[error] platform: The check fresh failed\nThe check fresh failed\nlag 3 h\nRunbook: docs/runbook.md#check"
    ]
    assert raise_operator_alerts(platform, [ALERT], now=LATER) == 0
    assert resolve_operator_alerts(platform, [ALERT.cause_key, "check/other"], now=LATER) == 1
    assert [send_due_alerts(platform, now=LATER) for _ in range(2)] == [1, 0]
    assert notes.texts[1].startswith("[over] platform: The check fresh failed\n")
    assert "It is over." in notes.texts[1]
    assert raise_operator_alerts(platform, [ALERT], now=LATER) == 1
    assert send_due_alerts(platform, now=LATER) == 1
    assert len(notes.texts) == 3


def test_a_tenants_alert_is_its_own_row_and_names_the_tenant(configured, notes, tenant, admin):
    platform = configured(notify_webhook_url=notes.url)
    with platform.database.tenant(tenant.id) as transaction:
        assert raise_alert(transaction, cause_key="mailbox/a", severity="warning", title="a <b> & c", now=NOW)
        assert not raise_alert(transaction, cause_key="mailbox/a", severity="error", title="again", now=NOW)
    assert send_due_alerts(platform, now=NOW) == 1
    assert notes.texts[0].startswith("[warning] acme: a &lt;b&gt; &amp; c\n")
    assert admin.execute("select count(*) from outreach.operator_alerts").fetchone() == (0,)
    assert admin.execute("select notified_channels, notified_at from outreach.alerts").fetchone() == (["webhook"], NOW)


def test_a_channel_that_fails_is_tried_again_alone(configured, notes, mail):
    inbox, mail_url = mail
    platform = configured(notify_webhook_url=notes.url, notify_mail_url=mail_url)
    notes.status = 500
    raise_operator_alerts(platform, [ALERT, Alert("run/1", "error", "A run failed")], now=NOW)
    assert send_due_alerts(platform, now=NOW) == 0
    assert (len(inbox.mails), notes.texts) == (2, [])
    notes.status = 200
    assert send_due_alerts(platform, now=LATER) == 2
    assert (len(inbox.mails), len(notes.texts)) == (2, 2)
    assert "Subject: [error] platform: The check fresh failed" in inbox.mails[0]
    assert send_due_alerts(platform, now=LATER) == 0


def test_two_senders_at_once_send_each_note_once(configured, notes):
    platform = configured(notify_webhook_url=notes.url)
    raise_operator_alerts(platform, [Alert(f"run/{n}", "error", f"Run {n} failed") for n in range(12)], now=NOW)
    counts = []
    threads = [threading.Thread(target=lambda: counts.append(send_due_alerts(platform, now=NOW))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == 12
    assert len(notes.texts) == len(set(notes.texts)) == 12


def test_over_before_it_was_told_is_one_note(configured, notes, tenant):
    platform = configured(notify_webhook_url=notes.url)
    with platform.database.tenant(tenant.id) as transaction:
        raise_alert(transaction, cause_key="mailbox/a", severity="error", title="down", now=NOW)
        resolve_alert(transaction, cause_key="mailbox/a", now=NOW)
    assert [send_due_alerts(platform, now=LATER) for _ in range(2)] == [1, 0]
    assert "over already" in notes.texts[0]


def test_without_a_channel_nothing_is_marked_and_old_news_stays_untold(configured, notes):
    raise_operator_alerts(configured(), [ALERT], now=NOW)
    assert send_due_alerts(configured(), now=NOW) == 0
    platform = configured(notify_webhook_url=notes.url)
    assert send_due_alerts(platform, now=NOW + timedelta(days=3)) == 0
    assert send_due_alerts(platform, now=LATER) == 1


@pytest.mark.parametrize("wrong", [{"notify_webhook_url": "nonsense"}, {"notify_mail_url": "nonsense"}])
def test_a_wrong_setting_stops_no_run(configured, wrong):
    platform = configured(**wrong)
    raise_operator_alerts(platform, [ALERT], now=NOW)
    assert send_due_alerts(platform, now=NOW) == 0


def test_a_title_of_several_lines_stays_one_line_in_the_subject():
    note = note_of(Alert("x/y", "info", "a\r\nBcc: b@example.com"), about="acme", is_over=False, is_first=True)
    assert note.subject == "[info] acme: a Bcc: b@example.com"
