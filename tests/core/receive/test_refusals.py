"""Who turns something down is not interested, and a buyer who uses a negation is still one."""

import pytest

from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import Intent
from tests.core.receive.refused_things import BUYERS, OPEN, REFUSALS, UNCERTAIN

GOOD_NEWS = {Intent.INTERESTED, Intent.MEETING}


def judged(block):
    texts = [each.strip() for each in block.replace("\n", "|").split("|") if each.strip()]
    return {each: intent_of(text=each, subject="Re: Your idea") for each in texts}


@pytest.mark.parametrize("language", REFUSALS)
def test_who_turns_something_down_is_not_interested(language):
    found = judged(REFUSALS[language])
    assert len(found) >= 16
    # What is near to a wish not to be called or written to is held until a person decides.
    accepted = {(Intent.NOT_INTERESTED, True), (Intent.NOT_INTERESTED, False), (Intent.STOP, False)}
    assert [text for text, each in found.items() if (each.intent, each.is_sure) not in accepted] == []
    heard = [each for each in found.values() if each.intent is Intent.NOT_INTERESTED and each.is_sure]
    assert len(heard) >= len(found) * 3 // 4


def test_who_does_not_know_is_unsure():
    found = judged(UNCERTAIN)
    assert len(found) >= 20
    assert [text for text, each in found.items() if each.is_sure] == []


def test_a_buyer_with_a_negation_is_a_buyer():
    found = judged(BUYERS)
    assert len(found) >= 60
    assert [text for text, each in found.items() if each.intent not in GOOD_NEWS] == []


def test_a_harmless_negation_turns_nothing_down():
    found = judged(OPEN)
    assert [text for text, each in found.items() if (each.intent, each.is_sure) != (Intent.OTHER, False)] == []
