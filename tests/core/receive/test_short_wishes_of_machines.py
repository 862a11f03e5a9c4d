"""A few plain words to stop in a mail that a machine marked, and what machines say of mail by themselves."""

# ruff: noqa: RUF001  Cyrillic is meant

import pytest

from outreach_pipeline.core.receive.model import Intent, MailKind
from tests.core.receive.test_wishes_in_odd_places import read

QUOTE = "\n\nOn Mon, 2 Mar 2026 at 08:00, Anna <anna@outreach.example> wrote:\n> Hello Kim,\n> may I ask you something?\n> If not, unsubscribe here.\n"
MARKS = [
    ("Auto-Submitted: auto-replied\n", "Re: A question"),
    ("X-Autorespond: yes\n", "Re: A question"),
    ("Precedence: auto_reply\n", "Re: A question"),
    ("", "Automatic reply: A question"),
]
WISHES = """
    STOP | stop | Unsubscribe | No more emails. | Stop please. | Stop it! | Remove. | Not interested. Remove. | Opt out | No mails please. | Please stop. | Enough.
    Bitte austragen. | Bitte abmelden. | Austragen. | Stopp! | Keine Mails mehr. | Bitte keine Mails. | Kein Interesse. Bitte löschen. | Nicht mehr schreiben.
    Plus de mails, merci. | Désinscription | Arrêtez. | Plus d'emails. | Désabonnez-moi.
    Baja, por favor. | No más correos. | Darme de baja. | Eliminar.
    Basta mail. | Cancellatemi. | Niente più mail. | Disiscrivetemi.
    Sem mais emails. | Não escrevam mais. | Remover. | Pare.
    Afmelden. | Uitschrijven. | Geen mails meer. | Stop ermee.
    Wypisz. | Nie pisać. | Żadnych maili więcej. | Proszę usunąć.
    Отписка | Стоп | Не писать. | Отпишите. | Удалите.
    Відписка | Досить. | Не писати. | Видаліть.
"""
FURNITURE = [
    "Please stop by.",
    "To unsubscribe click here",
    "Unsubscribe here",
    "Unsubscribe: https://acme.example/u",
    "Unsubscribe | View in browser",
    "This is an automatic reply, no more e-mails will be sent.",
    "No more e-mails will be sent.",
    "No emails are forwarded.",
    "Keine E-Mails werden weitergeleitet.",
    "We do not accept emails.",
    "Please do not reply to this email.",
    "Bitte nicht antworten.",
    "Прошу не отвечать.",
    "Out.",
    "Removed.",
    "Gone fishing.",
    "No emails until Monday.",
    "No email access.",
    "Urlaub! Keine Mails.",
    "Keinen Zugriff auf Mails.",
    "Vacances, pas de mails.",
    "Не могу писать.",
    "Your ticket 4711 has been created.\n\nA member of our team will look into it.\n\nUnsubscribe",
    "Unsubscribe\n\nYour ticket 4711 has been created and one of our team will look into it soon.",
    "Désinscription\n\nVotre demande a bien été reçue et notre équipe vous répondra dès que possible.",
    "I am out of the office until March 20 and read no mail.\n\nIf you no longer wish to hear from us, unsubscribe.",
]


def plain(table: str) -> list[str]:
    return [each.strip() for line in table.strip().splitlines() for each in line.split("|")]


@pytest.mark.parametrize("quote", ["", QUOTE])
@pytest.mark.parametrize("text", plain(WISHES))
def test_few_words_that_wish_to_stop_are_heard_in_a_machines_mail(text, quote):
    found = read(text + quote, extra="Auto-Submitted: auto-replied\n")
    assert (found.kind, found.intent, found.intent_is_sure) == (MailKind.AUTO_REPLY, Intent.STOP, False)


@pytest.mark.parametrize("extra,subject", MARKS)
@pytest.mark.parametrize(
    "text", ["Hello,\n\nSTOP", "No more emails.\n\nKim Roth\nHarbor Ltd\nPier 4, Port Town\nPhone 4711"]
)
def test_they_are_heard_as_a_line_of_their_own_under_every_mark(text, extra, subject):
    found = read(text, subject=subject, extra=extra)
    assert (found.kind, found.intent, found.intent_is_sure) == (MailKind.AUTO_REPLY, Intent.STOP, False)


@pytest.mark.parametrize("text", FURNITURE)
def test_what_machines_say_of_mail_is_no_wish(text):
    found = read(text, extra="Auto-Submitted: auto-replied\n")
    assert (found.kind, found.intent) == (MailKind.AUTO_REPLY, None)
