"""What follows a mail: bounces of every product, complaints, answers, webhooks, one-click opt-outs."""

import email
import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest
from flufl.bounce import all_failures

from outreach_pipeline.sandbox.behaviours import DSN_FORMATS

ANN, BOB, EVE = "ann@acme.test", "bob@acme.test", "eve@beta.test"


@pytest.mark.parametrize("product", DSN_FORMATS)
def test_every_product_bounces_in_its_own_way(desk, product):
    rcpt = f"gone+b-unknown_user@{product}.test"
    message_id, reply = desk.send(rcpt)
    assert reply.startswith("2.0.0"), "a relay accepts first"
    mail = desk.mail_with(message_id)
    temporary, permanent = all_failures(email.message_from_bytes(mail.as_bytes()))
    assert {address.decode() if isinstance(address, bytes) else address for address in permanent} == {rcpt}
    assert not temporary
    line = desk.reaction(message_id)
    assert (line["kind"], line["bounce_class"], line["format"], line["observable"]) == (
        "bounced",
        "hard",
        product,
        True,
    )
    assert line["status"] == ("5.1.10" if product == "exchange" else "5.1.1")
    assert line["status"] in mail.as_string()
    (accepted,) = desk.lines("accepted", message_id=message_id)
    assert line["of"] == accepted["id"]


@pytest.mark.parametrize("product", ["postfix", "sendmail", "exchange", "gmail"])
def test_a_machine_reads_the_report(desk, product):
    rcpt = f"report+b-bounce_later@{product}.test"
    message_id, _ = desk.send(rcpt, subject="Grüße aus Köln")
    mail = desk.mail_with(message_id)
    assert mail.get_content_type() == "multipart/report"
    (status,) = [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]
    fields = {name.lower(): value for block in status.get_payload() for name, value in block.items()}
    assert fields["final-recipient"].partition(";")[2].strip() == rcpt
    assert (fields["action"], fields["status"]) == ("failed", desk.reaction(message_id)["status"])
    # Nothing that the writer got wrong, as far as the strict parser can tell.
    assert not [defect for part in mail.walk() for defect in part.defects]


@pytest.mark.parametrize("product", ["qmail", "exim"])
def test_plain_text_bounces_quote_the_mail(desk, product):
    message_id, _ = desk.send(f"text+b-unknown_user@{product}.test", body="A line to quote.\r\n")
    mail = desk.mail_with(message_id)
    assert mail.get_content_type() == "text/plain"
    assert "A line to quote." in mail.get_content()


@pytest.mark.parametrize(
    "behaviour, bounce_class, statuses",
    [("mailbox_full", "soft", {"4.2.2", "5.2.2"}), ("policy_block", "block", {"5.7.1"})],
)
@pytest.mark.parametrize("product", DSN_FORMATS)
def test_other_reasons_have_their_class(desk, product, behaviour, bounce_class, statuses):
    message_id, _ = desk.send(f"other+b-{behaviour}@{product}.test")
    line = desk.reaction(message_id)
    assert line["bounce_class"] == bounce_class
    assert line["status"] in statuses
    assert line["status"] in desk.mail_with(message_id).as_string()


def test_a_direct_site_can_still_bounce_later(desk):
    message_id, reply = desk.send("later+b-bounce_later@direct.test")
    assert reply.startswith("2.0.0")
    assert desk.reaction(message_id)["kind"] == "bounced"


def test_a_domain_nobody_hosts_bounces(desk):
    message_id, _ = desk.send("joe@nowhere.test")
    assert desk.reaction(message_id)["status"] == "5.1.2"


def test_an_unknown_person_at_a_tenants_domain_bounces(desk):
    message_id, _ = desk.send("nobody@acme.test")
    assert desk.reaction(message_id)["bounce_class"] == "hard"


def test_a_complaint_is_an_abuse_report_with_the_headers(desk):
    rcpt = "cross+b-complaint@gmail.test"
    message_id, _ = desk.send(rcpt, body="Not in the report.\r\n")
    mail = desk.mail_with(message_id)
    assert mail.get_content_type() == "multipart/report"
    assert mail.get_param("report-type") == "feedback-report"
    kinds = [part.get_content_type() for part in mail.walk()][1:]
    assert kinds[:2] == ["text/plain", "message/feedback-report"]
    assert "text/rfc822-headers" in kinds
    text = mail.as_string()
    assert "Feedback-Type: abuse" in text
    assert f"Original-Rcpt-To: <{rcpt}>" in text
    assert "Not in the report" not in text
    assert (desk.reaction(message_id)["kind"], desk.reaction(message_id)["format"]) == ("complaint", "arf")


@pytest.mark.parametrize("number", range(6))
def test_out_of_office_names_the_day(desk, number):
    message_id, _ = desk.send(f"away{number}+b-out_of_office@exim.test")
    mail = desk.mail_with(message_id)
    assert mail["Auto-Submitted"] == "auto-replied"
    line = desk.reaction(message_id)
    back = date.fromisoformat(line["return_date"])
    assert timedelta(0) < back - datetime.now(UTC).date() <= timedelta(days=14)
    assert f"{back.day}" in mail.get_content()
    assert f"{back.year}" in mail.get_content()
    assert line["kind"] == "auto_reply"


