"""IMAP, DNS and the control port of a running sandbox."""

import base64

import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import imapclient
import pytest
from imapclient.exceptions import LoginError

from outreach_pipeline.core.errors import ConfigurationError, ConnectionLostError
from outreach_pipeline.sandbox.control import ControlClient

ANN, BOB = "ann@acme.test", "bob@acme.test"
PASSWORD = "open sesame"


def test_folders_have_their_special_use(desk):
    with desk.imap() as client:
        folders = {name: set(flags) for flags, _, name in client.list_folders()}
        assert client.find_special_folder(rb"\Sent") == "Sent"
        assert client.find_special_folder(rb"\Junk") == "Junk"
    assert set(folders) == {"INBOX", "Sent", "Junk", "Archive", "Drafts"}


def test_starttls_and_implicit_tls(desk):
    context = desk.tls()
    plain = imapclient.IMAPClient("localhost", port=desk.sandbox.ports["imap"], ssl=False)
    plain.starttls(context)
    plain.login(ANN, PASSWORD)
    plain.logout()
    implicit = imapclient.IMAPClient("localhost", port=desk.sandbox.ports["imaps"], ssl=True, ssl_context=context)
    implicit.login(ANN, PASSWORD)
    implicit.logout()


def test_a_wrong_password_is_refused(desk):
    client = imapclient.IMAPClient("127.0.0.1", port=desk.sandbox.ports["imap"], ssl=False)
    with pytest.raises(LoginError):
        client.login(ANN, "guess")
    client.shutdown()


def test_a_mail_can_be_searched_and_fetched_in_parts(desk):
    message_id, _ = desk.send(BOB, subject="Needle")
    desk.mail_with(message_id, BOB)
    with desk.imap(BOB) as client:
        (uid,) = client.search(["HEADER", "Message-ID", message_id])
        data = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE", "FLAGS", "ENVELOPE", "BODY.PEEK[HEADER]"])[uid]
    assert data[b"ENVELOPE"].subject == b"Needle"
    assert message_id.encode() in data[b"BODY[HEADER]"]
    assert data[b"RFC822.SIZE"] > len(data[b"BODY[HEADER]"])
    assert b"\\Seen" not in data[b"FLAGS"]


def test_new_mail_wakes_idle(desk):
    with desk.imap(BOB) as client:
        client.idle()
        desk.sandbox.control.deliver(BOB, b"Subject: ping\r\n\r\nhello\r\n")
        seen = desk.wait_for(lambda: client.idle_check(timeout=0.2))
        client.idle_done()
    assert any(kind == b"EXISTS" for _, kind in seen)


def test_uids_only_grow_and_uidnext_hides_nothing(desk):
    with desk.imap(BOB) as client:
        before = client.folder_status("INBOX", ["UIDNEXT"])[b"UIDNEXT"]
    for number in range(3):
        desk.sandbox.control.deliver(BOB, f"Subject: n{number}\r\n\r\nhello\r\n".encode())
    uids = [uid for uid, _ in desk.mails(BOB)]
    assert uids[-3:] == [before, before + 1, before + 2]


def test_a_client_may_append_copy_and_expunge(desk):
    client = imapclient.IMAPClient("127.0.0.1", port=desk.sandbox.ports["imap"], ssl=False)
    client.login(BOB, PASSWORD)
    client.append("Drafts", b"Subject: draft\r\n\r\nhello\r\n", flags=[b"\\Seen"])
    client.select_folder("Drafts")
    (uid,) = client.search()
    assert b"\\Seen" in client.get_flags([uid])[uid]
    client.move([uid], "Archive")
    assert client.search() == []
    client.select_folder("Archive")
    assert len(client.search()) == 1
    client.delete_messages(client.search())
    client.expunge()
    assert client.search() == []
    client.logout()


NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
ANYTHING = {
    "nested containers": b"Subject: nested\r\nMessage-ID: <nested@x>\r\n" + NESTED,
    "nested mails": b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "random": bytes(range(256)) * 40,
    "zeros": b"\0" * 500,
    "a From that the parser fails at": b"From: /a@\r\nTo: <\r\xff *0*=x\r\nMessage-ID: < \r]\r\nSubject: odd\r\n\r\nhello\r\n",
}


