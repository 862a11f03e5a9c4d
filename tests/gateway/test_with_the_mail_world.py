"""The sandbox clicks and reports as recipients and providers do: through TLS at the link host, and signed."""

from __future__ import annotations

import asyncio
import ssl
import time
from datetime import UTC, datetime, timedelta

import aiosmtplib
import pytest

from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.world import Clock, Mailbox, Provider, SendingDomain, Site, Webhook, World
from outreach_pipeline.workflows.judge_day import judge_day
from outreach_pipeline.workflows.unsubscribe import link_signer
from outreach_pipeline.workflows.webhook_ingest import ingest_webhooks

ADDRESS, PASSWORD, SECRET = "ann@acme-mail.example", "open sesame", "of-the-tests"


@pytest.fixture
def world(gateway, tmp_path):
    running = process.start(
        World(
            mailboxes=(Mailbox(address=ADDRESS, login=ADDRESS, password=PASSWORD, provider="relay", tenant="acme"),),
            providers={"relay": Provider(smtp_mode="starttls")},
            sites=(Site(name="corp", mx=("mx.corp.test",), domains=("corp.test",)),),
            sending_domains=(SendingDomain(domain="acme-mail.example", link_host="go.acme-mail.example"),),
            clock=Clock(dsn_delay_seconds=(0.0, 0.1), reply_delay_seconds=(0.0, 0.1)),
            gateway_url=f"http://127.0.0.1:{gateway.port}",
            webhooks={"acme": Webhook(path="/webhooks/acme/generic", secret=SECRET)},
        ),
        tmp_path / "world",
    )
    yield running
    running.stop()


def _submit(world, to, *, message_id, unsubscribe_url):
    raw = (
        f"From: <{ADDRESS}>\r\nTo: <{to}>\r\nSubject: Hello\r\nMessage-ID: {message_id}\r\n"
        f"List-Unsubscribe: <{unsubscribe_url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello\r\n"
    )

    async def submit():
        client = aiosmtplib.SMTP(
            hostname="localhost",
            port=world.ports["smtp"]["relay"],
            start_tls=True,
            tls_context=ssl.create_default_context(cafile=str(world.ca_file)),
        )
        async with client:
            await client.login(ADDRESS, PASSWORD)
            await client.sendmail(ADDRESS, [to], raw.encode())

    asyncio.run(submit())


def _wait_for(find, *, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, f"nothing within {seconds} s"
        time.sleep(0.05)
    return found


def test_clicks_and_webhooks_arrive_and_the_day_agrees_with_the_truth(installation, acme, world, admin, add_source):
    add_source(acme, "generic", SECRET)
    now = datetime.now(UTC)
    admin.execute("update outreach.mailboxes set address = %s", [ADDRESS])
    # All four recipients are colleagues.
    admin.execute(
        "insert into outreach.sending_policies (tenant_id, name, policy)"
        " values (%s, 'default', '{\"messages_per_day_per_company\": 4}')",
        [acme.id],
    )
    for behaviour in ("one_click_unsubscribe", "deliver_webhook", "webhook_complaint", "accept"):
        to = f"p+b-{behaviour}@corp.test"
        row = acme.add_message(admin, to, state="sent")
        message_id = admin.execute("select message_id from outreach.messages where id = %s", [row]).fetchone()[0]
        url = link_signer(installation).unsubscribe_url(
            link_host=acme.link_host, tenant_id=acme.id, message_id=row, now=now
        )
        _submit(world, to, message_id=message_id, unsubscribe_url=url)
    _wait_for(lambda: len([line for line in world.truth() if line["type"] == "posted" and line["ok"]]) == 3)
    assert admin.execute("select kind, origin from outreach.events").fetchall() == [("unsubscribe", "link")]

    before = judge_day(installation, world.truth(), now=now)
    assert sorted((each["reaction"], each["why"]) for each in before.unrecognised) == [
        ("complaint", "no event complaint"),
        ("delivered", "no event delivered"),
    ]

    assert ingest_webhooks(installation, now=now).events == {"delivered": 1, "complaint": 1}
    report = judge_day(installation, world.truth(), now=now + timedelta(seconds=1))
    assert report.agrees, report
    assert report.truth == {"accepted": 4, "complaint": 1, "delivered": 1, "unsubscribe": 1}
    assert (report.planned, report.by_state) == (4, {"sent": 4})
    suppressed = admin.execute("select value, reason from outreach.suppressions order by value").fetchall()
    assert suppressed == [
        ("p+b-one_click_unsubscribe@corp.test", "unsubscribe"),
        ("p+b-webhook_complaint@corp.test", "complaint"),
    ]

    admin.execute("update outreach.messages set state = 'failed' where to_address like '%accept%'")
    admin.execute("update outreach.send_batches set capacity = 2")
    wrong = judge_day(installation, world.truth(), now=now)
    assert [each["to"] for each in wrong.lost] == ["p+b-accept@corp.test"]
    assert [(each["capacity"], each["sends"]) for each in wrong.caps_passed] == [(2, 4)]
