"""Mail addresses and domains as the platform keeps them.

Belongs here: syntax, the one spelling of an address or domain, the company behind it, free-mail providers. Does not: whether
a mailbox exists (only a server knows) or which site takes its mail (core.plan).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal
from unicodedata import normalize

from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

# Providers at which anyone may have a mailbox, so that two addresses under one domain are no colleagues.
# Source: the providers' own sign-up pages; the list is short on purpose, as a miss only makes a cap stricter.
FREE_MAIL_DOMAINS = frozenset({
    "126.com", "163.com", "abv.bg", "aol.com", "arcor.de", "bigpond.com", "bluewin.ch", "bol.com.br", "btinternet.com",
    "centrum.cz", "comcast.net", "daum.net", "email.cz", "fastmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at",
    "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hanmail.net", "hey.com", "hotmail.co.uk", "hotmail.com",
    "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "hushmail.com", "icloud.com", "inbox.lv", "inbox.ru",
    "interia.pl", "laposte.net", "libero.it", "list.ru", "live.co.uk", "live.com", "live.fr", "live.nl", "mac.com",
    "mail.com", "mail.de", "mail.ru", "mailbox.org", "me.com", "msn.com", "naver.com", "o2.pl", "onet.pl", "op.pl",
    "orange.fr", "outlook.com", "outlook.de", "outlook.es", "outlook.fr", "pm.me", "posteo.de", "proton.me",
    "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "seznam.cz", "sfr.fr", "sky.com", "t-online.de",
    "terra.com.br", "tiscali.it", "tuta.com", "tutanota.com", "ukr.net", "uol.com.br", "verizon.net", "virgilio.it",
    "wanadoo.fr", "web.de", "wp.pl", "ya.ru", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com",
    "yahoo.com.br", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
})  # fmt: skip


_TAG = re.compile(r"^([^+@]+)\+[^@]*@")


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An address in its one spelling: lower case, plus tags kept, the domain in its ASCII form.

    The local part may go beyond ASCII (RFC 6531): only servers that offer SMTPUTF8 take such a one.
    """

    address: str
    mail_domain: str
    company_domain: str
    is_free_mail: bool


def parse_address(text: str) -> MailAddress:
    """Read an address as a person or file wrote it.

    Raises:
        ValueError: it is no address; the text says why.
    """
    try:
        # test_environment lets names under .test pass, which no DNS serves.
        parsed = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=True, strict=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    domain = parsed.ascii_domain.lower()
    local_part = normalize("NFC", parsed.local_part.lower())
    return MailAddress(
        address=f"{local_part}@{domain}",
        mail_domain=domain,
        company_domain=registrable_domain(domain),
        is_free_mail=registrable_domain(domain) in FREE_MAIL_DOMAINS or domain in FREE_MAIL_DOMAINS,
    )


def folded(address: str) -> str:
    """Return an address without its tag: ``ann+news@example.com`` -> ``ann@example.com``, as the database's function does."""
    return _TAG.sub(r"\1@", address)


def parse_domain(text: str) -> str:
    """Read a host or domain name and return it in lower-case ASCII.

    Raises:
        ValueError: it is none.
    """
    return parse_address(f"postmaster@{text.strip()}").mail_domain


def parse_suppressed(text: str) -> tuple[Literal["address", "domain"], str]:
    """Read whom a person wants never to be written to: an address, or a domain that somebody can have registered.

    Raises:
        ValueError: it is neither; the text says why.
    """
    if "@" in text:
        return "address", parse_address(text).address
    domain = parse_domain(text)
    if _public_suffixes().privatesuffix(domain) is None:
        message = f"{domain} is a suffix under which others register their domains, and no domain of somebody's own"
        raise ValueError(message)
    return "domain", domain


@lru_cache(maxsize=65_536)
def registrable_domain(domain: str) -> str:
    """Return the domain that an organisation registered: ``mail.acme.co.uk`` -> ``acme.co.uk``.

    A public suffix itself is returned as it is.
    """
    return _public_suffixes().privatesuffix(domain) or domain


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()
