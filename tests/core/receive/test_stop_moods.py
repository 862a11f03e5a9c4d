"""Wishes to stop that are polite, conditional, expectant or a threat are held until a person decides; no model sees them."""

import pytest

from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import Intent
from tests.core.receive.moods_of_stops import MOODS, OTHERS, THREATS


def judged(block):
    texts = [each.strip() for each in block.replace("\n", "|").split("|") if each.strip()]
    return {each: intent_of(text=each, subject="Re: Your idea") for each in texts}


@pytest.mark.parametrize("language", MOODS)
def test_a_wish_to_stop_in_a_mood_is_heard(language):
    found = judged(MOODS[language])
    assert len(found) >= 10
    assert [text for text, each in found.items() if each.intent is not Intent.STOP] == []


@pytest.mark.parametrize("language", THREATS)
def test_who_threatens_is_heard_and_nobody_is_sure(language):
    found = judged(THREATS[language])
    assert len(found) >= 10
    assert [text for text, each in found.items() if each.intent is not Intent.STOP] == []


def test_who_wishes_to_be_written_to_again_is_not_held():
    found = judged(OTHERS)
    assert len(found) >= 25
    assert [text for text, each in found.items() if each.intent in {Intent.STOP, Intent.NOT_INTERESTED}] == []


@pytest.mark.parametrize(
    "text,intent,is_sure",
    [
        ("Sounds good - to never hear from you again.", Intent.STOP, False),
        ("Yes, please: off the list.", Intent.STOP, False),
        ("Tell me more about how you got my data and then delete it.", Intent.STOP, False),
        ("Call off your emails.", Intent.STOP, False),
        ("Book me out of this list.", Intent.STOP, False),
        ("My address is not for marketing.", Intent.STOP, False),
        (
            "I'd prefer that you not contact me again by phone. Sounds good, send me the offer.",
            Intent.INTERESTED,
            False,
        ),
        ("Contact me again in March, our lawyer is back then.", Intent.LATER, True),
    ],
)
def test_what_the_rest_says_counts_beside_a_mood(text, intent, is_sure):
    found = intent_of(text=text, subject="Re: Your idea")
    assert (found.intent, found.is_sure) == (intent, is_sure)