@pytest.mark.parametrize("intent", ["interested", "not_interested", "meeting", "stop"])
def test_people_answer_in_the_thread(desk, intent):
    rcpt = f"person+b-reply_{intent}@exchange.test"
    message_id, _ = desk.send(rcpt, body="Shall we talk?\r\n")
    mail = desk.mail_with(message_id)
    assert mail["In-Reply-To"] == message_id
    assert message_id in mail["References"]
    assert mail["Subject"] == "Re: A question"
    assert "> Shall we talk?" in mail.get_body(("plain",)).get_content()
    assert mail["Auto-Submitted"] is None
    line = desk.reaction(message_id)
    assert (line["kind"], line["intent"]) == ("reply", intent)


def test_a_colleague_may_answer(desk):
    authors = set()
    for number in range(12):
        rcpt = f"lead{number}+b-reply_interested@exchange.test"
        message_id, _ = desk.send(rcpt)
        address = desk.mail_with(message_id)["From"].addresses[0]
        authors.add(address.addr_spec == rcpt)
        assert address.domain == "exchange.test"
    assert authors == {True, False}


def test_an_answer_goes_to_reply_to(desk):
    message_id, _ = desk.send("kind+b-reply_stop@exim.test", headers=f"Reply-To: {BOB}\r\n")
    assert desk.mail_with(message_id, BOB)["In-Reply-To"] == message_id


@pytest.mark.parametrize("behaviour", ["accept", "spam_folder"])
def test_silence_cannot_be_observed(desk, behaviour):
    message_id, _ = desk.send(f"quiet+b-{behaviour}@postfix.test")
    line = desk.reaction(message_id)
    assert (line["kind"], line["observable"]) == ("none", False)


@pytest.mark.parametrize("behaviour, kind", [("deliver_webhook", "delivered"), ("webhook_complaint", "complaint")])
def test_a_webhook_is_signed(desk, behaviour, kind):
    rcpt = f"hook+b-{behaviour}@gmail.test"
    message_id, _ = desk.send(rcpt)
    method, path, headers, body = desk.wait_for(
        lambda: [request for request in desk.gateway.requests if message_id in request[3].decode()]
    )[0]
    assert (method, path) == ("POST", "/webhooks/acme/generic")
    stamp = headers["X-Outreach-Timestamp"]
    expected = hmac.new(b"hush", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Outreach-Signature"] == f"sha256={expected}"
    event = json.loads(body)
    assert (event["kind"], event["message_id"], event["recipient"]) == (kind, message_id, rcpt)
    assert abs(datetime.fromisoformat(event["occurred_at"]) - datetime.now(UTC)) < timedelta(minutes=5)
    assert desk.reaction(message_id)["format"] == "webhook"


def test_a_webhook_is_repeated_with_the_same_id_until_it_is_taken(desk):
    desk.gateway.failures = 2
    message_id, _ = desk.send("again+b-deliver_webhook@gmail.test")
    reaction = desk.reaction(message_id)
    (posted,) = desk.wait_for(lambda: desk.lines("posted", of=reaction["id"]))
    assert (posted["ok"], posted["status"], posted["attempts"]) == (True, 202, 3)
    taken = [request for request in desk.gateway.requests if message_id in request[3].decode()]
    assert [json.loads(body)["id"] for *_, body in taken] == [json.loads(reaction["request"]["body"])["id"]]


def test_a_tenant_without_a_webhook_hears_nothing(desk):
    message_id, _ = desk.send("hook+b-deliver_webhook@gmail.test", sender=EVE, provider="implicit")
    assert desk.reaction(message_id)["observable"] is False


def test_one_click_unsubscribe_is_posted_through_the_link_host(desk):
    headers = (
        "List-Unsubscribe: <mailto:u@acme.test>,\r\n <https://links.acme.test/u/token-1?x=2>\r\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    )
    message_id, _ = desk.send("click+b-one_click_unsubscribe@gmail.test", headers=headers)
    method, path, got, body = desk.wait_for(
        lambda: [request for request in desk.gateway.requests if "token-1" in request[1]]
    )[0]
    assert (method, path, body) == ("POST", "/u/token-1?x=2", b"List-Unsubscribe=One-Click")
    assert got["Host"] == "links.acme.test"
    assert got["X-Forwarded-Proto"] == "https"
    line = desk.reaction(message_id)
    assert (line["kind"], line["format"], line["observable"]) == ("unsubscribe", "one_click", True)


def test_without_the_one_click_header_nothing_is_posted(desk):
    headers = "List-Unsubscribe: <https://links.acme.test/u/token-2>\r\n"
    message_id, _ = desk.send("click+b-one_click_unsubscribe@gmail.test", headers=headers)
    assert desk.reaction(message_id)["kind"] == "none"


def test_the_proxy_presents_a_certificate_for_the_link_host(desk):
    async def ask(host):
        async with aiohttp.ClientSession() as session:
            url = f"https://127.0.0.1:{desk.sandbox.ports['https']}/page?a=b"
            async with session.get(url, ssl=desk.tls(), server_hostname=host, headers={"Host": host}) as answer:
                return answer.status

    assert desk.run(ask("links.acme.test")) == 202
    assert desk.gateway.requests[-1][:2] == ("GET", "/page?a=b")
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        desk.run(ask("links.stranger.test"))
