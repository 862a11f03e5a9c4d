"""The ledger on a real Postgres, step by step beside a small model of the states that docs/data_flow.md draws."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress as ignoring
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from outreach_pipeline.core.model import EventKind, MessageState
from outreach_pipeline.workflows.claim import claim as claim_due
from outreach_pipeline.workflows.claimed_message import ClaimedMessage
from outreach_pipeline.workflows.outcomes import TiedMessage, prove_submission
from outreach_pipeline.workflows.recover_messages import recover
from outreach_pipeline.workflows.send_ledger import Begin, Result, write_group
from outreach_pipeline.workflows.suppress import suppress
from tests.chaos.checker import Limit
from tests.chaos.rows import UNKNOWN_SECONDS, MailboxAt, configure, fill

EXAMPLES = int(os.environ.get("OUTREACH_TEST_LEDGER_EXAMPLES", "200"))
STEPS = 50
LIMITED = "limited.example"
MAILBOXES = ("one@acme.example", "two@acme.example")
_DUE = [
    (MAILBOXES[number % 2], f"p{number}@{LIMITED if number in {1, 2, 5} else f'free{number}.example'}")
    for number in range(16)
]
_numbers = st.integers(0, 3)
_people = st.integers(0, len(_DUE) - 1)


@dataclass
class Known:
    """A message as the model knows it."""

    mailbox: str
    to_address: str
    state: str = "planned"
    token: int | None = None
    is_over: bool = False
    attempts: int = 0
    due_at: datetime | None = None
    unknown_until: datetime | None = None
    next_step: int = 1
    is_stopped: bool = False
    sent_events: int = 0

    @property
    def is_limited(self) -> bool:
        return self.to_address.endswith(LIMITED)

    def let_go(self, state: str) -> None:
        self.state, self.token, self.is_over = state, None, False


@dataclass
class Claim:
    """What a worker holds in its hands, still good or not."""

    message: ClaimedMessage
    known: Known = field(repr=False)


class LedgerMachine(RuleBasedStateMachine):
    """Does to the ledger what workers, people and time do, in any order."""

    def __init__(self, installation: Any, admin: psycopg.Connection) -> None:
        super().__init__()
        self.installation = installation
        self.admin = admin
        self.known: dict[int, Known] = {}
        self.claims: list[Claim] = []
        self.is_paused = False
        self.newest_token = 0

    @initialize()
    def begin_anew(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        fill(self.admin, _DUE, limits=[Limit(LIMITED, in_flight=1)], now=self.now)
        self.admin.execute("update outreach.campaigns set state = 'active'")
        (self.tenant,) = self.installation.tenants()
        self.known = {
            row[0]: Known(mailbox, to_address, due_at=self.now)
            for row, (mailbox, to_address) in zip(
                self.admin.execute("select id from outreach.messages order by id").fetchall(), _DUE, strict=True
            )
        }

    @rule(each=st.integers(1, 3))
    def claim(self, each: int) -> None:
        could = self._claimable()
        (lane,) = self.admin.execute("select distinct lane from outreach.mailboxes").fetchone()
        with self._transaction() as transaction:
            claimed = claim_due(
                transaction,
                lane=lane,
                mailbox_ids=None,
                kind=None,
                mailboxes=5,
                each=each,
                lease_seconds=600,
                now=self.now,
            )()
        of_mailbox = {mailbox: [row for row in claimed if row.from_address == mailbox] for mailbox in MAILBOXES}
        for mailbox, rows_of_it in of_mailbox.items():
            assert len(rows_of_it) <= each
            assert bool(rows_of_it) == any(self.known[id_].mailbox == mailbox for id_ in could) or self._was_shut_out(
                mailbox, could, claimed
            )
        assert sum(self.known[row.id].is_limited for row in claimed) <= 1
        for row in claimed:
            known = self.known[row.id]
            assert row.id in could
            assert row.token > self.newest_token
            known.state, known.token, known.is_over = "claimed", row.token, False
            known.attempts += 1
            assert row.attempt == known.attempts
            self.claims.append(Claim(row, known))
        self.newest_token = max([self.newest_token, *(row.token for row in claimed)])

    @rule(number=_numbers)
    def begin(self, number: int) -> None:
        for claim in self._picked(number):
            self._expect_begun([claim])

    @rule(number=_numbers)
    def begin_with_all_claims_of_a_message(self, number: int) -> None:
        for claim in self._picked(number):
            self._expect_begun([each for each in self.claims if each.known is claim.known])

    @rule(number=_numbers, state=st.sampled_from(["sent", "deferred", "failed", "cancelled", "outcome_unknown"]))
    def finish(self, number: int, state: str) -> None:
        for claim in self._picked(number):
            known, message = claim.known, claim.message
            if state in {"sent", "outcome_unknown"} and known.state != "sending" and known.token == message.token:
                # A worker says so only of what it has begun.
                continue
            is_its = known.token == message.token and known.state in {"claimed", "sending"}
            retry_at = self.now + timedelta(minutes=2) if state == "deferred" else None
            unknown_until = self.now + timedelta(minutes=30) if state == "outcome_unknown" else None
            with self._transaction() as transaction:
                result = _result(self.now, message, state, retry_at, unknown_until)
                answers = write_group(transaction, [result], [])
            assert answers == {(Result, message.id, message.token): "written" if is_its else "fenced"}
            if is_its:
                known.let_go(state)
                known.due_at, known.unknown_until = retry_at, unknown_until
                if state == "sent":
                    known.sent_events += 1
                    known.next_step = 2
                elif state == "failed":
                    known.is_stopped = True

    @rule(number=_numbers)
    def lease_runs_out(self, number: int) -> None:
        for claim in self._picked(number):
            if claim.known.token is not None:
                claim.known.is_over = True
                id_ = claim.message.id
                self.admin.execute(
                    "update outreach.messages set lease_expires_at = clock_timestamp() where id = %s", [id_]
                )
                self.admin.execute(
                    "update outreach.leases set expires_at = clock_timestamp() where holder like %s", [f"%/{id_}"]
                )

    @rule(number=_numbers)
    def worker_is_lost(self, number: int) -> None:
        self.lease_runs_out(number)
        self.recover()
        self.claim(3)

    @rule()
    def recover(self) -> None:
        expected = {}
        for id_, known in self.known.items():
            if known.state == "outcome_unknown" and known.unknown_until <= self.now:
                expected[id_] = "presumed_sent"
            elif known.is_over:
                expected[id_] = {"claimed": "planned", "sending": "outcome_unknown"}[known.state]
        counts = recover(self.installation, self.tenant, now=self.now)
        assert counts.total() == len(expected)
        for id_, state in expected.items():
            known = self.known[id_]
            known.let_go(state)
            if state == "outcome_unknown":
                known.unknown_until = self.now + timedelta(seconds=UNKNOWN_SECONDS)
            elif state == "presumed_sent":
                known.next_step = 2

    @rule(number=_numbers)
    def release(self, number: int) -> None:
        for claim in self._picked(number):
            with self._transaction() as transaction:
                transaction.run("send/release", ids=[claim.message.id], tokens=[claim.message.token])
            if claim.known.token == claim.message.token and claim.known.state == "claimed":
                claim.known.let_go("planned")
                claim.known.attempts -= 1

    @rule(number=_people)
    def suppress(self, number: int) -> None:
        known = list(self.known.values())[number]
        with self._transaction() as transaction:
            suppress(transaction, scope="address", value=known.to_address, reason="stop", origin="test", now=self.now)
        known.is_stopped = True
        if known.state in {"planned", "deferred", "claimed"}:
            known.let_go("cancelled")

    @rule(number=_people)
    def prove_submission(self, number: int) -> None:
        id_, known = list(self.known.items())[number]
        tied = TiedMessage(id_, MessageState(known.state), known.to_address, "<x@acme.example>")
        with self._transaction() as transaction:
            proven = prove_submission(transaction, tied, origin="imap", origin_id=f"proof {id_}", now=self.now)
        assert proven == (known.state in {"outcome_unknown", "presumed_sent"})
        if proven:
            known.let_go("sent")
            known.sent_events += 1
            known.next_step = 2

    @rule(paused=st.sampled_from([False, False, False, True]))
    def pause(self, paused: bool) -> None:  # noqa: FBT001  hypothesis passes by name
        self.is_paused = paused
        self.admin.execute("update outreach.campaigns set state = %s", ["paused" if paused else "active"])

    @rule(minutes=st.sampled_from([1, 5, 90]))
    def time_passes(self, minutes: int) -> None:
        # Short of the day's end: what then becomes of messages is the planner's.
        self.now = min(self.now + timedelta(minutes=minutes), datetime(2026, 3, 2, 20, tzinfo=UTC))

    @invariant()
    def ledger_says_what_the_model_says(self) -> None:
        rows = self.admin.execute(
            "select m.id, m.state, m.lease_token, m.attempts, e.next_step, e.state <> 'active' and e.next_step = 1,"
            " (select count(*) from outreach.events as v where v.message_id = m.id and v.kind = 'sent')"
            " from outreach.messages as m join outreach.enrollments as e on e.id = m.enrollment_id order by m.id"
        ).fetchall()
        for id_, *found in rows:
            known = self.known[id_]
            stopped = known.is_stopped and known.next_step == 1
            assert found == [
                known.state, known.token, known.attempts, known.next_step, stopped, known.sent_events
            ]  # fmt: skip
        sending = [known.mailbox for known in self.known.values() if known.state == "sending"]
        assert len(sending) == len(set(sending))
        holders = {
            int(holder.rpartition("/")[2]) for (holder,) in self.admin.execute("select holder from outreach.leases")
        }
        assert holders == {
            id_ for id_, known in self.known.items() if known.is_limited and known.state in {"claimed", "sending"}
        }

    def _transaction(self) -> Any:
        return self.installation.database.tenant(self.tenant.id)

    def _picked(self, number: int) -> list[Claim]:
        """Return one of the claims, the newest for 0, or none if there are fewer."""
        return [self.claims[-1 - number]] if number < len(self.claims) else []

    def _claimable(self) -> set[int]:
        busy = {known.mailbox for known in self.known.values() if known.state in {"claimed", "sending"}}
        is_full = any(
            known.is_limited and known.token is not None and not known.is_over for known in self.known.values()
        )
        return {
            id_
            for id_, known in self.known.items()
            if known.state in {"planned", "deferred"}
            and not self.is_paused
            and known.due_at <= self.now
            and known.mailbox not in busy
            and not (known.is_limited and is_full)
        }

    def _was_shut_out(self, mailbox: str, could: set[int], claimed: list[ClaimedMessage]) -> bool:
        """Tell whether all that a mailbox could have sent is limited, and another took the one place."""
        its = [self.known[id_] for id_ in could if self.known[id_].mailbox == mailbox]
        return all(known.is_limited for known in its) and any(self.known[row.id].is_limited for row in claimed)

    def _expect_begun(self, claims: list[Claim]) -> None:
        expected = {claim.message.token: self._answer(claim) for claim in claims}
        begins = [_begin_of(self.now, claim.message) for claim in claims]
        refused = "sending" in expected.values() and any(
            other.state == "sending" and other.mailbox == claims[0].known.mailbox for other in self.known.values()
        )
        with ignoring(psycopg.errors.UniqueViolation), self._transaction() as transaction:
            answers = write_group(transaction, [], begins)
            assert not refused, "the index lets two be in flight"
            assert {token: answer for (_, _, token), answer in answers.items()} == expected
        if refused:
            return
        for claim in claims:
            match expected[claim.message.token]:
                case "sending":
                    claim.known.state = "sending"
                case "campaign_paused":
                    # Still due: it goes as soon as the campaign does, and nothing was tried.
                    claim.known.let_go("deferred")
                    claim.known.attempts -= 1
                case answer if answer != "lease_lost":
                    claim.known.let_go("cancelled")

    def _answer(self, claim: Claim) -> str:
        known = claim.known
        if known.token != claim.message.token or known.state != "claimed" or known.is_over:
            return "lease_lost"
        return "campaign_paused" if self.is_paused else "sending"


def _begin_of(now: datetime, message: ClaimedMessage) -> Begin:
    return Begin(
        tenant_id=message.tenant_id,
        id=message.id,
        token=message.token,
        subject="Hello",
        to_address=message.to_address,
        company_domain=message.company_domain,
        now=now,
    )


def _result(
    now: datetime, message: ClaimedMessage, state: str, retry_at: datetime | None, unknown_until: datetime | None
) -> Result:
    return Result(
        tenant_id=message.tenant_id,
        id=message.id,
        token=message.token,
        mailbox_id=message.mailbox_id,
        state=state,
        stage="done",
        outcome=state,
        started_at=now,
        finished_at=now,
        duration_ms=1.0,
        reason=None if state == "sent" else "test",
        retry_at=retry_at,
        unknown_until=unknown_until,
        event_kind=str(EventKind.SENT) if state == "sent" else None,
    )


@pytest.fixture
def machine(installation, admin) -> Callable[[], LedgerMachine]:
    configure(installation, [MailboxAt(address) for address in MAILBOXES])
    admin.execute("update outreach.mailboxes set lifecycle = 'active'")
    return lambda: LedgerMachine(installation, admin)


@pytest.mark.timeout(max(300, EXAMPLES))
def test_the_ledger_is_what_its_model_is(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            # The same steps each time, unless more are asked for.
            derandomize=EXAMPLES <= 200,
            # To make a failure shorter takes minutes on a real database; its steps are printed as they were.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_claim_that_was_lost_is_told_so_beside_the_new_claim_of_the_same_message(machine):
    ledger = machine()
    ledger.begin_anew()
    ledger.claim(1)
    ledger.lease_runs_out(0)
    ledger.recover()
    ledger.claim(1)
    lost, new = [claim for claim in ledger.claims if claim.known is ledger.claims[-1].known]
    with ledger._transaction() as transaction:
        answers = write_group(transaction, [], [_begin_of(ledger.now, each.message) for each in (lost, new)])
    assert {token: answer for (_, _, token), answer in answers.items()} == {
        lost.message.token: "lease_lost",
        new.message.token: "sending",
    }
    with ledger._transaction() as transaction:
        results = [
            _result(ledger.now, each.message, state, None, None) for each, state in ((lost, "failed"), (new, "sent"))
        ]
        assert write_group(transaction, results, []) == {
            (Result, new.message.id, lost.message.token): "fenced",
            (Result, new.message.id, new.message.token): "written",
        }
    attempts = ledger.admin.execute("select outcome from outreach.send_attempts").fetchall()
    assert attempts == [("sent",)]
