"""The demo's sample: three tenants, their mailboxes and campaigns, contacts, and the mail world that answers them.

Everything follows from the seed and the time: names, companies, behaviours, warm-up ages. Domains end in .example, which
nobody can own. Belongs here: what the demo consists of. Does not: running it (cli.demo).
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from outreach_pipeline.sandbox import world as sandbox

SEED = 7
WEBHOOK_SECRET = "the-demos-webhook-secret"  # noqa: S105  the demo's world is public
_PASSWORD = "the-demos-mailbox-password"  # noqa: S105  the same
_WARM_UP_AGES_DAYS = (0, 2, 4, 6, 9, 12, 18, 40)
# Each tenant has one cap that is below what its mailboxes could send together, so that a day shows each kind binding.
_SHARED_PER_MAILBOX = 15
_PER_GOOGLE_SITE = 12
_TENANTS = (
    ("harbor", "Harbor Studio", "google_workspace", "google"),
    ("maple", "Maple Analytics", "microsoft_365", "microsoft"),
    ("orbit", "Orbit Freight", "generic", "own"),
)
_SITES: tuple[tuple[str, str, str, str], ...] = (
    # name, MX host, mode, the product whose bounces it writes
    ("google", "aspmx.l.google.com", "relay", "gmail"),
    ("microsoft", "companies.mail.protection.outlook.com", "relay", "exchange"),
    ("filter", "mx0a.pphosted.com", "relay", "sendmail"),
    ("kestrel", "mx.kestrel-hosting.example", "direct", "postfix"),
    ("larch", "mx.larch-mail.example", "relay", "postfix"),
    ("juniper", "mx.juniper-mail.example", "relay", "exim"),
    ("quill", "mx.quill-mail.example", "relay", "qmail"),
)
_BEHAVIOURS: dict[str, float] = {
    "accept": 34, "deliver_webhook": 14, "unknown_user": 5, "bounce_later": 4, "mailbox_full": 3, "policy_block": 3,
    "out_of_office": 6, "reply_interested": 5, "reply_not_interested": 5, "reply_meeting": 3, "reply_stop": 3,
    "complaint": 2, "webhook_complaint": 1, "spam_folder": 5, "one_click_unsubscribe": 4,
}  # fmt: skip
_DIRECT_ONLY: dict[str, float] = {"greylist": 8, "rate_limit": 5}
_FIRST = ("Ada", "Ben", "Cleo", "Dara", "Emil", "Fay", "Gus", "Hana", "Ivo", "June", "Kofi", "Lea", "Milo", "Nora",
          "Otto", "Pia", "Quinn", "Rosa", "Sven", "Tara", "Umar", "Vera", "Wim", "Xenia", "Yara", "Zoë")  # fmt: skip
_LAST = ("Abel", "Brandt", "Costa", "Duval", "Eriksen", "Fischer", "Greco", "Hansen", "Ito", "Jansen", "Keller", "Lopez",
         "Meyer", "Novak", "Olsen", "Petit", "Quist", "Rossi", "Silva", "Tanaka", "Ueda", "Vidal", "Weber", "Young")  # fmt: skip
_THINGS = ("anchor", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "iris", "jade", "kiln", "lumen",
           "mesa", "north", "opal", "pine", "quartz", "river", "slate", "tide", "umber", "vale", "willow", "zinc")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """What the demo applies: the mail world, and contacts by tenant and campaign. The configuration needs its ports."""

    zone: str
    world: sandbox.World
    contacts: dict[tuple[str, str], list[dict[str, str]]]
    suppressed: dict[str, str]


def noon_zone(now: datetime) -> str:
    """Return the IANA zone of fixed offset in which it is about noon at ``now`` (aware)."""
    offset = round(12 - (now.astimezone(UTC).hour + now.astimezone(UTC).minute / 60))
    # The names of these zones carry the sign of POSIX: Etc/GMT-5 is five hours ahead of UTC.
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


def make(*, mailboxes: int, contacts: int, gateway_url: str, now: datetime) -> Sample:
    """Make the sample of a demo.

    Args:
        mailboxes: over all tenants, at least 3.
        contacts: over all tenants.
        gateway_url: where the mail world sends webhooks and opt-outs.
        now: aware; decides the tenants' zone.
    """
    chance = random.Random(SEED)  # noqa: S311  a sample, not a secret
    domains = _company_domains(contacts)
    people: dict[tuple[str, str], list[dict[str, str]]] = {}
    suppressed: dict[str, str] = {}
    seen: set[str] = set()
    for number in range(contacts):
        slug = _TENANTS[number % 3][0]
        campaign = ("spring", "autumn")[number // 3 % 2]
        person = _person(chance, domains[number % len(domains)][0], seen)
        if number % 61 == 5:
            person["lawful_basis"] = ""
        if number % 67 == 9:
            person["verification"] = "invalid"
        if number % 71 == 3:
            suppressed[person["address"]] = slug
        people.setdefault((slug, campaign), []).append(person)
    world = sandbox.World(
        mailboxes=tuple(
            sandbox.Mailbox(
                address=box["address"], login=box["address"], password=_PASSWORD, provider=box["provider"], tenant=slug
            )
            for slug, boxes in _boxes(mailboxes).items()
            for box in boxes
        ),
        providers={
            "google": sandbox.Provider(smtp_mode="starttls", sent_copy=True, chunking=True),
            "microsoft": sandbox.Provider(smtp_mode="starttls", sent_copy=True, chunking=True),
            "own": sandbox.Provider(smtp_mode="tls", sent_copy=True),
        },
        sites=tuple(
            sandbox.Site(
                name=name,
                mx=(host,),
                domains=tuple(domain for domain, site in domains if site == name),
                mode=mode,  # type: ignore[arg-type]
                behaviours=_behaviours(mode),  # type: ignore[arg-type]
                dsn_format=product,  # type: ignore[arg-type]
            )
            for name, host, mode, product in _SITES
        ),
        sending_domains=tuple(
            sandbox.SendingDomain(
                domain=_domain(slug),
                link_host=f"go.{_domain(slug)}",
                spf="v=spf1 ip4:127.0.0.1 -all",
                dkim={"s1": "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0"},
                dmarc="v=DMARC1; p=reject",
            )
            for slug, *_ in _TENANTS
        ),
        seed=SEED,
        clock=sandbox.Clock(
            dsn_delay_seconds=(1.0, 8.0), reply_delay_seconds=(1.0, 8.0), greylist_seconds=4.0, http_attempts=12
        ),
        gateway_url=gateway_url,
        webhooks={
            slug: sandbox.Webhook(path=f"/webhooks/{slug}/generic", secret=WEBHOOK_SECRET) for slug, *_ in _TENANTS
        },
        faults=(sandbox.Fault(fault="drop_after_data"), sandbox.Fault(fault="drop_at_rcpt")),
    )
    return Sample(noon_zone(now), world, people, suppressed)


def configuration(sample: Sample, *, ports: dict[str, Any], ca_file: Path, mailboxes: int) -> dict[str, Any]:
    """Return the document that ``outreach apply`` takes, for a world that listens on these ports."""
    boxes = _boxes(mailboxes)
    return {
        "provider_accounts": [
            {
                "name": f"{slug}-{provider}",
                "provider": provider,
                **({"licences": 25} if provider == "microsoft_365" else {}),
                **({"messages_per_day": _SHARED_PER_MAILBOX * len(boxes[slug])} if slug == "maple" else {}),
            }
            for slug, _, provider, _ in _TENANTS
        ],
        "tenants": [
            {
                "slug": slug,
                "name": name,
                "time_zone": sample.zone,
                # The demo asks for its plans itself.
                "plan_at": "23:59",
                "postal_address": f"{name}, 1 Demo Street, 12345 Sampletown",
                "policies": {"default": _policy(slug)},
                "webhook_sources": {"generic": {"secret": WEBHOOK_SECRET}},
                "sending_domains": [
                    {
                        "domain": _domain(slug),
                        "link_host": f"go.{_domain(slug)}",
                        "dkim_selector": "s1",
                        **({"messages_per_day": _SHARED_PER_MAILBOX * len(boxes[slug])} if slug == "harbor" else {}),
                    }
                ],
                "mailboxes": [
                    {
                        "address": box["address"],
                        "display_name": box["name"],
                        "provider_account": f"{slug}-{provider}",
                        "warmup_curve": "instantly",
                        "warmup_days_before": _WARM_UP_AGES_DAYS[number % len(_WARM_UP_AGES_DAYS)],
                        "smtp": {
                            "host": "127.0.0.1",
                            "port": ports["smtp"][kind],
                            "security": "tls" if kind == "own" else "starttls",
                        },
                        "imap": {"host": "127.0.0.1", "port": ports["imap"], "security": "starttls"},
                        "password": _PASSWORD,
                        "ca_file": str(ca_file),
                        "sent_copy": "server",
                    }
                    for number, box in enumerate(boxes[slug])
                ],
                "campaigns": [_campaign("spring", "Spring", 100, 3), _campaign("autumn", "Autumn", 200, 2)],
            }
            for slug, name, provider, kind in _TENANTS
        ],
    }


def write_contacts(folder: Path, contacts: dict[tuple[str, str], list[dict[str, str]]]) -> dict[tuple[str, str], Path]:
    """Write one CSV file a tenant and campaign and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for (slug, campaign), people in contacts.items():
        path = folder / f"{slug}-{campaign}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(people[0]))
            writer.writeheader()
            writer.writerows(people)
        paths[slug, campaign] = path
    return paths


