"""Requests never to be written to again: what is one, what only sounds like one, and where in a mail it may stand."""

# ruff: noqa: RUF001  Cyrillic and full-width letters are meant

import unicodedata
from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import Intent, MailKind
from outreach_pipeline.core.receive.quotes import own_words

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG = "We looked at your offer with the whole team and talked about what it would mean for us. " * 60

STOPS = (
    "Please don't write to us anymore.",
    "Take our company off this list immediately",
    "I would like to be taken off your mailing list",
    "We are not interested, please delete our data",
    "Do not send me any more of these",
    "Please stop these emails",
    "no more of these emails please",
    "Can you unsubscribe me? Thanks!",
    "I want to unsubscribe",
    "Kindly unsubscribe",
    "I've asked to be unsubscribed twice",
    "do not contact us again",
    "dont contact me",
    "Don't bother me again",
    "Never write to me again.",
    "How many times do I have to tell you? Stop!",
    "please leave me alone",
    "Please cease and desist",
    "Not for us. Remove please.",
    "Thanks, but please don't follow up.",
    "Stop contacting our staff.",
    "You don't have my consent to email me.",
    "This is unsolicited. Remove me at once.",
    "Great product, but please remove me from your list.",
    "Interesting, but take me off your list",
    "Please delete all data you have on me",
    "I hereby withdraw consent to processing of my data",
    "Bitte nicht mehr kontaktieren",
    "Bitte melden Sie sich nicht mehr bei mir",
    "Ich möchte von Ihnen nichts mehr hören",
    "Bitte schicken Sie mir nichts mehr",
    "Nehmen Sie mich von der Liste",
    "Nehmt mich bitte raus",
    "Bitte austragen",
    "bitte loeschen sie meine daten",
    "Ich will keine Werbung von Ihnen",
    "Bitte lassen Sie das künftig",
    "Ich bitte um Löschung aus Ihrem Verteiler",
    "Bitte unterlassen Sie es, mir zu schreiben",
    "Keine weiteren Nachrichten",
    "Wir wünschen keine weiteren E-Mails",
    "Hören Sie bitte auf mir zu schreiben",
    "Ne m'envoyez plus rien",
    "Merci de me désinscrire de votre liste",
    "Je souhaite me désabonner",
    "Merci de ne plus m'envoyer de mails",
    "je ne veux plus de vos mails",
    "stop aux mails",
    "Merci de cesser de me contacter",
    "Supprimez-moi de votre base",
    "Veuillez supprimer mon adresse mail",
    "Laissez moi tranquille",
    "No me vuelvan a contactar",
    "Por favor, eliminen mis datos",
    "Quiero que borren mi correo",
    "Dejen de enviarme correos",
    "No envíen más",
    "Quisiera darme de baja",
    "sáquenme de la lista",
    "No me interesa, no me escriban mas",
    "Non scrivetemi più per favore",
    "Toglietemi dalla lista",
    "Vorrei cancellarmi",
    "Chiedo di essere cancellato",
    "Non inviatemi altre email",
    "Non voglio essere contattato",
    "Por favor me retire da lista",
    "Não me mandem mais e-mails",
    "Quero sair da lista",
    "Parem de me escrever",
    "Não quero ser contactado",
    "Favor remover meu email",
    "Ik wil graag van de lijst af",
    "Gelieve mij uit te schrijven",
    "Stuur me geen e-mails meer",
    "Wil je me niet meer mailen?",
    "Verwijder mijn adres",
    "Laat me met rust",
    "Schrijf me uit",
    "Proszę o usunięcie z listy",
    "Proszę o wykreślenie mnie z bazy",
    "Nie pisz do mnie więcej",
    "Nie chcę więcej dostawać maili",
    "Proszę mnie nie nękać",
    "Przestańcie do mnie pisać",
    "Proszę o usunięcie danych",
    "Удалите мой контакт",
    "Прошу исключить меня из рассылки",
    "Прошу не писать мне",
    "Не пишите сюда больше",
    "Пожалуйста, больше не присылайте мне писем",
    "Хватит!",
    "Уберите меня из списка",
    "Отстаньте от меня",
    "Я не хочу получать ваши письма",
    "Прошу отписать меня от рассылки",
    "Видаліть мене зі списку",
    "Більше не пишіть",
    "Прошу не писати мені",
    "Не надсилайте мені листи",
    "Хочу відписатися",
    "Please don't write again.",
    "No thanks, and please don't write again.",
    "Not interested. Stop.",
    "Do not reach out again.",
    "Graag geen verdere mails",
    "unsubscibe me",
    "Please lose my address.",
    "STOP SVP",
    "Merci de ne pas me relancer.",
    "Прошу больше не писать",
    "Stop emailing me non-stop!",
    "ＵＮＳＵＢＳＣＲＩＢＥ",
    "Prosze nie pisac wiecej",
    "No mas correos por favor",
    "I want no more of this: please un\u200bsubscribe me",
    "Would you please not contact me any longer?",
    "I'd prefer not to receive these",
    "Kindly take this address off",
    "You keep writing. I said no. Stop it.",
    "This is my third request to be removed.",
    "we do not wish to be contacted",
    "Please respect my wish not to be contacted",
    "Don't mail me.",
    "Don't write me.",
    "No spam please",
    "Please mark me as do not contact",
    "Bitte schreiben Sie uns nicht mehr",
    "Bitte keine Anrufe und Mails mehr",
    "Ich habe kein Interesse und möchte keine weiteren Mails von Ihnen bekommen",
    "Streichen Sie mich",
    "Unerwünscht. Bitte löschen.",
    "Merci de me supprimer de vos contacts",
    "Je vous demande de ne plus m'écrire",
    "Por favor no escriban más",
    "Quítenme de la lista por favor",
    "No deseo recibir publicidad",
    "Non mi scriva più, grazie",
    "Cancellami dalla mailing list",
    "Não me contactem mais",
    "Retire meu email",
    "Graag mijn gegevens wissen",
    "Geen interesse. Niet meer mailen aub",
    "Proszę mnie skreślić z listy",
    "Nie piszcie do nas",
    "не пишите нам",
    "Удалите нас из списка",
    "Не пишіть нам",
    "Remove kim@acme.example please",
    "Please remove the address kim@acme.example from your list",
    "Please remove the following: kim.lee@acme.example",
)

