from __future__ import annotations

import pytest

from outreach_pipeline.core.plan.sites import site_of


@pytest.mark.parametrize(
    "domain, hosts, site",
    [
        ("acme.com", ("aspmx.l.google.com", "alt1.aspmx.l.google.com"), "google_workspace"),
        ("gmail.com", ("gmail-smtp-in.l.google.com",), "gmail"),
        ("gmail.com", (), "gmail"),
        ("acme.de", ("acme-de.mail.protection.outlook.com",), "microsoft_365"),
        ("acme.de", ("acme-de.a-v1.mx.microsoft",), "microsoft_365"),
        ("hotmail.com", ("hotmail-com.olc.protection.outlook.com",), "outlook"),
        ("acme.org", ("mx0a-0012.pphosted.com",), "proofpoint"),
        ("acme.org", ("d1.ess.barracudanetworks.com",), "barracuda"),
        ("acme.co.uk", ("mail.hosting.co.uk",), "hosting.co.uk"),
        ("mail.acme.co.uk", (), "acme.co.uk"),
        ("acme.io", ("MX.Own.Example.",), "own.example"),
    ],
)
def test_domains_are_grouped_by_who_takes_their_mail(domain: str, hosts: tuple[str, ...], site: str) -> None:
    assert site_of(domain, hosts) == site