def as_yaml(document: dict[str, Any]) -> str:
    """Return a configuration document as people write it."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def _behaviours(mode: str) -> dict[str, float]:
    if mode == "relay":
        return dict(_BEHAVIOURS)
    # A full mailbox that is deferred at every try would keep the day waiting until it is given up.
    return {name: weight for name, weight in (_BEHAVIOURS | _DIRECT_ONLY).items() if name != "mailbox_full"}


def _policy(slug: str) -> dict[str, Any]:
    # A day in minutes: no pause longer than the demo is.
    return {
        "messages_per_day_per_mailbox": 30,
        **({"messages_per_day_per_site": {"google_workspace": _PER_GOOGLE_SITE}} if slug == "orbit" else {}),
        "counts_by": "calendar_day",
        "catch_all_per_day": 40,
        "window_starts": "00:00",
        "window_ends": "23:59",
        "working_days": [1, 2, 3, 4, 5, 6, 7],
        "minimum_gap_seconds": 1,
        "messages_per_minute_per_mailbox": 60,
        "jitter_seconds": 0.3,
        "spread_seconds": 25,
        "canary_hold_seconds": 0,
        "first_retry_seconds": 5,
        "longest_retry_seconds": 5,
        "give_up_after_attempts": 8,
        "unknown_outcome_seconds": 20,
        "mature_after_seconds": 10,
    }


def _campaign(slug: str, name: str, priority: int, steps: int) -> dict[str, Any]:
    first = {
        "step": 1,
        "wait_days": 0,
        "subject": "{{ first_name }}, a question about {{ company }}",
        "text": (
            "Hello {{ first_name }},\n\nI have a short question about how {{ company }} plans its work. Would you have "
            "ten minutes for it this week?\n\nKind regards\n{{ sender_name }}"
        ),
        "html": (
            "<p>Hello {{ first_name }},</p><p>I have a short question about how {{ company }} plans its work. Would you "
            "have ten minutes for it this week?</p><p>Kind regards<br>{{ sender_name }}</p>"
        ),
    }
    later = [
        {
            "step": number,
            "wait_days": 1 if number == 2 else 3,
            "subject": "{{ first_name }}, a question about {{ company }}",
            "text": "Hello {{ first_name }},\n\njust asking once more.\n\nKind regards\n{{ sender_name }}",
        }
        for number in range(2, steps + 1)
    ]
    return {
        "slug": slug,
        "name": name,
        "priority": priority,
        "accepted_lawful_bases": ["consent", "legitimate_interest"],
        "accepted_jurisdictions": ["US", "DE", "GB"],
        "mailboxes": "all",
        "steps": [first, *later],
    }


def _domain(slug: str) -> str:
    return f"{slug}-mail.example"


def _boxes(mailboxes: int) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {slug: [] for slug, *_ in _TENANTS}
    for number in range(mailboxes):
        slug, _, _, kind = _TENANTS[number % 3]
        first, last = _FIRST[number // 3 % len(_FIRST)], _LAST[number % len(_LAST)]
        address = f"{first}.{last}{number // 3 or ''}@{_domain(slug)}".lower().replace("ë", "e")
        found[slug].append({"address": address, "name": f"{first} {last}", "provider": kind})
    return found


def _company_domains(contacts: int) -> list[tuple[str, str]]:
    wanted = max(len(_SITES), contacts // 2)
    names = [f"{first}-{second}.example" for first in _THINGS for second in _THINGS if first != second]
    numbered = (names[number % len(names)] if number < len(names) else f"c{number}.example" for number in range(wanted))
    return [(domain, _SITES[number % len(_SITES)][0]) for number, domain in enumerate(numbered)]


def _person(chance: random.Random, domain: str, seen: set[str]) -> dict[str, str]:
    while True:
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        address = f"{first}.{last}@{domain}".lower().replace("ë", "e")
        if address not in seen:
            seen.add(address)
            break
    return {
        "address": address,
        "first_name": first,
        "last_name": last,
        "company": domain.removesuffix(".example").replace("-", " ").title(),
        "source": "demo sample",
        "jurisdiction": chance.choice(("US", "DE", "GB")),
        "lawful_basis": chance.choice(("consent", "legitimate_interest")),
        "verification": chance.choice(("valid", "valid", "valid", "catch_all")),
    }
