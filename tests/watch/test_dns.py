from __future__ import annotations

import socket

import pytest

from outreach_pipeline.adapters.dns import MxAnswer, Resolver
from outreach_pipeline.core.errors import ConfigurationError


@pytest.fixture
def resolver(zones):
    records, address = zones
    records.update(
        {
            ("corp.test", "MX"): "20 Backup.corp.test.\n10 mx.corp.test.",
            ("null.test", "MX"): "0 .",
            ("address.test", "A"): "127.0.0.1",
            ("six.test", "AAAA"): "::1",
            ("texts.test", "TXT"): '"v=spf1 " "-all"\n"other"',
            ("xn--bcher-kva.test", "MX"): "10 mx.corp.test.",
            ("alike.test", "MX"): "10 mx2.corp.test.\n20 backup.corp.test.\n10 mx.corp.test.",
        }
    )
    return Resolver(address, timeout_seconds=2)


def test_many_domains_at_once_each_with_its_state(resolver):
    answers = resolver.mx(
        [
            "corp.test",
            "null.test",
            "address.test",
            "six.test",
            "texts.test",
            "gone.test",
            "servfail.test",
            "bücher.test",
            "alike.test",
        ]
    )
    assert answers["corp.test"] == MxAnswer("resolved", ("mx.corp.test", "backup.corp.test"))
    assert answers["null.test"] == MxAnswer("no_mail", problem="the domain says that it takes no mail")
    assert answers["address.test"] == MxAnswer("resolved", ("address.test",))
    assert answers["six.test"] == MxAnswer("resolved", ("six.test",))
    assert answers["texts.test"] == MxAnswer("no_mail", problem="the domain has neither MX nor address")
    assert answers["gone.test"] == MxAnswer("no_mail", problem="the domain does not exist")
    assert answers["servfail.test"].state == "failed"
    alike = ("mx.corp.test", "mx2.corp.test", "backup.corp.test")
    assert answers["alike.test"] == MxAnswer("resolved", alike, best_hosts=2)
    assert answers["bücher.test"] == MxAnswer("resolved", ("mx.corp.test",))


@pytest.mark.parametrize("name", ["a" * 70 + ".test", "a..test", "", "x" * 300])
def test_what_is_no_domain_name_takes_no_mail(resolver, name):
    assert resolver.mx([name])[name].state == "no_mail"


def test_nothing_to_ask_is_no_question(resolver):
    assert resolver.mx([]) == {}


def test_txt_joins_the_pieces_and_tells_none_from_unknown(resolver):
    assert sorted(resolver.txt("texts.test")) == ["other", "v=spf1 -all"]
    assert resolver.txt("corp.test") == []
    assert resolver.txt("gone.test") == []
    assert resolver.txt("servfail.test") is None


def test_a_server_that_does_not_answer_is_a_failure_and_no_verdict():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = Resolver(f"127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.2)
        assert resolver.mx(["corp.test"]) == {"corp.test": MxAnswer("failed", problem="no answer in time")}
        assert resolver.txt("corp.test") is None


@pytest.mark.parametrize("nameserver", ["nonsense", "127.0.0.1:port", "host.example:53", "[::1]:x"])
def test_a_wrong_setting_names_its_variable(nameserver):
    with pytest.raises(ConfigurationError, match="OUTREACH_DNS_RESOLVER"):
        Resolver(nameserver)


def test_addresses_of_both_families_are_understood():
    for nameserver, expected in [
        ("127.0.0.1", ("127.0.0.1", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("[::1]:5353", ("::1", 5353)),
        ("::1", ("::1", 53)),
    ]:
        server = Resolver(nameserver)._resolver.nameservers[0]
        assert (server.address, server.port) == expected