@pytest.mark.parametrize("raw", ANYTHING.values(), ids=ANYTHING)
def test_any_bytes_are_served_as_they_came_and_spoil_no_mailbox(desk, raw):
    client = imapclient.IMAPClient("127.0.0.1", port=desk.sandbox.ports["imap"], ssl=False)
    client.login(BOB, PASSWORD)
    client.append("Drafts", raw)
    # imapclient mends line ends; a delivery leaves every byte.
    desk.sandbox.control.deliver(BOB, raw, folder="Drafts")
    client.select_folder("Drafts")
    uids = client.search()
    uid = uids[-1]
    client.search(["TEXT", "needle"])
    client.search(["HEADER", "Message-ID", "<nested@x>"])
    data = client.fetch([uid], ["BODY.PEEK[]", "BODY.PEEK[HEADER]", "ENVELOPE", "BODYSTRUCTURE"])[uid]
    assert data[b"BODY[]"] == raw
    client.delete_messages(uids)
    client.expunge()
    client.logout()


def test_a_submitted_mail_may_be_nested_without_end(desk):
    message_id, composed = desk.compose(BOB)
    desk.send(BOB, raw=composed.partition(b"\r\n\r\n")[0] + b"\r\n" + NESTED)
    desk.wait_for(lambda: [raw for _, raw in desk.mails(BOB) if message_id.encode() in raw])


def test_the_control_port_counts(desk):
    before = desk.sandbox.control.stats().get("accepted", 0)
    desk.send("joe@postfix.test")
    assert desk.sandbox.control.stats()["accepted"] == before + 1
    inbox = desk.sandbox.control.folders(ANN)
    desk.sandbox.control.deliver(ANN, b"Subject: x\r\n\r\ny\r\n", folder="Junk")
    assert desk.sandbox.control.folders(ANN)["Junk"] == inbox["Junk"] + 1


@pytest.mark.parametrize(
    "request_", [{"fault": "no_such"}, {"fault": "slow", "count": 0}, {"folders": "who@acme.test"}, {"nonsense": 1}]
)
def test_the_control_port_says_what_is_wrong(desk, request_):
    with pytest.raises(ConfigurationError, match="refused"):
        desk.sandbox.control._ask(request_)


def test_nobody_on_the_control_port():
    with pytest.raises(ConnectionLostError, match="control port 1 "):
        ControlClient(1, timeout_seconds=1).stats()


def _ask(desk, name, kind, *, tcp=False):
    query = dns.message.make_query(name, kind)
    ask = dns.query.tcp if tcp else dns.query.udp
    return ask(query, "127.0.0.1", port=desk.sandbox.ports["dns"], timeout=5)


def _answers(desk, name, kind, **more):
    return sorted(item.to_text() for rrset in _ask(desk, name, kind, **more).answer for item in rrset)


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize(
    "name, kind, expected",
    [
        ("postfix.test", "MX", ["10 mx1.postfix.test.", "20 mx2.postfix.test."]),
        ("TOO.test", "MX", ["10 mx.direct.test."]),
        ("acme.test", "MX", ["10 mx.acme.test."]),
        ("mx1.postfix.test", "A", ["127.0.0.1"]),
        ("links.acme.test", "A", ["127.0.0.1"]),
        ("acme.test", "TXT", ['"v=spf1 include:relay.test -all"']),
        ("_dmarc.acme.test", "TXT", ['"v=DMARC1; p=none"']),
        ("mx1.postfix.test", "MX", []),
    ],
)
def test_the_zones(desk, name, kind, expected, tcp):
    assert _answers(desk, name, kind, tcp=tcp) == expected


def test_a_long_key_comes_in_pieces(desk):
    (rrset,) = _ask(desk, "s1._domainkey.acme.test", "TXT").answer
    (record,) = rrset
    assert b"".join(record.strings) == b"v=DKIM1; k=rsa; p=" + b"A" * 300


def test_what_is_not_here_does_not_exist(desk):
    assert _ask(desk, "nowhere.test", "A").rcode() == dns.rcode.NXDOMAIN
    # A name above others exists, without records.
    assert _ask(desk, "_domainkey.acme.test", "TXT").rcode() == dns.rcode.NOERROR


def test_the_state_folder_keeps_raw_mail_by_its_hash(desk):
    raw = base64.b64decode(base64.b64encode(b"Subject: kept\r\n\r\nbody\r\n"))
    desk.sandbox.control.deliver(ANN, raw)
    (line,) = [
        line
        for line in desk.lines("filed")
        if (desk.sandbox.state / "mail" / line["filed"][0]["sha256"]).read_bytes() == raw
    ]
    assert line["filed"][0]["mailbox"] == ANN