NOT_STOPS = (
    "I'm interested. Please remove the attachment and send it again.",
    "Can I opt out of the annual plan and pay monthly? Then I'm in.",
    "Bitte senden Sie mir keine PDF-Datei, sondern einen Link. Ich habe Interesse.",
    "Хватит ли у вас лицензий на 50 человек? Пришлите цены.",
    "Please remove the setup fee and we have a deal.",
    "Does your tool add an unsubscribe link? I am interested.",
    "Our customers opt out too often. Can you help? Let's talk.",
    "Please delete the old quote, the new one looks good.",
    "Don't send me the contract yet, call me first.",
    "Do you stop sending when somebody replies? Sounds great.",
    "We stopped using our old tool. Tell me more.",
    "Please take the price off the list and send pricing for 50 seats.",
    "Stop by our booth on Tuesday, let's meet.",
    "I want to stop writing quotes by hand, tell me more.",
    "Our emails are blocked by Gmail - can you help? I'm interested.",
    "Please cancel my earlier meeting, Thursday works for me.",
    "I blocked you a slot on Tuesday at 10.",
    "Don't contact my boss, contact me. We are interested.",
    "Don't worry about the delay. Sounds good!",
    "No more questions from my side, please send an offer.",
    "Wie funktioniert das Abmelden der Empfänger bei Ihnen? Klingt interessant.",
    "Bitte entfernen Sie die Anlage und senden Sie sie erneut, ich habe Interesse.",
    "Bitte löschen Sie meinen alten Termin, Dienstag passt besser.",
    "Kann man den Vertrag jederzeit kündigen? Klingt gut, rufen Sie mich an.",
    "Comment gérez-vous la désinscription ? Cela m'intéresse.",
    "Pouvez-vous retirer la clause 3 ? Sinon ça m'intéresse.",
    "Nous envoyons plus de mails que prévu. Votre offre m'intéresse.",
    "¿Cómo gestionan la baja de clientes? Me interesa.",
    "Mi interessa: come funziona la disiscrizione?",
    "Tenho interesse. Como funciona o descadastro?",
    "Hoe werkt het afmelden? Ik ben geïnteresseerd.",
    "Jestem zainteresowany. Jak działa wypisanie z listy?",
    "Мне интересно. Как у вас работает отписка?",
    "Мені цікаво. Як працює відписка з розсилки?",
    "Your first mail was blocked by our filter. We are interested.",
    "We never subscribed to a service like this before, sounds good!",
    "I'm interested but please don't call me before Monday.",
    "Please take me off cc and add my colleague, we are interested.",
    "Our list is 50,000 long. Can you remove duplicates from the list? Sounds interesting.",
    "Please don't contact me before September, then let's talk.",
    "Comment arrêtez-vous de facturer ? Appelez-moi.",
    "Please don't contact us by phone, email is fine. Send us a quote",
    "Could you please stop the trial and move us to the paid plan?",
    "We want to stop emailing invoices by hand. Sounds great!",
    "I did not sign up for the demo yet, can I still? I'm interested",
    "Do not send the offer to Peter, send it to me.",
    "No need to write again, I got your mail. Let's talk Monday.",
    "Your competitor spams us. You sound better, tell me more.",
    "I never write back this fast, but yes please!",
    "Ich will nicht mehr warten, schicken Sie mir das Angebot!",
    "Bitte keine Telefonate, lieber per Mail. Klingt gut.",
    "Je ne veux plus attendre, envoyez-moi votre devis.",
    "Ya no quiero esperar más, me interesa.",
    "Non voglio più aspettare, mi interessa.",
    "Больше не могу ждать, пришлите предложение!",
)

