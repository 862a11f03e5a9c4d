"""What follows from a mail, by what it is and whether it answers one of ours."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.receive.effects import MOST_DAYS_AWAY, Answered, Effects, effects_of, is_proven
from outreach_pipeline.core.receive.model import (
    AutoReplyKind,
    BounceClass,
    Classification,
    FailedRecipient,
    Intent,
    MailKind,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OURS = Answered(
    message_id=7, to_address="zoe@harbor.example", contact_id=3, stops_company_on_reply=False, out_of_office_days=7
)
FROM = "zoe.kim@harbor.example"


def effects(mail: Classification, *, answered: Answered | None = OURS, from_address: str = FROM) -> Effects:
    return effects_of(mail, answered=answered, from_address=from_address, received_at=AT)


def failed(
    recipient: str = "zoe@harbor.example",
    *,
    bounce_class: BounceClass | None = BounceClass.HARD,
    hard: bool = True,
    permanent: bool = True,
) -> FailedRecipient:
    return FailedRecipient(recipient, None, "5.1.1", "no such user", bounce_class, "userunknown", hard, permanent)


def bounce(*recipients: FailedRecipient) -> Classification:
    return Classification(MailKind.BOUNCE, recipients=recipients)


def kinds(found: Effects) -> list[tuple[str, str | None]]:
    return [(event.kind, event.bounce_class) for event in found.events]


def test_a_dead_address_is_suppressed_and_its_sequence_ends():
    found = effects(bounce(failed()))
    assert kinds(found) == [("bounced", "hard")]
    assert found.suppress == (("zoe@harbor.example", "bounce"),)
    assert (found.stop_reason, found.proves_submission) == ("bounced", True)


@pytest.mark.parametrize("bounce_class", [BounceClass.SOFT, BounceClass.BLOCK])
def test_other_bounces_end_the_sequence_and_leave_the_address(bounce_class):
    found = effects(bounce(failed(bounce_class=bounce_class, hard=False)))
    assert kinds(found) == [("bounced", bounce_class)]
    assert (found.suppress, found.stop_reason) == ((), "bounced")


def test_a_delay_is_no_bounce():
    found = effects(bounce(failed(hard=True, permanent=False)))
    assert kinds(found) == [("deferred", None)]
    assert (found.suppress, found.stop_reason) == ((), None)


def test_a_bounce_of_nothing_of_ours_says_nothing():
    assert effects(bounce(failed()), answered=None) == Effects()


def test_of_several_failed_addresses_ours_counts():
    found = effects(bounce(failed("other@x.example"), failed(bounce_class=BounceClass.SOFT, hard=False)))
    assert kinds(found) == [("bounced", "soft")]
    assert found.suppress == ()


def test_a_bounce_from_behind_a_forwarder_is_about_whom_we_wrote_to():
    forwarded = dataclasses.replace(failed("z@elsewhere.example"), original_recipient="Zoe@Harbor.example")
    found = effects(bounce(forwarded))
    assert found.suppress == (("zoe@harbor.example", "bounce"),)
    assert [event.recipient for event in found.events] == ["zoe@harbor.example"]


def test_a_bounce_that_names_nobody_is_soft():
    found = effects(bounce())
    assert kinds(found) == [("bounced", "soft")]
    assert found.suppress == ()


@pytest.mark.parametrize("answered", [OURS, None])
def test_a_complaint_always_suppresses(answered):
    found = effects(Classification(MailKind.COMPLAINT, recipients=(failed("Zoe@Harbor.example"),)), answered=answered)
    assert found.suppress == (("zoe@harbor.example", "complaint"),)
    assert kinds(found) == [("complaint", None)]


@pytest.mark.parametrize(
    "nonsense", ["", "nobody", "@x.example", "a b@x.example", "a\x00b@x.example", "a\n@x.example", "a@"]
)
def test_what_is_no_address_is_not_suppressed(nonsense):
    found = effects(Classification(MailKind.COMPLAINT, recipients=(failed(nonsense),)), answered=None)
    assert (found.suppress, found.events) == ((), ())
    stop = Classification(MailKind.REPLY, intent=Intent.STOP, intent_is_sure=True)
    assert effects(stop, from_address=nonsense).suppress == (("zoe@harbor.example", "stop"),)


def test_who_wants_out_is_suppressed_under_both_addresses():
    found = effects(Classification(MailKind.REPLY, intent=Intent.STOP, intent_is_sure=True))
    assert dict(found.suppress) == {"zoe@harbor.example": "stop", FROM: "stop"}
    assert (found.stop_reason, kinds(found)) == ("stop", [("reply", None)])


def test_who_wants_out_is_believed_even_without_a_mail_of_ours():
    found = effects(Classification(MailKind.REPLY, intent=Intent.STOP, intent_is_sure=True), answered=None)
    assert (found.suppress, found.events, found.stop_reason) == (((FROM, "stop"),), (), None)


@pytest.mark.parametrize("intent", [each for each in Intent if each is not Intent.STOP])
def test_every_other_answer_ends_the_sequence_and_suppresses_nobody(intent):
    found = effects(Classification(MailKind.REPLY, intent=intent))
    assert (found.suppress, found.stop_reason, found.stops_company) == ((), "replied", False)
    assert found.is_good_news == (intent in {Intent.INTERESTED, Intent.MEETING})


def test_an_answer_ends_the_company_where_the_campaign_says_so():
    of_company = dataclasses.replace(OURS, stops_company_on_reply=True)
    assert effects(Classification(MailKind.REPLY, intent=Intent.OTHER), answered=of_company).stops_company


def out_of_office(return_date: date | None) -> Classification:
    return Classification(MailKind.AUTO_REPLY, auto_reply=AutoReplyKind.OUT_OF_OFFICE, return_date=return_date)


@pytest.mark.parametrize(
    "return_date, out_until",
    [
        (date(2026, 3, 16), date(2026, 3, 16)),
        (None, date(2026, 3, 9)),
        (date(2025, 3, 16), date(2026, 3, 2)),
        (date(2029, 1, 1), date(2026, 5, 1)),
    ],
)
def test_an_absent_person_is_waited_for(return_date, out_until):
    found = effects(out_of_office(return_date))
    assert (found.out_until, found.stop_reason, found.suppress) == (out_until, None, ())
    assert kinds(found) == [("auto_reply", None)]


@given(return_date=st.none() | st.dates())
def test_nobody_is_waited_for_without_end(return_date):
    out_until = effects(out_of_office(return_date)).out_until
    assert 0 <= (out_until - AT.date()).days <= MOST_DAYS_AWAY


def test_who_has_left_is_not_written_to_again():
    found = effects(Classification(MailKind.AUTO_REPLY, auto_reply=AutoReplyKind.LEFT_COMPANY))
    assert (found.stop_reason, found.has_left, found.out_until) == ("left_company", True, None)


@pytest.mark.parametrize("kind", [AutoReplyKind.TICKET, AutoReplyKind.CHALLENGE, AutoReplyKind.OTHER])
def test_other_machines_change_nothing(kind):
    found = effects(Classification(MailKind.AUTO_REPLY, auto_reply=kind))
    assert (found.stop_reason, found.out_until, found.has_left, found.suppress) == (None, None, False, ())
    assert kinds(found) == [("auto_reply", None)]


def test_an_automatic_answer_to_nothing_of_ours_says_nothing():
    assert effects(out_of_office(None), answered=None) == Effects()


def test_other_mail_changes_nothing():
    assert effects(Classification(MailKind.OTHER)) == Effects()


def test_a_report_of_another_address_suppresses_nobody():
    found = effects(bounce(failed("jim@elsewhere.example")))
    assert kinds(found) == [("bounced", "soft")]
    assert (found.suppress, found.stop_reason) == ((), "bounced")


@pytest.mark.parametrize("author", ["zoe@harbor.example", "zoe+work@harbor.example"])
def test_a_report_never_suppresses_its_author(author):
    assert effects(bounce(failed()), from_address=author).suppress == ()


@pytest.mark.parametrize("name", ["Zoe@Harbor.Example", "zoe", "zoe@harbor.example "])
def test_a_report_names_an_address_in_its_own_spelling(name):
    assert effects(bounce(failed(name))).suppress == (("zoe@harbor.example", "bounce"),)


@pytest.mark.parametrize("kind", [MailKind.REPLY, MailKind.AUTO_REPLY])
def test_a_wish_that_is_in_doubt_holds_both_addresses_whatever_mail_it_stands_in(kind):
    found = effects(Classification(kind, intent=Intent.STOP), from_address="zoe.kim@harbor.example")
    assert found.suppress == (("zoe.kim@harbor.example", "unclear_stop"), ("zoe@harbor.example", "unclear_stop"))
    assert found.is_unclear_stop


@pytest.mark.parametrize(
    "tied_by,is_system_mail,days,expected",
    [
        ("message_id", False, 50, True),
        ("before", False, 50, True),
        ("address", True, 5, True),
        ("address", True, 6, False),
        ("address", False, 0, False),
    ],
)
def test_what_proves_a_report(tied_by, is_system_mail, days, expected):
    report = Classification(MailKind.BOUNCE, is_system_mail=is_system_mail)
    assert is_proven(report, tied_by=tied_by, sent_at=AT - timedelta(days=days), received_at=AT) is expected
    assert not is_proven(report, tied_by="address", sent_at=None, received_at=AT)


def test_a_report_that_nothing_proves_condemns_nobody():
    found = effects(
        Classification(MailKind.BOUNCE, recipients=(failed(),)), answered=dataclasses.replace(OURS, is_proven=False)
    )
    assert (found.suppress, kinds(found), found.stop_reason) == ((), [("bounced", "soft")], "bounced")


@pytest.mark.parametrize("reached", ["zoe@harbor.example", "Zoe@Harbor.example"])
def test_whom_a_report_names_as_reached_has_not_bounced(reached):
    found = effects(dataclasses.replace(bounce(failed("other@harbor.example")), reached=(reached,)))
    assert found == Effects(proves_submission=True)


def test_whom_a_report_names_as_failed_too_has_bounced():
    found = effects(dataclasses.replace(bounce(failed()), reached=("zoe@harbor.example",)))
    assert found.stop_reason == "bounced"
