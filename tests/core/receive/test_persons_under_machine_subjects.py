"""Subjects that machines write: who quotes or writes in a mail program and asks something of us is a person, a note is none."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import AutoReplyKind, MailKind

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
HISTORY = "\n\nOn Tue, 24 Nov 2026 at 09:00, Ann <ann@acme.example> wrote:\n> Hello Kim,\n> may I ask?\n"
PROGRAM = "X-Mailer: Microsoft Outlook 16.0\n"
SUBJECTS = (
    "Automatic reply: A question",
    "Out of Office: Re: A question",
    "Abwesenheitsnotiz: Re: Frage",
    "Réponse automatique : Question",
    "Автоответ: вопрос",
)
PEOPLE = [
    "Can we move our call to the 20th?",
    "I am out until Monday. Can we move our call to the 20th?",
    "Out until Friday - could you send the price list meanwhile?",
    "Ich bin bis Montag weg. Können wir den Termin auf den 20. verschieben?",
    "Bin im Urlaub, aber schicken Sie mir bitte die Preise.",
    "Je suis absent jusqu'à lundi. Pouvons-nous parler mardi ?",
    "Estoy fuera hasta el lunes. ¿Podemos hablar el martes?",
    "Sono in ferie fino a lunedì. Possiamo sentirci martedì?",
    "Estou fora até segunda. Podemos falar na terça?",
    "Ik ben weg tot maandag. Kunnen we dinsdag bellen?",
    "Nie ma mnie do poniedziałku. Możemy porozmawiać we wtorek?",
    "Я в отпуске до понедельника. Можем созвониться во вторник?",
    "Мене немає до понеділка. Можемо поговорити у вівторок?",
]
NOTES = [
    "I am out of office until 7 December. Please contact my colleague roth@c.example.",
    "I am out of the office until Monday. Do you need help right away? Call our hotline.",
    "I'm on leave until 7 December. Have a question? Please contact my colleague Jo.",
    "Ich bin bis 7.12. im Urlaub. Haben Sie Fragen? Wenden Sie sich an meine Kollegin.",
    "Ich bin bis zum 7.12. nicht im Büro. Bitte wenden Sie sich an Herrn Roth.",
    "Je suis absent jusqu'au 7 décembre. Une question urgente ? Contactez ma collègue.",
    "Estoy de vacaciones hasta el 7 de diciembre. ¿Necesita ayuda? Contacte con mi compañera.",
    "Sono in ferie fino al 7 dicembre. Ha bisogno di aiuto? Contatti il mio collega.",
    "Estou de férias até 7 de dezembro. Precisa de ajuda? Contacte o meu colega.",
    "Ik ben afwezig tot 7 december. Heeft u vragen? Neem contact op met mijn collega.",
    "Jestem na urlopie do 7 grudnia. Potrzebujesz pomocy? Skontaktuj się z kolegą.",
    "Я в отпуске до 7 декабря. Есть вопросы? Обратитесь к коллеге.",
    "Я у відпустці до 7 грудня. Є питання? Зверніться до колеги.",
]


def read(subject, text, program, quote):
    raw = (
        f"From: Kim <kim@harbor.example>\nTo: ann@acme.example\nSubject: {subject}\nIn-Reply-To: <step1@acme.example>\n{program}"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}{quote}\n"
    )
    return classify(raw.encode(), received_at=NOW)


@pytest.mark.parametrize("program,quote", [(PROGRAM, HISTORY), (PROGRAM, ""), ("", HISTORY)])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_who_asks_something_of_us_is_a_person(subject, program, quote):
    assert [text for text in PEOPLE if read(subject, text, program, quote).kind is not MailKind.REPLY] == []


@pytest.mark.parametrize("program,quote", [(PROGRAM, HISTORY), (PROGRAM, ""), ("", HISTORY), ("", "")])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_note_that_points_elsewhere_stays_one(subject, program, quote):
    found = [read(subject, text, program, quote) for text in NOTES]
    assert [each.text for each in found if each.auto_reply is not AutoReplyKind.OUT_OF_OFFICE] == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_automatic_header_decides(subject):
    assert read(subject, PEOPLE[0], "Auto-Submitted: auto-replied\n", HISTORY).kind is MailKind.AUTO_REPLY
