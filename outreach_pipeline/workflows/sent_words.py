"""What campaign messages said: sent text is not kept, so the step is rendered anew for the contact.

Belongs here: rendering what was sent, and saying where that cannot be had. Does not: rendering what is to be sent
(workflows.claimed_message), a preview (workflows.preview).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.send.message import StepTemplate, compile_step

_LINK = "https://{link_host}/u/…"
_GONE = "(The words are not kept: the step is no longer configured.)"
_CHANGED = "(The words are not kept: step or contact have changed since it was sent.)"


@dataclass(frozen=True, slots=True)
class _Sent:
    id: int
    subject: str
    is_follow_up: bool
    subject_template: str | None
    text_template: str | None
    fields: dict[str, Any]
    sender_name: str
    postal_address: str
    link_host: str


def words_of(transaction: Transaction, message_ids: Sequence[int]) -> dict[int, str]:
    """Return the text of campaign messages by id, or a sentence in brackets that says why it cannot be had.

    A step that was applied anew since with the same subject is rendered as it stands now: nothing tells the two apart.

    Args:
        transaction: of the tenant.
        message_ids: of campaign messages that were sent.
    """
    return {each.id: _words(each) for each in transaction.all("inbox/sent_words", _Sent, ids=list(message_ids))}


def _words(sent: _Sent) -> str:
    if sent.subject_template is None or sent.text_template is None:
        return _GONE
    try:
        rendered = compile_step(StepTemplate(sent.subject_template, sent.text_template, None)).render(
            {
                **sent.fields,
                "sender_name": sent.sender_name,
                "postal_address": sent.postal_address,
                "unsubscribe_url": _LINK.format(link_host=sent.link_host),
            }
        )
    except ConfigurationError:
        return _CHANGED
    is_same = sent.is_follow_up or not sent.subject or rendered.subject == sent.subject
    return rendered.text if is_same else _CHANGED
