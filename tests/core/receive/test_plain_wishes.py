"""The small grammar of wishes: what people plainly say is heard in every form, and buyers with such words are never lost."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import Intent, MailKind
from outreach_pipeline.core.receive.opt_outs import opt_out_of
from tests.core.receive.more_plain_wishes import MORE_WISHES
from tests.core.receive.plain_wishes import WISHES
from tests.core.receive.wishes_of_buyers import OTHERS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNMISTAKABLE = (
    "I do not want to be emailed.",
    "I don't want emails from you.",
    "I don't want to get any emails from you anymore",
    "I don't want to be on your list.",
    "I don't wish to hear from you",
    "Please no longer email me.",
    "I am asking you to no longer contact me",
    "Please avoid sending me emails",
    "please exclude my address from future mailings",
    "Ich möchte nicht mehr von Ihnen angeschrieben werden",
    "Ich möchte nichts mehr von euch hören",
    "Nimm mich bitte aus deinem Verteiler.",
    "Je ne veux pas recevoir vos emails",
    "Arrête de m'écrire.",
    "Enlève-moi de ta liste.",
    "Borradme de la lista",
    "Dejad de escribirme",
    "Elimíname de la lista",
    "Me tira dessa lista",
    "Smetti di scrivermi.",
    "Mail me niet meer.",
    "Usuń mnie z listy.",
    "Вычеркните меня из списка.",
    "Викресліть мене зі списку.",
)
FRESH = (
    "No emails please",
    "Cancel my subscription",
    "I don't need your emails.",
    "Schluss mit den Mails",
    "Nechci od vás žádné maily.",
)


def sentences(block):
    return [each.strip() for each in block.replace("\n", "|").split("|") if each.strip()]


def fresh(text):
    return (
        "From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: About your messages\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    ).encode()


@pytest.mark.parametrize("language", WISHES)
def test_a_plain_wish_is_heard_whatever_its_form(language):
    wishes = sentences(f"{WISHES[language]} | {MORE_WISHES.get(language, '')}")
    missed = [each for each in wishes if intent_of(text=each, subject="Re: Your idea").intent is not Intent.STOP]
    assert len(wishes) >= 7
    assert missed == []


@pytest.mark.parametrize("text", UNMISTAKABLE)
def test_an_unmistakable_wish_is_sure(text):
    judged = intent_of(text=text, subject="Re: Your idea")
    assert (judged.intent, judged.is_sure) == (Intent.STOP, True)


@pytest.mark.parametrize("language", OTHERS)
def test_nobody_who_wishes_something_else_is_lost_for_good(language):
    others = sentences(OTHERS[language])
    judged = {each: intent_of(text=each, subject="Re: Your idea") for each in others}
    assert len(others) == 30
    assert [each for each, found in judged.items() if found.intent is Intent.STOP and found.is_sure] == []


@pytest.mark.parametrize(
    "wish", ["Please avoid sending me emails.", "No emails please.", "Cancel my subscription.", "Enough emails!"]
)
@pytest.mark.parametrize(
    "beside", ["Not interested. {}", "{} We are not interested.", "No, thank you, no interest. {}"]
)
def test_a_wish_beside_a_refusal_is_not_lost_to_it(wish, beside):
    assert intent_of(text=beside.format(wish), subject="Re: Your idea").intent is Intent.STOP


@pytest.mark.parametrize("text", FRESH)
def test_a_wish_that_answers_nothing_is_an_answer_for_people_to_decide(text):
    result = classify(fresh(text), received_at=NOW)
    assert (result.kind, result.intent, result.intent_is_sure) == (MailKind.REPLY, Intent.STOP, False)


@pytest.mark.parametrize(
    "text",
    [
        "The bus will stop at our new office from now on.",
        "No emails please, call me, we are very interested.",
        "We sell remote controls. To unsubscribe click here.",
        "Our office has moved, here is the new address of our company. " * 20 + "No emails please.",
    ],
)
def test_what_only_sounds_so_makes_no_answer_of_a_fresh_mail(text):
    assert classify(fresh(text), received_at=NOW).kind is MailKind.OTHER


@pytest.mark.parametrize("language", WISHES)
def test_no_wish_passes_the_check_before_a_model_is_asked(language):
    assert [each for each in sentences(WISHES[language]) if opt_out_of(text=each, subject="") is None] == []


@pytest.mark.parametrize(
    "text",
    [
        "Please do not hesitate to contact me.",
        "I'd like to receive the offer by email, please.",
        "Get me a quote from your boss, please.",
        "Ich habe Ihre Mail nicht bekommen, bitte nochmal.",
        "Nehmen Sie bitte Kontakt mit mir auf.",
        "Je n'ai pas reçu votre mail.",
        "No he recibido el correo.",
        "Não recebi o e-mail.",
        "Non ho ricevuto la mail.",
        "Ik heb uw mail niet ontvangen.",
        "Nie dostałem maila.",
        "Я не получил письмо.",
        "Я не отримав листа.",
    ],
)
def test_who_speaks_of_mail_and_wishes_no_end_is_not_held(text):
    assert intent_of(text=text, subject="Re: Your idea").intent is not Intent.STOP
