from __future__ import annotations

import json

import pytest

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.oauth import (
    LONGEST_PAUSE_SECONDS,
    concerns_one_mailbox,
    default_token_url,
    is_final,
    pause_seconds,
    read_service_account_key,
)

GOOGLE, MICROSOFT, REFRESH = "google_service_account", "microsoft_client_credentials", "refresh_token"


@pytest.mark.parametrize(
    "kind, provider, directory_id, url",
    [
        (GOOGLE, "generic", None, "https://oauth2.googleapis.com/token"),
        (REFRESH, "google_workspace", None, "https://oauth2.googleapis.com/token"),
        (MICROSOFT, "generic", "d-1", "https://login.microsoftonline.com/d-1/oauth2/v2.0/token"),
        (REFRESH, "microsoft_365", "d-1", "https://login.microsoftonline.com/d-1/oauth2/v2.0/token"),
        (MICROSOFT, "microsoft_365", None, None),
        (REFRESH, "generic", None, None),
    ],
)
def test_where_tokens_come_from_unless_said_otherwise(kind, provider, directory_id, url):
    assert default_token_url(kind, provider=provider, directory_id=directory_id) == url


@pytest.mark.parametrize(
    "kind, error, description, of_one",
    [
        (REFRESH, "invalid_grant", "Token has been expired or revoked.", True),
        (REFRESH, "interaction_required", "AADSTS50076", True),
        (REFRESH, "invalid_client", "The client secret is wrong.", False),
        (GOOGLE, "invalid_grant", "Invalid email or User ID", True),
        (GOOGLE, "invalid_grant", "Invalid JWT Signature.", False),
        (GOOGLE, "invalid_grant", "Invalid grant: account not found", False),
        (GOOGLE, "unauthorized_client", "Client is unauthorized to retrieve access tokens using this method.", False),
        (MICROSOFT, "invalid_grant", "AADSTS65001: the administrator has not consented", False),
    ],
)
def test_whose_trouble_a_refusal_is(kind, error, description, of_one):
    assert is_final(error)
    assert concerns_one_mailbox(kind, error=error, description=description) == of_one


@pytest.mark.parametrize("error", ["", "server_error", "temporarily_unavailable", "slow_down"])
def test_what_may_pass_is_not_final(error):
    assert not is_final(error)


def test_pauses_double_and_have_an_end():
    assert [pause_seconds(failures) for failures in (1, 2, 3, 4)] == [30, 60, 120, 240]
    assert pause_seconds(10_000) == LONGEST_PAUSE_SECONDS


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"client_email": "a@b.example"}', '{"private_key": 1}'])
def test_what_is_no_key_is_refused_and_not_repeated(text):
    with pytest.raises(ConfigurationError, match="JSON file") as caught:
        read_service_account_key(text)
    assert text == "" or text not in str(caught.value)


def test_a_key_is_read_as_it_is():
    key = {"client_email": "a@b.example", "private_key": "PEM", "type": "service_account"}
    assert read_service_account_key(json.dumps(key)) == key
