"""Submission: who may log in and write, what is taken and refused, and that the log comes first."""

import asyncio
import hashlib
from datetime import datetime

import aiosmtplib
import pytest

from outreach_pipeline.adapters.smtp.pipelining import send

ANN, BOB, EVE = "ann@acme.test", "bob@acme.test", "eve@beta.test"
PASSWORD = "open sesame"


@pytest.mark.parametrize(
    "provider, address", [("relay", ANN), ("plainbox", BOB), ("implicit", EVE), ("open", "nil@beta.test")]
)
def test_every_mode_of_tls_takes_mail(desk, provider, address):
    message_id, reply = desk.send("joe@postfix.test", sender=address, provider=provider)
    assert reply.startswith("2.0.0 Ok")
    assert len(desk.lines("accepted", message_id=message_id)) == 1


@pytest.mark.parametrize("mechanism", ["auth_plain", "auth_login"])
def test_a_wrong_password_is_535(desk, mechanism):
    async def attempt(password):
        async with desk.client() as client:
            await client.ehlo()
            return await getattr(client, mechanism)(ANN, password)

    assert desk.run(attempt(PASSWORD)).code == 235
    with pytest.raises(aiosmtplib.SMTPAuthenticationError) as caught:
        desk.run(attempt("guess"))
    assert caught.value.code == 535
    assert caught.value.message.startswith("5.7.8")


def test_a_login_of_another_provider_is_unknown(desk):
    async def attempt():
        async with desk.client("relay") as client:
            await client.login(BOB, PASSWORD)

    with pytest.raises(aiosmtplib.SMTPAuthenticationError):
        desk.run(attempt())


def test_without_starttls_nothing_but_starttls_is_offered(desk):
    async def attempt():
        async with desk.client(start_tls=False) as client:
            await client.ehlo()
            assert not client.supports_extension("auth")
            return await client.execute_command(b"MAIL", b"FROM:<ann@acme.test>")

    assert desk.run(attempt()).code == 530


def test_the_extensions_that_real_providers_offer(desk):
    async def attempt():
        async with desk.client() as client:
            await client.ehlo()
            return dict(client.esmtp_extensions)

    extensions = desk.run(attempt())
    assert {"8bitmime", "smtputf8", "size"} <= set(extensions)
    assert extensions["size"] == str(25 * 2**20)


def test_a_foreign_envelope_sender_is_553(desk):
    with pytest.raises(aiosmtplib.SMTPSenderRefused) as caught:
        desk.send("joe@postfix.test", mail_from=BOB)
    assert (caught.value.code, caught.value.message[:5]) == (553, "5.7.1")
    assert desk.lines("refused", login=ANN, stage="mail", code=553)


def test_a_foreign_from_header_is_553(desk):
    _, raw = desk.compose("joe@postfix.test", sender=BOB)
    with pytest.raises(aiosmtplib.SMTPDataError) as caught:
        desk.send("joe@postfix.test", raw=raw)
    assert (caught.value.code, caught.value.message[:5]) == (553, "5.7.1")


def test_what_follows_a_plus_belongs_to_the_mailbox(desk):
    _, reply = desk.send("joe@postfix.test", mail_from="ann+verp=joe@acme.test")
    assert reply.startswith("2.0.0")


def test_a_sent_copy_only_where_the_provider_keeps_one(desk):
    by_relay, _ = desk.send("joe@postfix.test")
    by_plainbox, _ = desk.send("joe@postfix.test", sender=BOB, provider="plainbox")
    assert desk.mail_with(by_relay, folder="Sent")["Message-ID"] == by_relay
    assert not [raw for _, raw in desk.mails(BOB, "Sent") if by_plainbox.encode() in raw]


def test_the_log_has_the_mail_by_its_hash(desk):
    message_id, raw = desk.compose("joe+b-accept@postfix.test", headers="X-Outreach-Probe: 1\r\n")
    desk.send("joe+b-accept@postfix.test", raw=raw)
    (line,) = desk.lines("accepted", message_id=message_id)
    assert line["sha256"] == hashlib.sha256(raw).hexdigest()
    assert (desk.sandbox.state / "mail" / line["sha256"]).read_bytes() == raw
    assert (line["login"], line["mail_from"], line["rcpt"]) == (ANN, ANN, "joe+b-accept@postfix.test")
    assert (line["site"], line["behaviour"], line["probe"], line["stage"]) == ("postfix", "accept", True, "data")


def test_the_log_is_written_before_the_250(desk):
    async def many():
        seen = []

        async def one(number):
            message_id, raw = desk.compose(f"joe{number}@postfix.test")
            async with desk.client() as client:
                await client.login(ANN, PASSWORD)
                await client.sendmail(ANN, [f"joe{number}@postfix.test"], raw)
                # At the moment of the 250 the line must be there, whoever else is being served.
                seen.append(len(desk.lines("accepted", message_id=message_id)))

        await asyncio.gather(*(one(number) for number in range(8)))
        return seen

    assert desk.run(many()) == [1] * 8


