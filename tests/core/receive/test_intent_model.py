"""What a model is shown of a reply: the words, and nothing by which their writer is known."""

import pytest

from outreach_pipeline.core.receive.intent_model import reduced


@pytest.mark.parametrize(
    "text, shown",
    [
        ("See harbor.example, please.", "See [link], please."),
        ("See shop.harbor-ag.com/prices or HARBOR-AG.COM", "See [link] or [link]"),
        ("We are harbor.museum now.", "We are [link] now."),
        ("Kim of Harbor AG, kim@harbor.museum", "[name] of [company], [address]"),
        ("Thanks.Please call at 10.30, e.g. on Monday, v2.0", "Thanks.Please call at 10.30, e.g. on Monday, v2.0"),
    ],
)
def test_domains_are_left_out_as_addresses_and_names_are(text, shown):
    assert reduced(text, names=["Kim"], company="Harbor AG", domains=["harbor.museum"]) == shown
