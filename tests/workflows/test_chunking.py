"""Where a server offers CHUNKING a message is one chunk, and what fails leaves the same states as with DATA, but that nobody asks for the text."""

from __future__ import annotations

import socketserver
import threading
from datetime import timedelta

import pytest

from outreach_pipeline.adapters.smtp import session as smtp_session
from outreach_pipeline.workflows.suppress import suppress
from tests.workflows.test_send_ahead import WIDE

TWO_HOURS = timedelta(hours=2)


@pytest.fixture(autouse=True)
def chunks(monkeypatch):
    made = []
    as_chunk = smtp_session.as_chunk
    monkeypatch.setattr(smtp_session, "as_chunk", lambda message: made.append(message) or as_chunk(message))
    return made


@pytest.mark.parametrize("is_used", [True, False])
def test_a_host_can_be_kept_from_it(day, chunks, is_used):
    host = f"127.0.0.1:{day.world.running.ports['smtp']['chunking']}"
    people = [day.world.person() for _ in range(3)]
    hosts = [] if is_used else [{"host": host, "uses_chunking": False}]
    day.ready(*people, boxes=1, provider="chunking", provider_hosts=hosts, rate_limits=WIDE)
    assert day.send().by_state == {"sent": 3}
    assert len(chunks) == (3 if is_used else 0)
    assert sorted(day.accepted()) == sorted(people)
    assert {day.attempts(person)[0] for person in people} == {("done", "sent", 250)}
    assert day.judge().agrees


@pytest.mark.parametrize("stage", ["data", "end"])
def test_what_the_server_refuses_for_now_is_tried_again(day, chunks, stage):
    person = day.world.person()
    day.ready(person, boxes=1, provider="chunking")
    day.inject("reply_421", stage=stage)
    day.send()
    message = day.message(person)
    assert (message["state"], message["smtp_code"], message["sending_at"]) == ("deferred", 421, None)
    assert [(each[0], each[2]) for each in day.attempts(person)] == [("end-of-data", 421)]
    assert (day.accepted(), day.leases()) == ([], 0)
    day.send(later=TWO_HOURS)
    assert day.state(person) == ("sent", None)
    assert (day.accepted(), len(chunks)) == ([person], 2)


@pytest.mark.parametrize("fault", ["drop_before_data", "drop_in_data", "drop_after_data"])
def test_a_connection_lost_behind_the_command_is_an_unknown_outcome(day, chunks, fault):
    person = day.world.person()
    day.ready(person, boxes=1, provider="chunking", policy={"unknown_outcome_seconds": 3600})
    day.inject(fault)
    day.send()
    assert day.state(person) == ("outcome_unknown", "connection_lost_after_data")
    assert [each[0] for each in day.attempts(person)] == ["end-of-data"]
    day.send(later=TWO_HOURS)
    assert day.state(person) == ("presumed_sent", "unknown_deadline")
    assert day.accepted() == ([person] if fault == "drop_after_data" else [])
    assert len(chunks) == 1
    assert day.judge(later=TWO_HOURS).agrees


def test_what_a_recipient_s_server_refuses_ends_it(day, chunks):
    person = day.world.person("policy_block", site="direct")
    day.ready(person, boxes=1, provider="chunking")
    day.send()
    assert day.state(person)[0] == "failed"
    assert ([each[0] for each in day.attempts(person)], len(chunks)) == (["end-of-data"], 1)
    assert day.events(person) == [("bounced", "block")]
    assert day.judge().agrees


@pytest.mark.parametrize("provider", ["chunking", "silent"])
def test_a_lost_answer_is_that_of_its_message_alone(day, provider):
    people = [day.world.person() for _ in range(4)]
    day.ready(*people, boxes=1, provider=provider, rate_limits=WIDE)
    day.inject("drop_after_data")
    assert day.send().by_state == {"outcome_unknown": 1, "sent": 3}
    assert sorted(day.accepted()) == sorted(people)
    assert [day.attempts(person)[0][2] for person in people].count(250) == 3
    assert day.judge(later=TWO_HOURS).agrees


@pytest.mark.parametrize("provider", ["chunking", "silent"])
def test_a_refusal_behind_another_s_text_is_its_own(day, provider):
    people = [day.world.person(), day.world.person("unknown_user", site="direct"), day.world.person()]
    day.ready(*people, boxes=1, provider=provider, rate_limits=WIDE)
    assert day.send().by_state == {"sent": 2, "failed": 1}
    assert [day.attempts(person)[0][0] for person in people] == ["done", "rcpt", "done"]
    assert sorted(day.accepted()) == sorted([people[0], people[2]])
    assert day.judge().agrees


def test_who_opts_out_behind_another_s_text_is_not_written_to(day, monkeypatch):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1, provider="chunking", rate_limits=WIDE)
    due = [address for (address,) in day.admin.execute("select to_address from outreach.messages order by due_at, id")]
    said, transmit = [], smtp_session.SmtpSession.transmit

    async def opting_out(session, message, *, following=None):
        if following is not None and following.recipient == due[1]:
            with day.installation.database.tenant(day.tenant.id) as transaction:
                suppress(transaction, scope="address", value=due[1], reason="stop", origin="test", now=day.now)
            said.append(following.recipient)
        return await transmit(session, message, following=following)

    monkeypatch.setattr(smtp_session.SmtpSession, "transmit", opting_out)
    assert day.send().by_state == {"sent": 2}
    assert (said, day.accepted()) == ([due[1]], [due[0], due[2]])
    assert day.state(due[1]) == ("cancelled", "suppressed_stop")


def test_nothing_goes_ahead_on_a_connection_s_last_message(day, monkeypatch):
    followed, transmit = [], smtp_session.SmtpSession.transmit

    async def watched(session, message, *, following=None):
        followed.append(following is not None)
        return await transmit(session, message, following=following)

    monkeypatch.setattr(smtp_session.SmtpSession, "transmit", watched)
    host = f"127.0.0.1:{day.world.running.ports['smtp']['chunking']}"
    day.ready(
        *(day.world.person() for _ in range(5)),
        boxes=1,
        provider="chunking",
        rate_limits=WIDE,
        provider_hosts=[{"host": host, "messages_per_connection": 2}],
    )
    assert day.send().by_state == {"sent": 5}
    assert followed == [True, False, True, False, False]


class ClosesBehindEach(socketserver.StreamRequestHandler):
    """Takes one message a connection, and says nothing to what comes behind it."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().decode().split():
            if line[0] == "EHLO":
                self.wfile.write(b"250-here\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 AUTH PLAIN\r\n")
            elif line[0] == "AUTH":
                self.wfile.write(b"235 2.7.0 ok\r\n")
            elif line[0] == "BDAT":
                self.server.taken.append(self.rfile.read(int(line[1])))
                self.wfile.write(b"250 2.0.0 taken\r\n")
                return
            else:
                self.wfile.write(b"250 2.0.0 ok\r\n")


def test_a_server_that_closes_behind_each_message_costs_the_next_one_no_attempt(day, chunks):
    people = [day.world.person() for _ in range(4)]
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), ClosesBehindEach) as server:
        server.taken = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        day.ready(*people, boxes=1, provider="chunking", rate_limits=WIDE)
        day.admin.execute(
            "update outreach.mailboxes set smtp_port = %s, smtp_security = 'none'", [server.server_address[1]]
        )
        assert day.send().by_state == {"sent": 4}
        server.shutdown()
    assert {attempt for person in people for attempt in day.attempts(person)} == {("done", "sent", 250)}
    assert (len(server.taken), len(chunks), day.count("breakers"), day.leases()) == (4, 4, 0, 0)
