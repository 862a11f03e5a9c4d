"""Between a sure stop and none: what is beyond doubt, what a person has to look at, and what is nobody's wish to stop."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import Intent, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

SURE = (
    "Could you make sure that I am not on any list of yours?",
    "We are fine as we are. I ask you not to contact us or anyone else here.",
    "Article 17 GDPR: I demand the erasure of my data.",
    "Consider this mail as revoking my consent.",
    "Kindly put us on your do not contact list.",
    "You don't have permission to contact this office.",
    "More junk, thanks. Take our address out of your database.",
    "Strike our name from everything you keep.",
    "rm me from this thing",
    "Don't send us these again",
    "Unterlassen Sie das bitte.",
    "Bitte loeschen Sie meine Adresse.",
    "Hoeren Sie auf, mir zu schreiben!",
    "Diese Mails sind unerwuenscht, hoert auf damit.",
    "In Zukunft bitte keine Nachrichten dieser Art.",
    "Ich berufe mich auf mein Recht auf Löschung.",
    "Veuillez ne plus nous relancer.",
    "Je retire mon consentement.",
    "Stop pub",
    "Quiero ejercer mi derecho de oposición.",
    "Revoco mi consentimiento para estos envíos.",
    "Ritiro il consenso al trattamento.",
    "Esercito il diritto di opposizione.",
    "Por favor, não entrem mais em contato conosco.",
    "Me tirem da base de vocês.",
    "Revogo o consentimento.",
    "Ik beroep mij op het recht van bezwaar.",
    "Żądam usunięcia moich danych.",
    "Прошу не отправлять нам ничего.",
    "Отпишись уже",
    "Прошу не турбувати.",
)

UNCLEAR = (
    "No more, thank you.",
    "I want out.",
    "Email me never.",
    "It would be nice not to receive such things.",
    "Delete it.",
    "No follow ups please",
    "This is the last time. Enough of this.",
    "Den Versand bitte stoppen",
    "Genug davon!",
    "Hiermit kündige ich den Newsletter.",
    "Retirez cela tout de suite",
    "Eliminen eso",
    "Togliete tutto",
    "Exclua isso, por favor",
    "Nooit meer, dank u.",
    "Nigdy więcej!",
    "Уберите это",
    "Приберіть це",
    "Why do you keep emailing me?",
    "Nehmt uns raus",
    "Houd op",
    "Do not use my email again",
    "Proszę o nieprzesyłanie",
    "Не надо мне такое слать",
    "Годі вже",
    "Don't send me a PDF.",
    # Words that are clear, with a sign to the contrary beside them.
    "Please remove the second slide from your list of references.",
    "Bitte löschen Sie die dritte Position aus der Liste.",
    "Nehmen Sie Frau Keller aus dem Verteiler.",
    "Please take Joe off of your mailing list, he has retired.",
    "We don't want to receive invoices by post.",
    "Nobody should be taken off the list.",
    "Is there a way to unsubscribe single recipients?",
    "Please remove me from your list. Otherwise it sounds good, let's talk.",
    "Bitte nicht löschen, ich stehe noch auf der Liste.",
)

WISHES = (
    ("Please remove the old item from your quote and send the pricing.", Intent.INTERESTED),
    ("Bitte streichen Sie Posten drei aus dem Angebot, dann bestellen wir.", Intent.INTERESTED),
    ("Do you offer a way to opt out after a year? Sounds good.", Intent.INTERESTED),
    ("We don't want to receive paper mail. Send the brochure by mail.", Intent.INTERESTED),
    ("Queremos dar de baja nuestro software actual, me interesa el suyo.", Intent.INTERESTED),
    ("Does your tool put an unsubscribe link into mails? We'd be interested.", Intent.INTERESTED),
    ("I'd hate to be removed from your list, sounds great!", Intent.INTERESTED),
    ("Stop. Just kidding, send me the pricing.", Intent.INTERESTED),
    ("Please add me to your mailing list.", Intent.INTERESTED),
    ("Bitte nehmen Sie Herrn Roth aus dem Verteiler. Der Termin passt.", Intent.MEETING),
)

NO_STOPS = (
    "Take me off mute, please.",
    "Your mail was in my spam folder.",
    "Are you GDPR compliant?",
    "We are not the right ones for this.",
    "Not interested, thanks.",
    "Please use my address instead.",
    "Ahora no, contácteme en septiembre.",
    "Wir sind dafür nicht mehr zuständig.",
    "Das ist quite interessant für uns.",
    "Мы работаем удалённо.",
    "To dość ciekawe.",
)

SIGNATURES = (
    "If you'd prefer not to receive emails from me, click here to unsubscribe.",
    "If you no longer want to hear from me, you can unsubscribe here: https://crm.example/u",
    "If you would prefer not to get mail from us, unsubscribe at any time.",
)


def judged(text: str) -> tuple[Intent, bool]:
    found = intent_of(text=text, subject="Re: A question")
    return found.intent, found.is_sure


def reply(text: str) -> bytes:
    return (
        "From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: Re: A question\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        f"In-Reply-To: <step1.42@outreach.example>\n\n{text}\n"
    ).encode()


@pytest.mark.parametrize("text", SURE)
def test_clear_words_about_the_writer_are_sure(text):
    assert judged(text) == (Intent.STOP, True)


@pytest.mark.parametrize("text", UNCLEAR)
def test_anything_like_a_stop_is_one_of_which_nobody_is_sure(text):
    assert judged(text) == (Intent.STOP, False)


@pytest.mark.parametrize("text,wish", WISHES)
def test_a_wish_to_go_on_beside_such_words_is_the_intent_and_not_sure(text, wish):
    assert judged(text) == (wish, False)


@pytest.mark.parametrize("text", NO_STOPS)
def test_words_of_other_things_hold_nobody(text):
    assert judged(text)[0] is not Intent.STOP


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("break_", ["\n\n", "\n\n-- \nKim\n"])
def test_the_offer_in_a_contacts_own_signature_is_nobodys_wish(signature, break_):
    found = classify(reply(f"Yes, please send the pricing.{break_}{signature}"), received_at=NOW)
    assert (found.kind, found.intent) == (MailKind.REPLY, Intent.INTERESTED)
