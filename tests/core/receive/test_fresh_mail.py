"""What a person writes without answering: a stop wish, a mail of whoever was written to, and what only looks like one."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify, taken_for_answer
from outreach_pipeline.core.receive.model import Intent, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG = (
    "We have talked about your messages of the last weeks in our department, and I am to write to you about them.\n" * 4
)


def fresh(
    text: str, *, subject: str = "About your messages", sender: str = "kim@acme.example", extra: str = ""
) -> bytes:
    return (
        f"From: Kim <{sender}>\nTo: anna@outreach.example\nSubject: {subject}\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{extra}\n{text}\n"
    ).encode()


@pytest.mark.parametrize(
    "wish",
    [
        "Please take us off your list and do not contact us again.",
        "Do not contact me again.",
        "Bitte löschen Sie mich aus Ihrem Verteiler.",
        "Please\nunsubscribe me.",
        "I clicked here to unsubscribe, and it does not work.",
        "Ich widerspreche der Nutzung meiner Adresse.",
    ],
)
@pytest.mark.parametrize("layout", ["{long}{wish}", "{wish}\n\n{long}", "{long}{long}{long}{long}{wish} {long}"])
def test_a_wish_to_stop_is_heard_in_a_fresh_mail_of_any_length(wish, layout):
    result = classify(fresh(layout.format(long=LONG, wish=wish)), received_at=NOW)
    assert (result.kind, result.intent, result.intent_is_sure) == (MailKind.REPLY, Intent.STOP, True)


@pytest.mark.parametrize(
    "offer",
    [
        "To unsubscribe click here.",
        "You are receiving this because you signed up. Unsubscribe: https://news.example/u/1",
        "If you no longer wish to receive our news, unsubscribe here.",
        "Wenn Sie keine weiteren E-Mails erhalten möchten, können Sie sich hier abmelden.",
        "Чтобы отписаться, нажмите сюда.",
    ],
)
def test_the_offer_at_a_mailings_foot_is_nobodys_wish(offer):
    result = classify(fresh(f"{LONG}\n{offer}"), received_at=NOW)
    assert (result.kind, result.intent, result.is_personal) == (MailKind.OTHER, None, False)


def test_a_wish_above_such_an_offer_is_heard():
    text = f"{LONG}Please remove me from your list.\n\nTo unsubscribe click here."
    assert classify(fresh(text), received_at=NOW).intent is Intent.STOP


def test_a_persons_fresh_mail_may_be_an_answer_and_nobody_is_sure_of_its_intent():
    result = classify(fresh("We would like to see a demo, can you call me tomorrow?"), received_at=NOW)
    assert (result.kind, result.intent, result.is_personal) == (MailKind.OTHER, None, True)
    answer = taken_for_answer(result, subject="About your messages")
    assert (answer.kind, answer.intent, answer.intent_is_sure) == (MailKind.REPLY, Intent.MEETING, False)
    assert (answer.text, answer.is_personal) == (result.text, False)


@pytest.mark.parametrize(
    "sender,extra",
    [
        ("kim@acme.example", "List-Unsubscribe: <https://n.example/u>\n"),
        ("kim@acme.example", "List-Id: <news.acme.example>\n"),
        ("kim@acme.example", "Precedence: bulk\n"),
        ("kim@acme.example", "Auto-Submitted: auto-generated\n"),
        ("kim@acme.example", "Return-Path: <>\n"),
        ("no-reply@acme.example", ""),
        ("newsletter@acme.example", ""),
        ("postmaster@acme.example", ""),
    ],
)
@pytest.mark.parametrize("subject", ["Our offers in March", "Fwd: Our offers in March"])
def test_what_a_machine_writes_is_no_answer(sender, extra, subject):
    result = classify(fresh("Our catalogue is out.", subject=subject, sender=sender, extra=extra), received_at=NOW)
    assert (result.kind, result.is_personal) == (MailKind.OTHER, False)


@pytest.mark.parametrize(
    "prefix",
    [
        "Antwort:", "Betreff:", "Odp:", "Odpowiedź:", "Rép :", "Rép. :", "Відповідь:", "Vá:", "Ang:", "Atb:", "TR:", "FW:", "Fwd:", "WG:", "RV:", "[EXTERNAL] Re:",
        "[EXT] RE:", "EXTERN: AW:", "*SPAM* Re:", "{Spam?} Re:", "[EXTERNAL] FW:", "[External Sender] [SPAM] Re:",
    ],
)  # fmt: skip
def test_a_subject_tells_an_answer_without_thread_headers(prefix):
    result = classify(fresh("Sounds interesting.", subject=f"{prefix} A question"), received_at=NOW)
    assert (result.kind, result.intent) == (MailKind.REPLY, Intent.INTERESTED)


@pytest.mark.parametrize(
    "subject", ["Reference: 4711", "[Extras] for you", "Tracking: parcel", "Angebot: 5 %", "External: news"]
)
def test_a_subject_that_begins_alike_tells_nothing(subject):
    assert classify(fresh("Hello.", subject=subject), received_at=NOW).kind is MailKind.OTHER


OFFERS = (
    "Unsubscribe | Manage preferences | View in browser",
    "Reply STOP to opt out.",
    "Tired of these mails? Unsubscribe here.",
    'P.S. If you do not want to hear from me again, reply "unsubscribe".',
    "Don't want to receive our offers? Opt out.",
    "Möchten Sie keine Angebote mehr erhalten? Hier abmelden.",
    "Newsletter abbestellen",
    "Pour ne plus recevoir nos offres, désinscrivez-vous ici.",
    "Vous ne souhaitez plus recevoir nos offres ? Désinscription ici",
    "Si ya no desea recibir ofertas, date de baja.",
    "¿No quiere recibir más correos? Responda BAJA.",
    "Non vuoi più ricevere le nostre email? Disiscriviti.",
    "Não quer mais receber as nossas ofertas? Cancelar inscrição aqui.",
    "Wilt u geen mails meer ontvangen? Meld u af.",
    "Nie chcesz otrzymywać naszych wiadomości? Wypisz się.",
    "Если вы больше не хотите получать наши письма, отпишитесь.",
    "Якщо ви більше не бажаєте отримувати листи, відпишіться.",
)


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("layout", ["Our news of March.\n\n{}", "{}", "{}\n\nOur news of March."])
def test_a_short_mailings_offer_to_be_stopped_is_nobodys_wish(offer, layout):
    result = classify(fresh(layout.format(offer), subject="News of Harbor"), received_at=NOW)
    assert (result.kind, result.intent, result.is_personal) == (MailKind.OTHER, None, False)


@pytest.mark.parametrize(
    "wish",
    ["Bitte abmelden", "Graag uitschrijven", "Хочу отписаться", "Prosze mnie wypisać", "Abmelden bitte!", "Unsubscribe", "Cancelar a inscrição, por favor", "Désinscription svp"],
)  # fmt: skip
def test_a_short_wish_is_no_offer(wish):
    result = classify(fresh(wish), received_at=NOW)
    assert (result.kind, result.intent, result.intent_is_sure) == (MailKind.REPLY, Intent.STOP, True)


@pytest.mark.parametrize(
    "text", ["Wenn Sie keine Zeit haben, rufe ich an.", "Не хотите созвониться?", "Nie chcesz spróbować u nas?"]
)
def test_a_persons_conditions_are_no_offer(text):
    assert classify(fresh(text), received_at=NOW).is_personal
