"""What a sending domain's DNS records say about it: SPF, DKIM, DMARC, MX.

Belongs here: reading records that were asked for. Does not: asking (adapters.dns).

Sources: RFC 7208 (SPF: one record, ten look-ups), RFC 6376 (DKIM keys), RFC 7489 (DMARC, the organisation's record), and
what Google and Yahoo ask of bulk senders since 2024 (SPF and DKIM, DMARC with at least p=none).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

Result = Literal["pass", "warn", "fail", "unknown"]

_MOST_SPF_LOOKUPS = 10
_ASKS_AGAIN = ("include:", "a", "mx", "ptr", "exists:", "redirect=")


@dataclass(frozen=True, slots=True)
class DomainVerdict:
    """A result and one sentence for people."""

    result: Result
    detail: str


_UNANSWERED = DomainVerdict("unknown", "The DNS did not answer.")


def judge_spf(records: Sequence[str] | None) -> DomainVerdict:
    """Judge the TXT records of the domain itself; None means that the DNS did not answer."""
    if records is None:
        return _UNANSWERED
    found = [record for record in records if record.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return DomainVerdict("fail", "There is no SPF record: publish one that includes the provider.")
    if len(found) > 1:
        return DomainVerdict("fail", f"There are {len(found)} SPF records, which voids all: merge them into one.")
    return _judge_spf_record(found[0])


def _judge_spf_record(record: str) -> DomainVerdict:
    terms = record.lower().split()[1:]
    lookups = sum(_looks_up(term.lstrip("+-~?")) for term in terms)
    if lookups > _MOST_SPF_LOOKUPS:
        return DomainVerdict("fail", f"The SPF record asks {lookups} times, over the limit of 10: {record}")
    if {"all", "+all"} & set(terms):
        return DomainVerdict("warn", f"The SPF record lets everyone send for the domain: {record}")
    if not any(term.lstrip("+-~?") == "all" or term.startswith("redirect=") for term in terms):
        return DomainVerdict("warn", f"The SPF record does not say what holds for others: end it with ~all: {record}")
    return DomainVerdict("pass", record)


def _looks_up(term: str) -> bool:
    name = term.split("/", maxsplit=1)[0]
    return any(name.startswith(each) if each[-1] in ":=" else name.split(":")[0] == each for each in _ASKS_AGAIN)


def judge_dkim(records: Sequence[str] | None, *, selector: str | None, ours: Collection[str] = ()) -> DomainVerdict:
    """Judge the TXT records of ``<selector>._domainkey.<domain>``; without a selector nothing can be asked.

    Args:
        records: None: DNS did not answer.
        selector: the domain's.
        ours: the values that ``p=`` may have if we sign with a key of our own; empty: the provider signs.
    """
    if selector is None:
        return DomainVerdict(
            "unknown", "No DKIM selector is applied for the domain, so that its key cannot be asked for."
        )
    if records is None:
        return _UNANSWERED
    keys = [tags for record in records if "p" in (tags := _tags(record)) and tags.get("v", "DKIM1") == "DKIM1"]
    if not keys:
        return DomainVerdict("fail", f"There is no DKIM key under the selector {selector}: publish the provider's.")
    if not keys[0]["p"]:
        return DomainVerdict("fail", f"The DKIM key of the selector {selector} is revoked.")
    if ours and "".join(keys[0]["p"].split()) not in ours:
        return DomainVerdict(
            "fail",
            f"The DKIM key under the selector {selector} is not that of the key we sign with: receivers refuse the "
            f"signatures. Publish p={max(ours, key=len)}, or apply the key that belongs to the record.",
        )
    return DomainVerdict("pass", f"There is a key under the selector {selector}.")


def judge_dmarc(records: Sequence[str] | None, *, organisation_records: Sequence[str] | None = ()) -> DomainVerdict:
    """Judge the TXT records of ``_dmarc.<domain>``, or else of the organisation's domain, whose ``sp`` then counts.

    Args:
        records: of the domain itself.
        organisation_records: of the registrable domain; empty if it is the same.
    """
    if records is None:
        return _UNANSWERED
    own = _dmarc_of(records)
    if own is None:
        if organisation_records is None:
            return _UNANSWERED
        inherited = _dmarc_of(organisation_records)
        own = None if inherited is None else {**inherited, "p": inherited.get("sp", inherited.get("p", ""))}
    if own is None:
        return DomainVerdict("fail", "There is no DMARC record: publish at least v=DMARC1; p=none.")
    policy = own.get("p", "").lower()
    if policy in ("quarantine", "reject"):
        return DomainVerdict("pass", f"DMARC asks for {policy}.")
    if policy == "none":
        return DomainVerdict("warn", "DMARC only watches (p=none): move to quarantine once reports are clean.")
    return DomainVerdict("fail", f"The DMARC record has no policy that exists (p={policy or 'nothing'}).")


def judge_mx(*, state: str, hosts: Sequence[str], problem: str) -> DomainVerdict:
    """Judge where the domain's own mail goes: without it no reply and no bounce comes back."""
    if state == "resolved":
        return DomainVerdict("pass", ", ".join(hosts))
    if state == "no_mail":
        return DomainVerdict("fail", f"The domain takes no mail, so that replies and bounces are lost: {problem}.")
    return _UNANSWERED


def _dmarc_of(records: Sequence[str]) -> dict[str, str] | None:
    found = [tags for record in records if (tags := _tags(record)).get("v", "").upper() == "DMARC1"]
    return found[0] if len(found) == 1 else None


def _tags(record: str) -> dict[str, str]:
    pairs = (part.split("=", 1) for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, value in pairs}