BANNERS = (
    "CAUTION: This email originated from outside the organization. Report as spam if suspicious.",
    "If you no longer wish to receive marketing emails from us, unsubscribe here: https://acme.example/u",
    "Please stop and think before printing.",
    "If you are not the intended recipient, please delete it and do not send any copies.",
    "Wenn Sie keine weiteren E-Mails erhalten möchten, klicken Sie hier: abmelden",
    "Si vous ne souhaitez plus recevoir nos mails, cliquez ici pour vous désabonner.",
    "Se ricevuto per errore si prega di procedere alla cancellazione.",
    "Если вы получили это письмо по ошибке, удалите его.",
)

OUTLOOK_HEADERS = (
    ("From", "Sent", "To", "Subject"),
    ("Von", "Gesendet", "An", "Betreff"),
    ("De", "Enviado", "Para", "Asunto"),
    ("От", "Отправлено", "Кому", "Тема"),
)


def mail(
    body: bytes, *, content_type: str | None = "text/plain; charset=utf-8", subject: str = "Re: A question"
) -> bytes:
    declared = f"Content-Type: {content_type}\n" if content_type else ""
    return (
        f"From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: {subject}\nMIME-Version: 1.0\n{declared}"
        "Content-Transfer-Encoding: 8bit\nIn-Reply-To: <step1.42@outreach.example>\n\n"
    ).encode() + body


def intent_of_mail(body: bytes, **headers: str | None) -> tuple[Intent | None, bool]:
    found = classify(mail(body, **headers), received_at=NOW)
    assert found.kind is MailKind.REPLY
    return found.intent, found.intent_is_sure


@pytest.mark.parametrize("text", STOPS)
def test_a_request_to_stop_is_sure(text):
    judged = intent_of(text=text, subject="Re: A question")
    assert (judged.intent, judged.is_sure) == (Intent.STOP, True)


@pytest.mark.parametrize("text", NOT_STOPS)
def test_a_stop_word_in_a_friendly_answer_opts_nobody_out(text):
    assert intent_of(text=text, subject="Re: A question").intent is not Intent.STOP


@pytest.mark.parametrize(
    "text",
    [
        "I'm interested. How does your tool handle unsubscribe requests?",
        "Bitte senden Sie mir keine PDF-Datei. Ich habe Interesse.",
        "Мне интересно. Как у вас работает отписка?",
    ],
)
def test_a_stop_word_beside_a_wish_to_go_on_is_for_a_person(text):
    judged = intent_of(text=text, subject="Re: A question")
    assert (judged.intent, judged.is_sure) == (Intent.INTERESTED, False)


