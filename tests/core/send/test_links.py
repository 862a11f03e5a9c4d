from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from outreach_pipeline.core.errors import NotAllowedError
from outreach_pipeline.core.send.links import LINK_LIFETIME_SECONDS, LinkError, LinkSigner

KEY = bytes(range(32))
TENANT = UUID("11111111-2222-3333-4444-555555555555")
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def _token(signer=None, *, message_id=7, now=NOW):
    signer = signer or LinkSigner(KEY)
    url = signer.unsubscribe_url(link_host="go.acme.example", tenant_id=TENANT, message_id=message_id, now=now)
    assert url.startswith("https://go.acme.example/u/")
    return url.removeprefix("https://go.acme.example/u/")


def test_a_link_says_whose_mail_it_stood_in_and_when():
    read = LinkSigner(KEY).read(_token(), now=NOW + timedelta(days=30))
    assert (read.tenant_id, read.message_id, read.issued_at) == (TENANT, 7, NOW)


def test_the_same_inputs_give_the_same_link():
    assert _token() == _token()
    assert _token() != _token(message_id=8)


def test_a_token_is_a_path_segment():
    assert set(_token(message_id=2**62)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_a_link_ends_with_its_lifetime():
    signer, lifetime = LinkSigner(KEY), timedelta(seconds=LINK_LIFETIME_SECONDS)
    assert signer.read(_token(), now=NOW + lifetime).message_id == 7
    with pytest.raises(LinkError, match="too old"):
        signer.read(_token(), now=NOW + lifetime + timedelta(seconds=1))


def test_a_clock_that_is_behind_refuses_no_opt_out():
    assert LinkSigner(KEY).read(_token(), now=NOW - timedelta(hours=3)).message_id == 7


def test_every_single_changed_character_is_noticed():
    token = _token()
    for place, character in enumerate(token):
        # The last character of each part carries bits that base64 drops.
        if place + 1 == len(token) or token[place + 1] == "." or character == ".":
            continue
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkError):
            LinkSigner(KEY).read(changed, now=NOW)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "x" * 10_000, "\x00", "é.é.é"])
def test_nonsense_is_refused_in_a_sentence(token):
    with pytest.raises(NotAllowedError, match="cut or changed"):
        LinkSigner(KEY).read(token, now=NOW)


def test_another_installations_key_does_not_fit():
    with pytest.raises(LinkError):
        LinkSigner(uuid4().bytes * 2).read(_token(), now=NOW)
