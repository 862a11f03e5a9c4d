"""Recipient sites: domains whose mail the same provider takes are one site.

Belongs here: from MX hosts to a site's name, as data. Does not: looking MX hosts up (adapters.dns), health of a site (learn).
"""

from __future__ import annotations

from collections.abc import Sequence

from outreach_pipeline.core.addresses import registrable_domain

# Suffix of an MX host -> site. The longest suffix wins, so that consumer hosts stand apart from the business ones of
# the same provider. Sources: the providers' set-up pages, and MX records as published by their own domains.
SITE_BY_MX_SUFFIX: dict[str, str] = {
    "gmail-smtp-in.l.google.com": "gmail",
    "google.com": "google_workspace",
    "googlemail.com": "google_workspace",
    "olc.protection.outlook.com": "outlook",
    "protection.outlook.com": "microsoft_365",
    "mx.microsoft": "microsoft_365",
    "pphosted.com": "proofpoint",
    "ppe-hosted.com": "proofpoint_essentials",
    "mimecast.com": "mimecast",
    "mimecast-offshore.com": "mimecast",
    "barracudanetworks.com": "barracuda",
    "yahoodns.net": "yahoo",
    "mail.icloud.com": "icloud",
    "messagelabs.com": "symantec",
    "iphmx.com": "cisco",
    "trendmicro.com": "trend_micro",
    "trendmicro.eu": "trend_micro",
    "hornetsecurity.com": "hornetsecurity",
    "antispameurope.com": "hornetsecurity",
    "sophos.com": "sophos",
    "secureserver.net": "godaddy",
    "zoho.com": "zoho",
    "zoho.eu": "zoho",
    "protonmail.ch": "proton",
    "messagingengine.com": "fastmail",
    "yandex.net": "yandex",
    "yandex.ru": "yandex",
    "mail.ru": "mail_ru",
    "gmx.net": "united_internet",
    "web.de": "united_internet",
    "kundenserver.de": "ionos",
    "ionos.com": "ionos",
    "t-online.de": "t_online",
    "ovh.net": "ovh",
    "emailsrvr.com": "rackspace",
    "qq.com": "tencent",
}
# Domains whose site is known whatever DNS says or does not say: those of consumers at the largest providers.
CONSUMER_DOMAINS: dict[str, str] = {
    "gmail.com": "gmail",
    "googlemail.com": "gmail",
    "outlook.com": "outlook",
    "hotmail.com": "outlook",
    "live.com": "outlook",
    "msn.com": "outlook",
    "yahoo.com": "yahoo",
    "icloud.com": "icloud",
}
# The providers' sites, in alphabetical order: each serves many domains, so that a mailbox has a name there.
PROVIDER_SITES: tuple[str, ...] = tuple(sorted({*SITE_BY_MX_SUFFIX.values(), *CONSUMER_DOMAINS.values()}))


def site_of(domain: str, mx_hosts: Sequence[str]) -> str:
    """Return the site that takes mail for a domain.

    Args:
        domain: the recipient's domain, lower-case ASCII.
        mx_hosts: its MX hosts of the best preference, as backups take its mail only while these fail; empty when DNS was not
            asked or did not answer.

    Returns:
        A provider's name from the table, else the registrable domain of the first host, else that of the domain.
    """
    if domain in CONSUMER_DOMAINS:
        return CONSUMER_DOMAINS[domain]
    if not mx_hosts:
        return registrable_domain(domain)
    for host in mx_hosts:
        labels = host.lower().rstrip(".").split(".")
        for start in range(len(labels)):
            if site := SITE_BY_MX_SUFFIX.get(".".join(labels[start:])):
                return site
    return registrable_domain(mx_hosts[0].lower().rstrip("."))
