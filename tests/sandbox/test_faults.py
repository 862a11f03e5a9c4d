"""Every fault by its name: what the client sees, and what the log says about the mail."""

import base64
import smtplib
import ssl

import aiosmtplib
import pytest

ANN, BOB = "ann@acme.test", "bob@acme.test"
PASSWORD = "open sesame"


class Conversation:
    """An SMTP conversation step by step, to see where it breaks."""

    STEPS = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "end")

    def __init__(self, desk):
        self.desk = desk
        self.reached = None

    def run(self, rcpt, raw):
        self.reached = "connect"
        client = smtplib.SMTP("localhost", self.desk.sandbox.ports["smtp"]["relay"], timeout=10)
        try:
            self.reached = "ehlo"
            self._expect(client.ehlo())
            self.reached = "starttls"
            context = ssl.create_default_context(cafile=str(self.desk.sandbox.ca_file))
            self._expect(client.starttls(context=context))
            client.ehlo()
            self.reached = "auth"
            secret = base64.b64encode(f"\0{ANN}\0{PASSWORD}".encode()).decode()
            self._expect(client.docmd("AUTH", f"PLAIN {secret}"))
            self.reached = "mail"
            self._expect(client.mail(ANN))
            self.reached = "rcpt"
            self._expect(client.rcpt(rcpt))
            self.reached = "data"
            client.putcmd("data")
            self._expect(client.getreply())
            self.reached = "end"
            client.send(raw.replace(b"\n.", b"\n..") + b".\r\n")
            self._expect(client.getreply())
            self.reached = "done"
        finally:
            client.close()

    @staticmethod
    def _expect(reply):
        if reply[0] >= 400:
            raise smtplib.SMTPResponseException(*reply)


LOST = (smtplib.SMTPServerDisconnected, ConnectionResetError, ssl.SSLError, BrokenPipeError)


@pytest.mark.parametrize(
    "fault, stage, taken",
    [
        ("drop_at_connect", "connect", 0),
        ("drop_at_ehlo", "ehlo", 0),
        ("drop_at_starttls", "starttls", 0),
        ("drop_at_auth", "auth", 0),
        ("drop_at_mail", "mail", 0),
        ("drop_at_rcpt", "rcpt", 0),
        ("drop_before_data", "data", 0),
        ("drop_in_data", "end", 0),
        ("drop_after_data", "end", 1),
    ],
)
def test_the_connection_is_cut_at_the_stage(desk, fault, stage, taken):
    rcpt = f"cut+{fault}@postfix.test"
    message_id, raw = desk.compose(rcpt)
    desk.sandbox.control.inject(fault)
    conversation = Conversation(desk)
    with pytest.raises(LOST):
        conversation.run(rcpt, raw)
    assert conversation.reached == stage
    assert len(desk.lines("accepted", message_id=message_id)) == taken
    assert len(desk.lines("fault", name=fault)) == 1
    # It struck once: the next conversation goes through.
    conversation.run(rcpt, raw)
    assert conversation.reached == "done"
    assert len(desk.lines("accepted", message_id=message_id)) == taken + 1


def test_after_data_the_mail_is_in_sent_although_nobody_was_told(desk):
    message_id, raw = desk.compose("silent@postfix.test")
    desk.sandbox.control.inject("drop_after_data")
    with pytest.raises(LOST):
        Conversation(desk).run("silent@postfix.test", raw)
    assert desk.mail_with(message_id, folder="Sent")["Message-ID"] == message_id


@pytest.mark.parametrize("stage", Conversation.STEPS)
def test_421_at_a_stage(desk, stage):
    rcpt = f"busy+{stage}@postfix.test"
    message_id, raw = desk.compose(rcpt)
    desk.sandbox.control.inject("reply_421", stage=stage)
    conversation = Conversation(desk)
    with pytest.raises(smtplib.SMTPResponseException) as caught:
        conversation.run(rcpt, raw)
    assert caught.value.smtp_code == 421
    assert conversation.reached == stage
    assert not desk.lines("accepted", message_id=message_id)
    observable = desk.lines("reaction", rcpt=rcpt, kind="deferred", format="smtp")
    assert len(observable) == (1 if stage in {"rcpt", "data", "end"} else 0)


def test_a_login_that_fails_for_one_mailbox(desk):
    desk.sandbox.control.inject("auth_fail", match={"login": BOB})
    assert desk.send("joe@postfix.test")[1].startswith("2.0.0"), "another login is spared"

    async def attempt():
        async with desk.client("plainbox") as client:
            await client.ehlo()
            return await client.auth_plain(BOB, PASSWORD)

    with pytest.raises(aiosmtplib.SMTPAuthenticationError) as caught:
        desk.run(attempt())
    assert caught.value.code == 535
    assert desk.run(attempt()).code == 235


@pytest.mark.parametrize("stage", ["rcpt", "end"])
def test_slow_makes_a_client_wait_and_then_answers(desk, stage):
    rcpt = f"slow+{stage}@postfix.test"
    message_id, raw = desk.compose(rcpt)
    desk.sandbox.control.inject("slow", stage=stage, seconds=30, match={"rcpt": rcpt})

    async def impatient():
        async with desk.client() as client:
            await client.login(ANN, PASSWORD)
            await client.sendmail(ANN, [rcpt], raw, timeout=2)

    with pytest.raises(aiosmtplib.SMTPException):
        desk.run(impatient())
    # A reply that comes too late belongs to a mail that was taken; a slow RCPT came before any.
    assert len(desk.lines("accepted", message_id=message_id)) == (1 if stage == "end" else 0)


def test_a_fault_strikes_as_often_as_it_says_and_only_whom_it_names(desk):
    desk.sandbox.control.inject("drop_at_rcpt", count=2, match={"rcpt": "named@postfix.test"})
    desk.send("other@postfix.test")
    for _ in range(2):
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            desk.send("named@postfix.test")
    assert desk.send("named@postfix.test")[1].startswith("2.0.0")
    assert desk.sandbox.control.stats()["faults_armed"] == 0


def test_faults_can_be_cleared(desk):
    desk.sandbox.control.inject("drop_at_connect", count=100)
    desk.sandbox.control.clear_faults()
    assert desk.send("joe@postfix.test")[1].startswith("2.0.0")
