"""No message without its batch and enrollment, though no foreign key says so."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Thread
from time import sleep

import psycopg
import pytest

_COPY = (
    "insert into outreach.messages (tenant_id, kind, state, mailbox_id, plan_date, enrollment_id, step_number, to_address,"
    " company_domain, recipient_site, scheduled_at, window_ends_at, message_id)"
    " select tenant_id, kind, 'cancelled', {mailbox}, {plan_date}, {enrollment}, step_number, to_address,"
    " company_domain, recipient_site, scheduled_at, window_ends_at, message_id || n"
    " from outreach.messages, generate_series(1, 2) as n where kind = 'campaign'"
)


@pytest.fixture
def planned(make_firm):
    firm = make_firm()
    firm.crowd(2)
    assert firm.plan().planned == 2
    return firm


def copy(admin, *, mailbox="mailbox_id", plan_date="plan_date", enrollment="enrollment_id") -> int:
    return admin.execute(_COPY.format(mailbox=mailbox, plan_date=plan_date, enrollment=enrollment)).rowcount


@contextmanager
def refused(admin):
    with pytest.raises(psycopg.errors.ForeignKeyViolation), admin.transaction():
        yield


def test_messages_are_added_with_their_parents_only(planned, admin):
    assert copy(admin) == 4
    for missing in (
        {"mailbox": "mailbox_id + 99"},
        {"plan_date": "plan_date + 1"},
        {"enrollment": "enrollment_id + 99"},
    ):
        with refused(admin):
            copy(admin, **missing)
    # One row in many is enough.
    with refused(admin):
        copy(admin, enrollment="enrollment_id + case when n = 2 then 99 else 0 end")
    assert planned.run("select count(*) from outreach.messages") == [(6,)]


def test_a_message_does_not_move_to_parents_that_are_not_there(planned, admin):
    for change in ("mailbox_id = mailbox_id + 99", "plan_date = plan_date + 1", "enrollment_id = enrollment_id + 99"):
        with refused(admin):
            admin.execute(f"update outreach.messages set {change}")
    first, second = (enrollment for (enrollment,) in planned.run("select id from outreach.enrollments order by id"))
    admin.execute("delete from outreach.messages where enrollment_id = %s", [second])
    assert admin.execute("update outreach.messages set enrollment_id = %s", [second]).rowcount == 1
    assert planned.run("select enrollment_id from outreach.messages") == [(second,)]
    assert admin.execute("delete from outreach.enrollments where id = %s", [first]).rowcount == 1


def test_parents_stay_while_a_message_is_there(planned, admin):
    for statement in (
        "delete from outreach.send_batches where planned > 0",
        "update outreach.send_batches set plan_date = plan_date + 1 where planned > 0",
        "delete from outreach.enrollments",
    ):
        with refused(admin):
            admin.execute(statement)
    planned.run("delete from outreach.messages")
    assert admin.execute("delete from outreach.enrollments").rowcount == 2


def test_a_parent_that_is_being_deleted_takes_no_message_meanwhile(planned, admin, server):
    admin.execute("delete from outreach.messages")
    enrollment, *row = planned.run(
        "select e.id, e.tenant_id, e.id, m.id from outreach.enrollments as e, outreach.mailboxes as m order by e.id, m.id limit 1"
    )[0]
    failures: list[type[BaseException]] = []

    def add() -> None:
        with psycopg.connect(server.url(admin.info.dbname), autocommit=True) as other:
            try:
                other.execute(
                    "insert into outreach.messages (tenant_id, enrollment_id, mailbox_id, kind, state, to_address,"
                    " company_domain, recipient_site, scheduled_at, window_ends_at, message_id)"
                    " values (%s, %s, %s, 'test', 'cancelled', 'a@b.example', 'b.example', 'b.example', now(), now(), 'late')",
                    row,
                )
            except psycopg.Error as error:
                failures.append(type(error))

    with admin.transaction():
        admin.execute("delete from outreach.enrollments where id = %s", [enrollment])
        thread = Thread(target=add)
        thread.start()
        sleep(0.3)
        assert thread.is_alive()
    thread.join(10)
    assert failures == [psycopg.errors.ForeignKeyViolation]