@pytest.mark.parametrize("banner", BANNERS)
def test_a_gateways_banner_is_nobodys_wish(banner):
    assert intent_of(text=f"[{banner}]\n\nYes, I am interested.", subject="Re: A question").intent is Intent.INTERESTED


@pytest.mark.parametrize(
    "text",
    [
        "Hi Ann,\n\nStop.\n\nBen",
        "Hello,\nSTOP\nBen",
        "Dear Sir,\n\nunsub\n",
        f"{LONG}\n\nPlease remove me from your list.",
        f"{LONG}{LONG}\nPlease remove me from your list.\n\nBest regards\nKim",
        "Not for us.\n\nBest regards\nKim\n\nPS: please remove me from your mailing list",
        "Not for us.\n\nMit freundlichen Grüßen\nKim\n\nP.S. Bitte keine weiteren Mails.",
        "-- \nKim\n\nPlease unsubscribe me",
        "Sent from my iPhone\n\nPlease unsubscribe me",
        "Thanks\n\nSent from my iPhone\n\nPlease unsubscribe me",
        "Get Outlook for iOS\nUnsubscribe me",
        "Sent from my iPhone\n" * 1900 + "Unsubscribe me",
        "If you do not want to hear from my lawyer, remove me from your list.",
    ],
)
def test_where_a_request_may_stand(text):
    assert intent_of_mail(text.encode()) == (Intent.STOP, True)


@pytest.mark.parametrize("subject", ["Unsubscribe me please", "Bitte abmelden", "Remove from list", "Re: unsubscribe"])
def test_a_subject_asks_where_there_are_no_words(subject):
    assert intent_of_mail(b"", subject=subject) == (Intent.STOP, True)
    assert intent_of_mail(b"Sent from my iPhone\n", subject=subject) == (Intent.STOP, True)


@pytest.mark.parametrize("subject", ["Re: Stop losing leads", "Re: Unsubscribe rates of your lists"])
def test_our_own_subject_asks_for_nothing(subject):
    assert intent_of_mail(b"", subject=subject)[0] is not Intent.STOP


@pytest.mark.parametrize(
    "body,content_type",
    [
        (unicodedata.normalize("NFD", "Veuillez me désinscrire").encode(), "text/plain; charset=utf-8"),
        ("Отпишите меня из рассылки".encode("cp1251"), None),
        ("Отпишите меня из рассылки".encode("koi8-r"), None),
        ("Отпишите меня из рассылки".encode("cp1251"), "text/plain; charset=utf-8"),
        ("Bitte löschen Sie meine Daten".encode("latin-1"), None),
    ],
)
def test_a_request_in_letters_that_are_not_declared(body, content_type):
    assert intent_of_mail(body, content_type=content_type) == (Intent.STOP, True)


@pytest.mark.parametrize("names", OUTLOOK_HEADERS)
@pytest.mark.parametrize("before", ['<div id="appendonsend"></div><hr>', "<hr>", ""])
def test_all_below_outlooks_header_is_the_quote(names, before):
    lines = "<br>".join(f"<b>{name}:</b> 2 March 2026" for name in names)
    body = (
        f'<html><body><div>Yes, I am interested.</div>{before}<div id="divRplyFwdMsg" dir="ltr"><font>{lines}</font><div>&nbsp;</div></div>'
        "<div><div>Hello Kim</div></div><p>Please tell us, or <a href='https://link.example/u'>unsubscribe</a> me</p></body></html>"
    )
    found = classify(mail(body.encode(), content_type="text/html; charset=utf-8"), received_at=NOW)
    assert (found.intent, found.text) == (Intent.INTERESTED, "Yes, I am interested.")


def test_a_signature_below_a_phones_line_is_trimmed():
    assert own_words("Tell me more.\n\nSent from my iPhone\nUnsubscribe Ltd").text == "Tell me more."


def test_a_recalled_mail_wants_nothing():
    text = b'Kim would like to recall the message, "A question".'
    assert intent_of_mail(text, subject="Recall: A question") == (Intent.OTHER, False)
