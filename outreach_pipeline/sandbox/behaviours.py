"""What a recipient of the sandbox does with mail: pure functions of the seed, the address and the world.

Belongs here: choosing a behaviour, the reply codes of a direct site, and which reaction follows. Does not: state such as
"has this pair been here before" (office.py), or the wording of mails (dsn.py, replies.py).
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from outreach_pipeline.sandbox.world import BehaviourName, DsnFormat, Site, World

BounceClass = Literal["hard", "soft", "block"]
Kind = Literal["bounced", "complaint", "reply", "auto_reply", "unsubscribe", "delivered", "deferred", "none"]

BEHAVIOURS: frozenset[str] = frozenset(get_args(BehaviourName))
DSN_FORMATS: tuple[DsnFormat, ...] = tuple(name for name in get_args(DsnFormat) if name != "any")

_SUFFIX = re.compile(r"\+b-([a-z_]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An SMTP reply that refuses.

    Attributes:
        stage: where it is given.
        code: 4xx or 5xx.
        enhanced: RFC 3463 code.
        text: with ``{rcpt}`` for the recipient's address.
        once: only the first attempt of a sender is refused.
        closes: the server hangs up afterwards (421).
        bounce_class: of a final refusal; None where trying again may help.
    """

    stage: Literal["rcpt", "data"]
    code: int
    enhanced: str
    text: str
    once: bool = False
    closes: bool = False
    bounce_class: BounceClass | None = None

    @property
    def final(self) -> bool:
        """Whether the same mail will never be taken."""
        return self.code >= 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who stands behind an address, and what they do.

    Attributes:
        address: lower case.
        site: its MX site; None where no site hosts the domain.
        behaviour: a behaviour's name, or ``no_such_domain`` where nobody hosts the domain.
        mailbox: the address of the tenants' or operator's mailbox that it is; None for everybody else.
    """

    address: str
    site: Site | None
    behaviour: str
    mailbox: str | None = None

    @property
    def direct(self) -> bool:
        """Whether refusals come as SMTP replies."""
        return self.site is not None and self.site.mode == "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What follows an accepted mail.

    Attributes:
        kind: the event that the platform should see.
        channel: how it comes; ``none`` is silence.
        bounce_class: of a bounce.
        intent: of a reply.
        observable: whether the platform can know of it at all.
    """

    kind: Kind
    channel: Literal["dsn", "arf", "mail", "webhook", "one_click", "none"]
    bounce_class: BounceClass | None = None
    intent: Literal["interested", "not_interested", "meeting", "stop"] | None = None

    @property
    def observable(self) -> bool:
        """Silence cannot be observed, everything else can."""
        return self.channel != "none"


SILENCE = Reaction(kind="none", channel="none")
_HARD = Reaction(kind="bounced", channel="dsn", bounce_class="hard")

REACTIONS: Mapping[str, Reaction] = MappingProxyType(
    {
        "accept": SILENCE,
        "spam_folder": SILENCE,
        "greylist": SILENCE,
        "rate_limit": SILENCE,
        "unknown_user": _HARD,
        "bounce_later": _HARD,
        "no_such_domain": _HARD,
        "mailbox_full": Reaction(kind="bounced", channel="dsn", bounce_class="soft"),
        "policy_block": Reaction(kind="bounced", channel="dsn", bounce_class="block"),
        "out_of_office": Reaction(kind="auto_reply", channel="mail"),
        "reply_interested": Reaction(kind="reply", channel="mail", intent="interested"),
        "reply_not_interested": Reaction(kind="reply", channel="mail", intent="not_interested"),
        "reply_meeting": Reaction(kind="reply", channel="mail", intent="meeting"),
        "reply_stop": Reaction(kind="reply", channel="mail", intent="stop"),
        "complaint": Reaction(kind="complaint", channel="arf"),
        "webhook_complaint": Reaction(kind="complaint", channel="webhook"),
        "deliver_webhook": Reaction(kind="delivered", channel="webhook"),
        "one_click_unsubscribe": Reaction(kind="unsubscribe", channel="one_click"),
    }
)

