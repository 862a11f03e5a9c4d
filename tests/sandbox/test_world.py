"""The configuration, and the pure decisions about recipients."""

import asyncio
import json
from collections import Counter

import pytest

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.sandbox.behaviours import BEHAVIOURS, REACTIONS, Directory, refusal_of
from outreach_pipeline.sandbox.letters import read_letter
from outreach_pipeline.sandbox.truth import MailStore, TruthLog, read_truth
from outreach_pipeline.sandbox.world import Fault, Site, World


def test_a_world_survives_json(world_of):
    world = world_of("http://127.0.0.1:8025", faults=(Fault(fault="slow", seconds=2, stage="end"),))
    assert World.from_json(world.to_json()) == world


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"mailbox": []}, "mailbox: Unexpected keyword argument"),
        ({"seed": "many"}, "seed: Input should be a valid integer"),
        ({"overrides": {"a@b.test": "explode"}}, "overrides.a@b.test"),
        ({"providers": {}}, "names the provider 'relay'"),
    ],
)
def test_a_wrong_world_names_the_place(world_of, change, sentence):
    document = {**json.loads(world_of().to_json()), **change}
    with pytest.raises(ConfigurationError) as caught:
        World.from_json(json.dumps(document), origin="here.json")
    assert sentence in str(caught.value)
    assert all(problem.startswith("here.json: ") for problem in caught.value.problems)


def test_contradictions_are_told(world_of):
    world = world_of()
    twice = {"mailboxes": json.loads(world.to_json())["mailboxes"] * 2}
    with pytest.raises(ConfigurationError, match="more than once"):
        World.from_json(json.dumps({**json.loads(world.to_json()), **twice}))
    sites = [
        {"name": "one", "mx": ["a.test"], "domains": ["d.test"]},
        {"name": "two", "mx": ["b.test"], "domains": ["D.test"], "behaviours": {"accept": 0}},
    ]
    with pytest.raises(ConfigurationError) as caught:
        World.from_json(json.dumps({**json.loads(world.to_json()), "sites": sites}))
    assert len(caught.value.problems) == 2


def test_every_behaviour_has_a_reaction():
    assert set(REACTIONS) == BEHAVIOURS | {"no_such_domain"}


def test_recipients_behave_by_the_weights_and_always_the_same(world_of):
    sites = (
        Site(name="mixed", mx=("mx.mixed.test",), domains=("mixed.test",), behaviours={"accept": 3, "complaint": 1}),
    )
    directory, twin = Directory(world_of(sites=sites)), Directory(world_of(sites=sites))
    other = Directory(world_of(sites=sites, seed=7))
    addresses = [f"person{number}@mixed.test" for number in range(2000)]
    chosen = [directory.find(address).behaviour for address in addresses]
    assert chosen == [twin.find(address.upper()).behaviour for address in addresses]
    assert chosen != [other.find(address).behaviour for address in addresses]
    assert Counter(chosen)["complaint"] / 2000 == pytest.approx(0.25, abs=0.03)


def test_overrides_win_over_suffixes_and_those_over_weights(world_of):
    directory = Directory(world_of(overrides={"vip+b-accept@postfix.test": "complaint"}))
    assert directory.find("vip+b-accept@postfix.test").behaviour == "complaint"
    assert directory.find("vip+b-reply_stop@postfix.test").behaviour == "reply_stop"
    assert directory.find("vip+b-nonsense@postfix.test").behaviour == "accept"


def test_a_tenants_mailbox_never_answers(world_of):
    sites = (Site(name="own", mx=("mx.own.test",), domains=("acme.test",), behaviours={"reply_stop": 1}),)
    recipient = Directory(world_of(sites=sites)).find("ann+verp@acme.test")
    assert (recipient.behaviour, recipient.mailbox) == ("accept", "ann@acme.test")


def test_only_direct_sites_refuse(world_of):
    directory = Directory(world_of())
    assert refusal_of(0, directory.find("x+b-unknown_user@postfix.test")) is None
    assert refusal_of(0, directory.find("x+b-unknown_user@direct.test")).code == 550


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"no header at all",
        b"Subject: =?x-unknown?B?////?=\r\n\r\n",
        b"From: \xff\xfe <a@b.test>\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        b"Message-ID: broken\r\nReferences: <a> <b\r\n\r\nx",
    ],
)
def test_any_bytes_are_a_letter(raw):
    letter = read_letter(raw)
    assert letter.message_id is None
    assert letter.unsubscribe_url is None


def test_a_letter_has_its_one_click_address_only_with_the_post_header():
    url = b"List-Unsubscribe: <mailto:a@b.test>, <https://l.test/u?t=1>\r\n"
    post = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    assert read_letter(url + post + b"\r\n").unsubscribe_url == "https://l.test/u?t=1"
    assert read_letter(url + b"\r\n").unsubscribe_url is None


def test_the_log_tells_in_the_order_of_writing(tmp_path):
    async def write():
        log = TruthLog(tmp_path / "truth.jsonl", MailStore(tmp_path / "mail"))
        told = []
        writes = [
            log.write({"type": "n", "n": number}, mails=(str(number).encode(),), then=lambda n=number: told.append(n))
            for number in range(50)
        ]
        # Whoever waits may go away; what is written is told all the same.
        writes[10].cancel()
        await asyncio.gather(*writes, return_exceptions=True)
        await log.close()
        return told

    assert asyncio.run(write()) == list(range(50))
    assert [line["n"] for line in read_truth(tmp_path / "truth.jsonl")] == list(range(50))
    assert MailStore(tmp_path / "mail").read(MailStore.name(b"49")) == b"49"
