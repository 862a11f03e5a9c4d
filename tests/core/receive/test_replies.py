"""What people answer: their own words, and what they want."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import Intent, MailKind
from outreach_pipeline.core.receive.quotes import own_words

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FOOTER = "> Hello Kim,\n> may I ask you something? We would love to schedule a call.\n> If you are not interested, unsubscribe here:\n> https://link.outreach.example/u/1"


def reply(
    text: str,
    *,
    subject: str = "Re: A question",
    extra: str = "In-Reply-To: <step1.42@outreach.example>\n",
    kind: str = "plain",
) -> bytes:
    return (
        f"From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: {subject}\nMIME-Version: 1.0\n"
        f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{extra}\n{text}\n"
    ).encode()


INTENTS = {
    Intent.STOP: (
        "Unsubscribe", "STOP", "Please remove me from your list.", "Take me off this list please", "Do not contact me again.",
        "please don't email me anymore", "Stop sending me these emails!", "I never signed up for this.", "Leave me alone",
        "Not interested, please remove me.", "Interesting, but please take me off your list",
        "I do not want any further emails from you or your company",
        "please take Kim off of your mailing list - she retired.",
        "Merci de ne plus me solliciter.",
        "Prosze o usuniecie mojego adresu z bazy",
        "Cancellate il mio indirizzo",
        "Уберите мой адрес из базы",
        "Bitte nehmen Sie mich aus Ihrem Verteiler.", "Keine weiteren E-Mails bitte", "Bitte kontaktieren Sie mich nicht mehr",
        "Merci de me désinscrire", "Ne me contactez plus svp", "Veuillez supprimer mes données de votre base",
        "Por favor, dame de baja", "No me envíen más correos", "No quiero recibir más correos",
        "Cancellatemi dalla vostra lista", "Non scrivetemi più", "Non voglio ricevere queste mail",
        "Remova-me da sua lista", "Por favor, não me envie mais emails", "Pare de me escrever",
        "Graag uitschrijven", "Verwijder mij uit uw bestand", "Stuur mij geen mails meer",
        "Proszę mnie wypisać", "Proszę nie pisać do mnie więcej", "Nie życzę sobie takich wiadomości",
        "Отпишите меня", "Больше не пишите мне", "Удалите меня из рассылки", "Видаліть мене з розсилки",
    ),
    Intent.NOT_INTERESTED: (
        "Not interested, thanks.", "No thank you", "We're all set, thanks", "Thanks but we'll pass", "Kein Interesse", "Nein danke, wir haben bereits einen Anbieter",
        "Non merci, pas intéressé", "No nos interesa, gracias", "Non siamo interessati", "Não temos interesse, obrigado", "Geen interesse", "Nie jestem zainteresowany", "Нам это не интересно",
    ),
    Intent.MEETING: (
        "Sure, let's talk. Are you free on Tuesday?", "Let's schedule a call next week", "Here is my calendar: https://calendly.example/kim", "Gerne, wann passt Ihnen ein Termin?",
        "Avec plaisir, fixons un rendez-vous", "Podemos hablar el martes?", "Fissiamo una chiamata, mi chiami domani", "Vamos marcar uma reunião", "Kunnen we bellen?", "Umówmy się na spotkanie", "Давайте созвонимся завтра",
    ),
    Intent.INTERESTED: (
        "Sounds interesting, tell me more", "Can you send pricing?", "Klingt interessant, schicken Sie mir Unterlagen", "Cela m'intéresse, envoyez-moi une brochure", "Me interesa, quiero saber más",
        "Mi interessa, vorrei maggiori informazioni", "Tenho interesse, quanto custa?", "Interessant, stuur me een offerte", "Jestem zainteresowana, proszę przesłać ofertę", "Интересно, пришлите подробнее",
    ),
    Intent.LATER: ("Not right now, try me again in 3 months", "Maybe next year", "Im Moment nicht, melden Sie sich in 3 Monaten wieder", "Pas pour le moment", "Ahora no, más adelante", "Al momento no", "Op dit moment niet", "Na razie nie", "Пока не актуально, напишите позже",
        "Bitte melden Sie sich im Herbst noch einmal", "Contácteme de nuevo en septiembre", "Volte a falar comigo em setembro", "Neem in september nog eens contact op",
        "Proszę odezwać się we wrześniu", "Напишіть мені восени", "Mi ricontatti a settembre", "Revenez vers moi en septembre",
    ),
    Intent.REFERRAL: ("Please contact my colleague Lee instead, he handles this", "Bitte wenden Sie sich an Herrn Lee", "Veuillez contacter ma collègue Lee", "Mi compañera Lee lleva esto, hable con ella", "Обратитесь к моему коллеге"),
    Intent.WRONG_PERSON: ("I'm not the right person for this", "Wrong person, sorry", "Da bin ich nicht der richtige Ansprechpartner, nicht zuständig", "Je ne suis pas la bonne personne", "No soy la persona indicada", "Вы ошиблись адресом"),
}  # fmt: skip


@pytest.mark.parametrize("intent,text", [(intent, text) for intent, texts in INTENTS.items() for text in texts])
def test_intent_of_a_short_answer(intent, text):
    result = classify(
        reply(f"{text}\n\nOn Mon, Mar 2, 2026 at 9:00 AM Anna <anna@outreach.example> wrote:\n{FOOTER}"),
        received_at=NOW,
    )
    assert result.kind is MailKind.REPLY
    assert result.intent is intent
    assert result.text == text


@pytest.mark.parametrize(
    "text,intent", [("Yes.", Intent.INTERESTED), ("no", Intent.NOT_INTERESTED), ("Ja", Intent.INTERESTED)]
)
def test_a_lone_yes_or_no_is_never_sure(text, intent):
    result = classify(reply(text), received_at=NOW)
    assert (result.intent, result.intent_is_sure) == (intent, False)


def test_stop_is_sure_and_others_may_not_be():
    assert classify(reply("unsubscribe"), received_at=NOW).intent_is_sure
    vague = classify(reply("Hm."), received_at=NOW)
    assert (vague.intent, vague.intent_is_sure) == (Intent.OTHER, False)


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to miss this, email me the details please",
        "Could you remove the setup fee from your quote?",
        "No me enviaste el precio, me interesa.",
        "Não me enviou o preço, tenho interesse.",
        "Please call me, my mails get lost sometimes.",
        "Your mail was in my spam folder, sounds interesting!",
        "Are you GDPR compliant? If so, send me pricing.",
        "Before we go away on holiday, let's talk.",
        "Wie halten Sie es mit der DSGVO? Klingt interessant.",
        "We run non-stop until Friday. Sounds interesting, tell me more.",
        "Could you stop by our office next week? Let's meet.",
        "I can't stop thinking about it, send me more information.",
    ],
)
def test_stop_words_that_ask_for_nothing(text):
    assert classify(reply(text), received_at=NOW).intent is not Intent.STOP


def test_campaign_subject_that_begins_with_a_stop_word_is_no_request():
    result = classify(reply("Tell me more", subject="Re: Stop losing leads"), received_at=NOW)
    assert result.intent is Intent.INTERESTED


@pytest.mark.parametrize(
    "quote",
    [
        f"On Mon, Mar 2, 2026 at 9:00 AM Anna <anna@outreach.example>\nwrote:\n\n{FOOTER}",
        f"Am Mo., 2. März 2026 um 09:00 Uhr schrieb Anna <anna@outreach.example>:\n{FOOTER}",
        f"Le lun. 2 mars 2026 à 09:00, Anna <anna@outreach.example> a écrit :\n{FOOTER}",
        f"El lun, 2 mar 2026 a las 9:00, Anna (<anna@outreach.example>) escribió:\n{FOOTER}",
        f"Il giorno lun 2 mar 2026 alle ore 09:00 Anna ha scritto:\n{FOOTER}",
        f"Op ma 2 mrt 2026 om 09:00 schreef Anna <anna@outreach.example>:\n{FOOTER}",
        f"Em seg., 2 de mar. de 2026 às 09:00, Anna escreveu:\n{FOOTER}",
        f"pon., 2 mar 2026 o 09:00 Anna <anna@outreach.example> napisał(a):\n{FOOTER}",
        f"пн, 2 мар. 2026 г. в 09:00, Anna <anna@outreach.example>:\n{FOOTER}",
        "-----Original Message-----\nFrom: Anna\nSent: Monday\nTo: Kim\nSubject: A question\n\nIf not, unsubscribe.",
        "________________________________\nFrom: Anna <anna@outreach.example>\nSent: Monday, March 2, 2026 9:00\nTo: Kim\nSubject: A question\n\nHello, unsubscribe here",
        "Von: Anna <anna@outreach.example>\nGesendet: Montag, 2. März 2026 09:00\nAn: Kim\nBetreff: A question\n\nHallo, unsubscribe",
        "De : Anna <anna@outreach.example>\nEnvoyé : lundi 2 mars 2026\nÀ : Kim\nObjet : A question\n\nBonjour, unsubscribe",
        "От: Anna <anna@outreach.example>\nОтправлено: 2 марта 2026\nКому: Kim\nТема: A question\n\nunsubscribe",
    ],
)
def test_our_own_footer_never_speaks_for_the_person(quote):
    result = classify(reply(f"Thanks, I will think about it.\n\n{quote}"), received_at=NOW)
    assert result.text == "Thanks, I will think about it."
    assert result.intent is not Intent.STOP


def test_html_answer_is_read_without_its_quote():
    html = (
        "<html><head><style>p { color: red }</style></head><body><p>Tell me more &amp; send prices</p><script>stop()</script>"
        '<div class="gmail_quote"><div>On Mon Anna wrote:</div><blockquote>Hello <a href="x">unsubscribe</a></blockquote></div></body></html>'
    )
    result = classify(reply(html, kind="html"), received_at=NOW)
    assert result.text == "Tell me more & send prices"
    assert result.intent is Intent.INTERESTED


def test_words_below_a_quote_are_the_persons_own():
    assert own_words(f"On Mon, 2 Mar 2026 Anna wrote:\n{FOOTER}\n\nPlease remove me.").text == "Please remove me."


def test_nothing_but_a_quote_has_no_words():
    assert own_words(f"On Mon, 2 Mar 2026 Anna wrote:\n{FOOTER}").text == ""


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nKim\nHead of stop signs",
        "Best regards,\nKim\nUnsubscribe Ltd",
        "Mit freundlichen Grüßen\nKim",
        "Sent from my iPhone",
        "С уважением,\nКим",
    ],
)
def test_signature_is_trimmed(signature):
    assert own_words(f"Tell me more.\n\n{signature}").text == "Tell me more."


def test_own_words_have_a_limit():
    assert len(own_words("word " * 5000).text) <= 4000


@pytest.mark.parametrize(
    "subject,text,extra",
    [
        ("unsubscribe", "", ""),
        ("unsubscribe", "Apple Mail sent this email to unsubscribe from the message", "Auto-Submitted: auto-replied\n"),
        ("Abmelden", "bitte", ""),
        ("hello", "Please remove me from your list", ""),
    ],
)
def test_stop_request_that_is_no_reply_by_its_headers(subject, text, extra):
    result = classify(reply(text, subject=subject, extra=extra), received_at=NOW)
    assert (result.kind, result.intent) == (MailKind.REPLY, Intent.STOP)


def test_newsletter_is_no_reply_though_it_offers_to_unsubscribe():
    raw = reply(
        "Our news of the week. To unsubscribe click here.",
        subject="News",
        extra="List-Unsubscribe: <https://n.example/u>\nPrecedence: bulk\n",
    )
    result = classify(raw, received_at=NOW)
    assert (result.kind, result.intent) == (MailKind.OTHER, None)


def test_ids_of_the_thread_come_newest_first():
    raw = reply("ok", extra="In-Reply-To: <c@x.example>\nReferences: <a@x.example>\n <b@x.example> <c@x.example>\n")
    assert classify(raw, received_at=NOW).in_reply_to == ("c@x.example", "b@x.example", "a@x.example")
