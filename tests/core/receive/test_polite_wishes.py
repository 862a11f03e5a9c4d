"""Polite words alone tell no interest: what stands behind them does."""

import pytest

from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import Intent
from tests.core.receive.polite_words import ENDS, INTERESTS, SOURCES

GOOD_NEWS = {Intent.INTERESTED, Intent.MEETING}


def judged(block):
    texts = [each.strip() for each in block.replace("\n", "|").split("|") if each.strip()]
    return {each: intent_of(text=each, subject="Re: Your idea") for each in texts}


@pytest.mark.parametrize("language", ENDS)
def test_who_politely_wishes_for_an_end_is_heard(language):
    found = judged(ENDS[language])
    assert len(found) >= 10
    assert [text for text, each in found.items() if each.intent is not Intent.STOP] == []


@pytest.mark.parametrize("language", SOURCES)
def test_who_politely_asks_for_the_source_of_an_address_wishes_for_nothing(language):
    found = judged(SOURCES[language])
    assert len(found) >= 3
    assert [text for text, each in found.items() if (each.intent, each.is_sure) != (Intent.OTHER, False)] == []


@pytest.mark.parametrize("language", INTERESTS)
def test_who_politely_asks_for_something_is_a_buyer(language):
    found = judged(INTERESTS[language])
    assert len(found) >= 10
    assert [text for text, each in found.items() if each.intent not in GOOD_NEWS] == []


@pytest.mark.parametrize(
    "text,intent,is_sure",
    [
        ("I'd like to end our contract with Hubspot and move to you.", Intent.INTERESTED, True),
        ("I'd love to be left out of the manual work, send a quote.", Intent.INTERESTED, False),
        ("I would like to know how you got my address, and please send me a demo.", Intent.INTERESTED, False),
        ("I'd like to know who I can talk to about pricing.", Intent.INTERESTED, True),
        ("I'd like to know where you got my email. Remove me.", Intent.STOP, True),
        ("I'd like to ask my boss first.", Intent.OTHER, False),
        ("I'd like to sleep on it.", Intent.OTHER, False),
        ("Ich kann das nicht sehen.", Intent.OTHER, False),
        ("Send me nothing more.", Intent.STOP, False),
        ("Cancella.", Intent.STOP, False),
    ],
)
def test_what_stands_behind_polite_words_decides(text, intent, is_sure):
    found = intent_of(text=text, subject="Re: Your idea")
    assert (found.intent, found.is_sure) == (intent, is_sure)