def test_each_recipient_has_its_line(desk):
    message_id, raw = desk.compose("joe@postfix.test")

    async def submit():
        async with desk.client() as client:
            await client.login(ANN, PASSWORD)
            return await client.sendmail(ANN, ["joe@postfix.test", "jim@direct.test", "u+b-unknown_user@too.test"], raw)

    refused, _ = desk.run(submit())
    assert set(refused) == {"u+b-unknown_user@too.test"}
    lines = desk.lines("accepted", message_id=message_id)
    assert [line["rcpt"] for line in lines] == ["joe@postfix.test", "jim@direct.test"]


def test_a_long_line_a_dot_and_eight_bits_arrive_unharmed(desk):
    body = "." + "x" * 20_000 + "\r\n..\r\nGrüße\r\n"
    message_id, _ = desk.send(BOB, body=body)
    mail = desk.mail_with(message_id, BOB)
    assert mail.get_payload(decode=True) == body.encode()


def test_a_mail_above_25_mb_is_552(desk):
    async def submit():
        async with desk.client() as client:
            await client.login(ANN, PASSWORD)
            return await client.execute_command(b"MAIL", b"FROM:<ann@acme.test>", b"SIZE=30000000")

    assert desk.run(submit()).code == 552


def test_mail_between_mailboxes_is_delivered(desk):
    message_id, _ = desk.send(BOB)
    mail = desk.mail_with(message_id, BOB)
    assert mail["Return-Path"] == "<ann@acme.test>"
    assert mail["Delivered-To"] == BOB


def test_a_probe_can_land_in_junk(desk):
    message_id, _ = desk.send("bob+b-spam_folder@acme.test", headers="X-Outreach-Probe: 1\r\n")
    assert desk.mail_with(message_id, BOB, "Junk")["Message-ID"] == message_id
    assert not [raw for _, raw in desk.mails(BOB) if message_id.encode() in raw]
    assert desk.reaction(message_id)["observable"] is False


@pytest.mark.parametrize(
    "behaviour, stage, codes, seen",
    [
        ("unknown_user", "rcpt", {550}, ("bounced", "hard", "5.1.1")),
        ("mailbox_full", "rcpt", {452}, ("deferred", None, "4.2.2")),
        ("policy_block", "data", {550}, ("bounced", "block", "5.7.1")),
        ("rate_limit", "rcpt", {450, 421}, ("deferred", None, "4.7.0")),
        ("greylist", "rcpt", {451}, ("deferred", None, "4.7.1")),
    ],
)
def test_a_direct_site_answers_at_once(desk, behaviour, stage, codes, seen):
    rcpt = f"direct+b-{behaviour}@direct.test"
    with pytest.raises((aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError)) as caught:
        desk.send(rcpt)
    error = caught.value.recipients[0] if stage == "rcpt" else caught.value
    assert error.code in codes
    assert error.message.startswith(seen[2])
    (refused,) = desk.lines("refused", rcpt=rcpt)
    assert (refused["stage"], refused["code"], refused["behaviour"]) == (stage, error.code, behaviour)
    (reaction,) = desk.lines("reaction", rcpt=rcpt)
    assert (reaction["kind"], reaction["bounce_class"], reaction["status"]) == seen
    assert (reaction["format"], reaction["observable"], reaction["of"]) == ("smtp", True, None)


def test_a_greylisting_site_accepts_after_its_time(desk):
    rcpt = "patient+b-greylist@direct.test"
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        desk.send(rcpt)
    desk.wait_for(lambda: _taken(desk, rcpt))
    (accepted,) = desk.lines("accepted", rcpt=rcpt)
    first = desk.lines("refused", rcpt=rcpt)[0]
    waited = datetime.fromisoformat(accepted["at"]) - datetime.fromisoformat(first["at"])
    assert waited.total_seconds() >= 0.29, "greylist_seconds is 0.3"


def test_a_rate_limit_passes(desk):
    rcpt = "eager+b-rate_limit@direct.test"
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        desk.send(rcpt)
    assert desk.send(rcpt)[1].startswith("2.0.0")


def test_a_relay_hides_greylisting(desk):
    assert desk.send("any+b-greylist@postfix.test")[1].startswith("2.0.0")


def test_a_full_mailbox_stays_full(desk):
    for _ in range(3):
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            desk.send("stuffed+b-mailbox_full@direct.test")


def _taken(desk, rcpt):
    try:
        desk.send(rcpt)
    except aiosmtplib.SMTPRecipientsRefused:
        return False
    return True


def test_a_mail_comes_as_one_chunk_where_that_is_offered(desk):
    message_id, raw = desk.compose("joe@postfix.test", sender=BOB)

    async def attempt(words, *, addressed=True):
        async with desk.client("plainbox") as client:
            await client.login(BOB, PASSWORD)
            assert client.supports_extension("chunking")
            if addressed:
                await client.mail(BOB)
                await client.rcpt("joe@postfix.test")
            return await send(client, b"BDAT %s\r\n%s" % (words, raw), due=1).next(5)

    whole = b"%d LAST" % len(raw)
    assert desk.run(attempt(whole, addressed=False)).code == 503
    assert desk.run(attempt(b"many LAST")).code == 501
    assert desk.run(attempt(b"%d" % len(raw))).code == 501
    assert desk.lines("accepted", message_id=message_id) == []
    assert desk.run(attempt(whole)).code == 250
    (line,) = desk.lines("accepted", message_id=message_id)
    assert line["sha256"] == hashlib.sha256(raw).hexdigest()
