"""What people and their auto-responders write back.

Belongs here: wording and the bytes of an answer. Does not: whether and when one is written (behaviours.py,
reactions.py).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from outreach_pipeline.sandbox.letters import Letter

_TEXTS: dict[str, tuple[str, ...]] = {
    "interested": (
        "Hi,\n\nthanks for reaching out, this sounds interesting. Could you send me some more details and your pricing?\n",
        "Hello,\n\ngood timing: we are looking at exactly this at the moment. Please tell me more about how it works.\n",
        "Yes, I'd like to know more. What would the next steps be?\n",
    ),
    # Written by a colleague, from another address of the company.
    "interested_colleague": (
        (
            "Hi,\n\nmy colleague forwarded me your message, as I am responsible for this topic here. We are interested: "
            "please send me more information.\n"
        ),
    ),
    "not_interested": (
        "Hi,\n\nthank you, but we are not interested at this time.\n",
        "Thanks for your message. We already have a solution in place, so this is not a fit for us.\n",
        "Hello,\n\nno thank you, this is not relevant for us.\n",
    ),
    "meeting": (
        "Hi,\n\nhappy to have a call about it. Would Tuesday at 10:00 or Wednesday afternoon work for you?\n",
        "Sounds good, let's schedule a meeting. Can you send me a calendar invite for next week?\n",
        "Hello,\n\nI have half an hour on Thursday. Shall we set up a call? Here is my number: +1 555 0100.\n",
    ),
    "stop": (
        "Please remove me from your list.\n",
        "unsubscribe\n",
        "Stop emailing me. Please remove me and do not contact me again.\n",
    ),
}
_AWAY: dict[str, tuple[str, str]] = {
    "en": (
        "Automatic reply: {subject}",
        (
            "Thank you for your message. I am out of the office and will be back on {day}. "
            "In urgent cases please call our front desk.\n\nKind regards\n{name}\n"
        ),
    ),
    "de": (
        "Automatische Antwort: {subject}",
        (
            "Vielen Dank für Ihre Nachricht. Ich bin derzeit nicht im Büro und ab dem {day} wieder erreichbar. "
            "Ihre E-Mail wird nicht weitergeleitet.\n\nMit freundlichen Grüßen\n{name}\n"
        ),
    ),
    "fr": (
        "Réponse automatique : {subject}",
        (
            "Bonjour,\n\nje suis absent(e) du bureau et serai de retour le {day}. "
            "Je répondrai à votre message à mon retour.\n\nCordialement\n{name}\n"
        ),
    ),
}
_MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer is about.

    Attributes:
        letter: the mail that is answered.
        rcpt: who answers: the address the mail went to.
        to: where the answer goes.
        token: unique text for the Message-ID.
        arrived: when the mail arrived, UTC.
        now: when the answer is written, UTC.
        choose: draws the variant.
    """

    letter: Letter
    rcpt: str
    to: str
    token: str
    arrived: datetime
    now: datetime
    choose: random.Random


def write_reply(intent: str, answer: Answer) -> bytes:
    """Return a person's reply with the intent ``interested``, ``not_interested``, ``meeting`` or ``stop``."""
    local, _, domain = answer.rcpt.rpartition("@")
    author, texts = answer.rcpt, list(_TEXTS[intent])
    if intent == "interested":
        texts += _TEXTS["interested_colleague"]
    text = answer.choose.choice(texts)
    if text in _TEXTS["interested_colleague"]:
        author = f"office.{local.partition('+')[0]}@{domain}"
    name = _name_of(author, answer.letter.to_name if author == answer.rcpt else "")
    message = _begin(answer, author=author, name=name)
    subject = answer.letter.subject
    message["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    quoted = "\n".join(f"> {line}" for line in answer.letter.text.splitlines())
    when = f"{answer.arrived:%a, %d %b %Y at %H:%M}"
    body = f"{text}\n{name}\n\nOn {when}, {answer.letter.sender} wrote:\n{quoted}\n"
    message.set_content(body)
    if answer.choose.random() < 0.5:
        page = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
        message.add_alternative(
            f"<html><body>{page}<p>{name}</p><blockquote type=cite>{answer.letter.subject}</blockquote></body></html>",
            subtype="html",
        )
    return message.as_bytes()


def write_away(back: date, answer: Answer) -> bytes:
    """Return an out-of-office answer that names the day ``back``, in English, German or French."""
    language = answer.choose.choice(sorted(_AWAY))
    subject, text = _AWAY[language]
    name = _name_of(answer.rcpt, answer.letter.to_name)
    message = _begin(answer, author=answer.rcpt, name=name)
    message["Subject"] = subject.format(subject=answer.letter.subject)
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message["Precedence"] = "auto_reply"
    month = _MONTHS[language][back.month - 1]
    day = f"{back.day}. {month} {back.year}" if language == "de" else f"{back.day} {month} {back.year}"
    message.set_content(text.format(day=day, name=name))
    return message.as_bytes()


def _begin(answer: Answer, *, author: str, name: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((name, author))
    message["To"] = answer.to
    message["Date"] = format_datetime(answer.now)
    message["Message-ID"] = f"<{answer.token}@{answer.rcpt.rpartition('@')[2]}>"
    if answer.letter.message_id:
        message["In-Reply-To"] = answer.letter.message_id
        message["References"] = " ".join([*answer.letter.references, answer.letter.message_id])
    return message


def _name_of(address: str, known: str) -> str:
    local = address.partition("@")[0].partition("+")[0]
    return known or " ".join(part.capitalize() for part in local.replace("_", ".").replace("-", ".").split(".") if part)
