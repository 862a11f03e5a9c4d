from __future__ import annotations

import pytest

from outreach_pipeline.core.watch.domain import judge_dkim, judge_dmarc, judge_mx, judge_spf


@pytest.mark.parametrize(
    "records, result",
    [
        (None, "unknown"),
        ([], "fail"),
        (["google-site-verification=x"], "fail"),
        (["v=spf1 include:_spf.google.com ~all"], "pass"),
        (["V=SPF1 ip4:192.0.2.0/24 -all", "other"], "pass"),
        (["v=spf1 redirect=_spf.example.com"], "pass"),
        (["v=spf1 -all", "v=spf1 ~all"], "fail"),
        (["v=spf10 -all"], "fail"),
        (["v=spf1 +all"], "warn"),
        (["v=spf1 all"], "warn"),
        (["v=spf1 include:a.example"], "warn"),
        (["v=spf1 " + " ".join(f"include:{n}.example" for n in range(10)) + " -all"], "pass"),
        (["v=spf1 a mx/24 " + " ".join(f"include:{n}.example" for n in range(9)) + " -all"], "fail"),
        (["v=spf1 " + " ".join(f"ip4:192.0.2.{n}" for n in range(30)) + " -all"], "pass"),
    ],
)
def test_spf(records, result):
    assert judge_spf(records).result == result


@pytest.mark.parametrize(
    "records, selector, result",
    [
        ([], None, "unknown"),
        (None, "s1", "unknown"),
        ([], "s1", "fail"),
        (["v=DKIM1; k=rsa; p=MIIB"], "s1", "pass"),
        (["k=rsa; p=MIIB"], "s1", "pass"),
        (["v=DKIM1; p="], "s1", "fail"),
        (["v=DKIM2; p=MIIB"], "s1", "fail"),
        (["hello"], "s1", "fail"),
    ],
)
def test_dkim(records, selector, result):
    assert judge_dkim(records, selector=selector).result == result


@pytest.mark.parametrize(
    "records, organisation, result",
    [
        (None, [], "unknown"),
        ([], [], "fail"),
        ([], None, "unknown"),
        (["v=DMARC1; p=reject"], [], "pass"),
        (["v=DMARC1;p=quarantine;rua=mailto:x@y.example"], [], "pass"),
        (["v=DMARC1; p=none"], [], "warn"),
        (["v=DMARC1; p=maybe"], [], "fail"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], [], "fail"),
        ([], ["v=DMARC1; p=none; sp=reject"], "pass"),
        ([], ["v=DMARC1; p=reject"], "pass"),
        (["v=DMARC1; p=none"], ["v=DMARC1; p=reject"], "warn"),
    ],
)
def test_dmarc(records, organisation, result):
    assert judge_dmarc(records, organisation_records=organisation).result == result


def test_mx():
    assert judge_mx(state="resolved", hosts=["mx.example"], problem="").result == "pass"
    assert judge_mx(state="failed", hosts=[], problem="no answer in time").result == "unknown"
    verdict = judge_mx(state="no_mail", hosts=[], problem="the domain does not exist")
    assert verdict.result == "fail"
    assert "does not exist" in verdict.detail
