"""Polite words alone tell no interest: what stands behind them does."""

# ruff: noqa: RUF001  Cyrillic is meant

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


ASKED = {
    "en": ("I'd like to know|I would like to learn", "who gave you my email|where you found me|how you got hold of my number|where you have my data from|who gave you my name"),
    "de": ("Ich möchte wissen|Wir würden gern erfahren", "woher Sie unsere Mail haben|wer Ihnen meinen Namen gab|wie Sie an meine Daten kamen|von wem Sie meine Nummer haben|woher Sie den Kontakt haben"),
    "fr": ("Je voudrais savoir|Nous aimerions comprendre", "qui vous a donné mon mail|comment vous avez mon numéro|où vous avez pris mes données|d'où vient mon adresse|comment vous avez eu mon contact"),
    "es": ("Me gustaría saber|Quisiera entender", "quién le dio mi correo|dónde encontró mis datos|cómo obtuvo mi número|de dónde tiene mi dirección|cómo llegó a mi contacto"),
    "it": ("Vorrei sapere|Mi piacerebbe capire", "chi vi ha dato la mia mail|dove avete preso i miei dati|come avete il mio numero|da dove viene il mio indirizzo|come avete avuto il mio contatto"),
    "pt": ("Gostaria de saber|Queria entender", "quem lhe deu o meu e-mail|onde encontrou os meus dados|como obteve o meu número|de onde tem o meu endereço|como chegou ao meu contacto"),
    "nl": ("Ik zou graag weten|Wij willen graag weten", "wie u mijn mail gaf|waar u mijn gegevens vond|hoe u aan mijn nummer komt|van wie u mijn adres heeft|hoe u aan mijn naam komt"),
    "pl": ("Chciałbym wiedzieć|Chcielibyśmy się dowiedzieć", "kto dał wam mój mail|skąd macie moje dane|jak zdobyliście mój numer|od kogo macie mój adres|skąd macie mój kontakt"),
    "ru": ("Хотел бы знать|Хотелось бы узнать", "кто дал вам мой адрес|откуда у вас мои данные|как вы нашли мой номер|от кого у вас моя почта|где вы взяли мой контакт"),
    "uk": ("Хотів би знати|Хотілося б дізнатися", "хто дав вам мою адресу|звідки у вас мої дані|як ви знайшли мій номер|від кого у вас моя пошта|де ви взяли мій контакт"),
}  # fmt: skip


@pytest.mark.parametrize("language", ASKED)
def test_no_question_after_a_source_is_interest(language):
    begins, questions = (each.split("|") for each in ASKED[language])
    found = judged("|".join(f"{begin}, {question}." for begin in begins for question in questions))
    assert len(found) == 10
    assert [text for text, each in found.items() if (each.intent, each.is_sure) != (Intent.OTHER, False)] == []
