"""What can forbid a message at the last moment because of what it is. Fails closed: a doubt is a refusal.

The questions about suppressions, states and windows are asked by the database in the transaction in which a send begins
(outreach.begin_messages). Belongs here: content and compliance. Does not: rates, suppressions.
"""

from __future__ import annotations

import re

from outreach_pipeline.core.send.message import Attachment, Rendered, encoded_size
from outreach_pipeline.core.send.safe_links import SCRIPT, insecure_link, insecure_link_of_page

# Of the bodies and, as they are sent, the files. Microsoft 365 and Gmail take 25 MB and more, many hosts 10.
MOST_CHARACTERS = 10 * 2**20
_PREFIX = re.compile(r"(re|aw|fwd?)\s*:", re.IGNORECASE)
_BRACES = ("{{", "}}", "{%", "%}")


CURES: dict[str, str] = {
    "gate_subject_missing": "The subject is empty: give one.",
    "gate_header_injection": "The subject holds a line break: write it on one line.",
    "gate_false_reply_prefix": "The subject begins like an answer (Re:, Fwd:) and answers nothing: leave that out.",
    "gate_text_missing": "There is no text: write one.",
    "gate_template_gap": "A gap of the template was not filled ({{ or {% stands in the message): correct the step or the contact.",
    "gate_insecure_link": "A link does not begin with https:// and a host, mailto:, tel: or #: write one that does.",
    "gate_unsubscribe_missing": "A body lacks the opt-out link: place {{ unsubscribe_url }} in it, or leave it out of all for the footer.",
    "gate_address_missing": "A body lacks the postal address: place {{ postal_address }} in it, or leave it out of all for the footer.",
    "gate_too_large": "Bodies and files are larger than 10 MiB together: send a link instead.",
}  # fmt: skip
"""What to change, by reason code."""


def refusal(
    rendered: Rendered,
    *,
    is_reply_in_thread: bool,
    unsubscribe_url: str | None,
    postal_address: str,
    attachments: tuple[Attachment, ...] = (),
    is_from_template: bool = True,
) -> str | None:
    """Return the reason code that forbids this message, or None.

    Args:
        rendered: the message's subject and bodies.
        is_reply_in_thread: whether an earlier message of ours is in the thread, so that "Re:" is true.
        unsubscribe_url: what the List-Unsubscribe header holds; None only for probes and tests.
        postal_address: the tenant's address, which each message has to show.
        attachments: what the step carries.
        is_from_template: whether braces would be a gap; in what a person wrote they are plain text.

    Returns:
        One of gate_subject_missing, gate_header_injection, gate_false_reply_prefix, gate_text_missing, gate_template_gap,
        gate_insecure_link, gate_unsubscribe_missing, gate_address_missing, gate_too_large.
    """
    bodies = [rendered.text, *([rendered.html] if rendered.html is not None else [])]
    if sum(map(len, bodies)) + sum(encoded_size(each.size_bytes) for each in attachments) > MOST_CHARACTERS:
        return "gate_too_large"
    checks = (
        ("gate_subject_missing", not rendered.subject),
        ("gate_header_injection", "\n" in rendered.subject or "\r" in rendered.subject),
        (
            "gate_false_reply_prefix",
            not is_reply_in_thread and begins_like_an_answer(rendered.subject),
        ),
        ("gate_text_missing", not rendered.text.strip()),
        ("gate_template_gap", is_from_template and any(map(_has_gap, (rendered.subject, *bodies)))),
        ("gate_insecure_link", _insecure_link(rendered, attachments, is_from_template=is_from_template) is not None),
        ("gate_unsubscribe_missing", unsubscribe_url is not None and not _all_hold(bodies, unsubscribe_url)),
        ("gate_address_missing", unsubscribe_url is not None and not _all_hold(bodies, postal_address)),
    )
    return next((reason for reason, forbids in checks if forbids), None)


def begins_like_an_answer(subject: str) -> bool:
    """Tell whether a subject says that it answers or forwards something."""
    return _PREFIX.match(subject) is not None


def explained(reason: str, rendered: Rendered, attachments: tuple[Attachment, ...] = ()) -> str:
    """Say what to change where ``refusal`` gave this reason for this message, and name the link if it is one."""
    link = _insecure_link(rendered, attachments) if reason == "gate_insecure_link" else None
    return CURES[reason] if link is None else link_sentence(link)


def link_sentence(link: str) -> str:
    """Say what is wrong with a link, or a script, that a message may not have."""
    if link.startswith(SCRIPT):
        return f"The HTML holds {link}, which no mail program runs and many filters refuse: leave it out."
    return f"The link {link[:100]!r} does not begin with https:// and a host, mailto:, tel: or #: write one that does."


def _insecure_link(
    rendered: Rendered, attachments: tuple[Attachment, ...], *, is_from_template: bool = True
) -> str | None:
    # Whom a person answers has written the subject.
    found = insecure_link(rendered.text) or (insecure_link(rendered.subject) if is_from_template else None)
    if found is None and rendered.html is not None:
        found = insecure_link_of_page(rendered.html, has_files=bool(attachments))
    return found


def _has_gap(text: str) -> bool:
    return any(brace in text for brace in _BRACES)


def _all_hold(bodies: list[str], wanted: str) -> bool:
    plain = wanted.strip().casefold()
    return bool(plain) and all(plain in body.replace("&amp;", "&").replace("&#39;", "'").casefold() for body in bodies)