_REFUSALS: Mapping[str, tuple[Refusal, ...]] = MappingProxyType(
    {
        "unknown_user": (
            Refusal(
                stage="rcpt",
                code=550,
                enhanced="5.1.1",
                text="<{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table",
                bounce_class="hard",
            ),
            Refusal(
                stage="rcpt",
                code=550,
                enhanced="5.1.1",
                text="The email account that you tried to reach does not exist",
                bounce_class="hard",
            ),
        ),
        "mailbox_full": (
            Refusal(stage="rcpt", code=452, enhanced="4.2.2", text="<{rcpt}>: Mailbox full, try again later"),
            Refusal(
                stage="rcpt",
                code=452,
                enhanced="4.2.2",
                text="The email account that you tried to reach is over quota",
            ),
        ),
        "policy_block": (
            Refusal(
                stage="data",
                code=550,
                enhanced="5.7.1",
                text="Message rejected due to content restrictions",
                bounce_class="block",
            ),
            Refusal(
                stage="data",
                code=550,
                enhanced="5.7.1",
                text="Our system has detected that this message is likely unsolicited mail; message blocked",
                bounce_class="block",
            ),
        ),
        "rate_limit": (
            Refusal(
                stage="rcpt",
                code=450,
                enhanced="4.7.0",
                text="<{rcpt}>: rate limited: too many messages from your address, slow down",
                once=True,
            ),
            Refusal(
                stage="rcpt",
                code=421,
                enhanced="4.7.0",
                text="rate limited: too many connections, try again later",
                once=True,
                closes=True,
            ),
        ),
        "greylist": (
            Refusal(
                stage="rcpt",
                code=451,
                enhanced="4.7.1",
                text="<{rcpt}>: Recipient address rejected: Greylisted, please try again later",
            ),
        ),
    }
)


def draw(seed: int, *parts: object) -> random.Random:
    """Return a generator of its own for ``parts``: the same seed and parts always draw the same."""
    digest = hashlib.sha256("\x1f".join(map(str, (seed, *parts))).encode("utf-8", "surrogateescape")).digest()
    return random.Random(int.from_bytes(digest[:16]))


class Directory:
    """Finds recipients. Built once from a world; look-ups are plain dictionary reads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sites = {domain.lower(): site for site in world.sites for domain in site.domains}
        self._mailboxes = {box.address.lower() for box in world.mailboxes}
        self._own_domains = {address.rpartition("@")[2] for address in self._mailboxes}
        self._own_domains |= {sending.domain.lower() for sending in world.sending_domains}
        self._overrides = {address.lower(): behaviour for address, behaviour in world.overrides.items()}

    def mailbox_of(self, address: str) -> str | None:
        """Return the mailbox that takes mail for ``address`` (what follows a plus is ignored), or None."""
        local, _, domain = address.lower().rpartition("@")
        for candidate in (f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"):
            if candidate in self._mailboxes:
                return candidate
        return None

    def find(self, address: str) -> Recipient:
        """Return who ``address`` is. The same address always gives the same behaviour."""
        address = address.lower()
        local, _, domain = address.rpartition("@")
        site = self._sites.get(domain)
        mailbox = self.mailbox_of(address)
        behaviour: str
        if address in self._overrides:
            behaviour = self._overrides[address]
        elif (suffix := _SUFFIX.search(local)) and suffix[1] in BEHAVIOURS:
            behaviour = suffix[1]
        elif mailbox is not None:
            # A tenants' mailbox has an owner who is no contact: only the folder may vary with the site's weights.
            behaviour = "spam_folder" if site and self._weighed(site, address) == "spam_folder" else "accept"
        elif site is not None:
            behaviour = self._weighed(site, address)
        else:
            behaviour = "unknown_user" if domain in self._own_domains else "no_such_domain"
        return Recipient(address=address, site=site, behaviour=behaviour, mailbox=mailbox)

    def _weighed(self, site: Site, address: str) -> str:
        names = sorted(site.behaviours)
        weights = [site.behaviours[name] for name in names]
        return draw(self._world.seed, "behaviour", address).choices(names, weights)[0]


def refusal_of(seed: int, recipient: Recipient) -> Refusal | None:
    """Return how a direct site would refuse this recipient, or None where it accepts (a relay always does)."""
    if not recipient.direct or recipient.behaviour not in _REFUSALS:
        return None
    return draw(seed, "refusal", recipient.address).choice(_REFUSALS[recipient.behaviour])
