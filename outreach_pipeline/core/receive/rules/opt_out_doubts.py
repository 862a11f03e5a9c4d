"""What makes a request to stop doubtful, and words so near to one that a person has to look, by language.

A request beside one of the doubts, or a mere hint, holds the address until a person decides; nobody is lost for good by it and
nobody is written to against a wish. Phrases are written as ``core.receive.phrases`` explains; accents do not matter. Languages:
English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

HINTS: tuple[tuple[str, str], ...] = (
    (
        "stop",
        """
            keep emailing | keep e-mailing | keep mailing | keep writing to me | keep writing me | keep contacting | keep sending me | keep sending us | want any of this | don't want this | do not want this | don't want that | enough already | enough! | wipe my | wipe our | purge my | not use my | don't use my | stop using my | email again | contact again
            stop | stopp | unsub* | un-sub* | opt out | opt-out | opting out | opted out | optout | remove | removed | removal | delist* | delete | deleted | deletion | erase* | erasure | spam* | cease | desist
            no more | never again | never call | never write | never contact | call me never | email me never | write me never | contact me never | enough of | fed up | go away | harass* | leave me | do not disturb | don't disturb
            not receive | not to receive | never receive | not be contacted | not be emailed | not get these | not get any more | without receiving | rather not | no follow ups | no follow-ups | no followups | no further mail* | no further email* | no further message* | no further contact
            don't write | do not write | don't contact | do not contact | don't email | do not email | don't mail | do not mail | don't message | do not message | don't call | do not call | don't send me | do not send me | don't send us | do not send us | not contact me | not email me | not write to me
            not on your list | not on your mailing | off your list | off the list | off this list | from your list | unwanted mail* | unwanted email* | mailing list | unsolicited | forget me | forget my | forget us | i want out | let me out | want out of | block me | my consent | our consent | my personal data
            no permission | have permission to | do not have permission | blacklist me | discontinue | refrain | off limits | do-not-contact | do not contact list | dnc | take me out | take us out | hear from you again | hear from you ever | data you have on me | data you hold on me | lose my | waste of my time
        """,
    ),
    (
        "stop",
        """
            stoppen | stoppt | stoppe | aufhören | hören sie * auf | hört * auf | austragen | abmeld* | abbestell* | löschen | löscht | löschung | lösche | entfernen | entfernt | entfernung | streichen | streicht | verteiler | verteilerliste | spam* | belästig* | widersprech* | widerspreche | widerruf* | unterlass* | unerwünscht* | ungebeten*
            nehmt uns * raus | nehmt mich * raus | nehmen sie uns * raus | raus aus | lassen sie das | lass das | lasst das | lassen sie es | nicht mehr bekommen | nicht mehr erhalten | nicht mehr haben | bitte nicht mehr | will das nicht
            in ruhe | verbitte* | verbitten | nie wieder | nie mehr | verschon* | nie zugestimmt | abstand nehmen | sehen sie * ab | absehen | genug davon | keine mails | keine e-mails | keine emails | keine nachrichten | keine werbung | keine anfragen | keine zusendung* | newsletter kündigen | kündige ich den newsletter | kündige den newsletter
            nicht mehr * schreiben | nicht mehr * senden | nicht mehr * schicken | nicht mehr * kontakt* | nicht mehr * mail* | nicht mehr * anrufen | keine weitere* mail* | keine weitere* e-mail* | keine weitere* nachricht* | keine weitere* anfrage*
        """,
    ),
    (
        "stop",
        """
            stop | stopper | stoppez | arrêter | arrêtez | arrêtons | cessez | cesser | désinscri* | désabonn* | supprimer | supprimez | suppression | retirer | retirez | retrait | effacer | effacez | effacement | enlever | enlevez | rayer | rayez | radier | radiez | radiation | spam* | indésirable*
            ne plus | dérangez | entendre parler de vous | plus de mail* | plus d'email* | plus de message* | plus de relance* | ne m'écrivez | ne m'envoyez | ne me contactez | ne nous contactez | ne nous écrivez | sans relance | harcel* | liste de diffusion | jamais plus | plus jamais | laissez-moi | laissez-nous | fichez
        """,
    ),
    (
        "stop",
        """
            de baja | la baja | mi baja | borrar | borre | borren | borrad | bórrame | eliminar | elimine | eliminen | elimina | eliminación | quitar | quiten | quítame | retirar | retire | retiren | suprimir | supresión | desuscri* | no más * correo* | no más * mensaje* | no más * mail* | no más * email* | dejar de * enviar* | dejen de | deje de | deja de
            basta | no me molest* | no nos molest* | saber nada más | spam* | no contact* | no me contact* | no nos contact* | no escrib* | no me escrib* | no nos escrib* | no enví* | no me enví* | no nos enví* | no mand* | no me mand* | no quiero recibir | no deseo recibir | no recibir | nunca más | paren de | parar de | déjenme | déjeme | acoso
        """,
    ),
    (
        "stop",
        """
            cancellare | cancellate | cancelli | cancellazione | cancellami | rimuovere | rimuovete | rimuova | rimozione | eliminare | eliminate | elimini | togliere | togliete | tolga | toglietemi | disiscri* | basta | smettere | smettete | smetta | smettila | smettetela | revoc* | spam* | consenso
            non disturb* | non mi disturb* | non contatt* | non mi contatt* | non ci contatt* | non scriv* | non mi scriv* | non ci scriv* | non invia* | non mi invia* | non mandate | non mandatemi | non mi mand* | non voglio ricevere | non desidero ricevere | non ricevere | mai più | lista di distribuzione
        """,
    ),
    (
        "stop",
        """
            remover | remova | removam | remoção | retirar | retire | retirem | excluir | exclua | excluam | exclusão | apagar | apague | apaguem | descadastr* | eliminar | elimine | eliminem | me tire | me tirem | tirem | parem | pare de | parar de | chega de | chega! | spam* | consentimento
            não me incomod* | não me importun* | tire meu | tirem meu | não contat* | não me contat* | não nos contat* | não contact* | não me contact* | não envie* | não me envie* | não escreva* | não me escreva* | não mand* | não me mand* | não quero receber | não desejo receber | não receber | nunca mais | sair da lista | cancelar a inscrição
        """,
    ),
    (
        "stop",
        """
            houd op | hou op | ophouden | hou hiermee op | afmeld* | uitschrij* | schrijf me uit | schrijf mij uit | verwijder* | stop | stopt | stoppen | stuur * niet* meer | niet meer * mail* | niet meer * stur* | niet meer * contact* | niet meer * schrijv* | niet meer * bellen | geen * mail* meer | geen * bericht* meer | geen mails | geen e-mails | mailinglijst | ongewenst* | nooit meer | met rust | toestemming | avg-verzoek
        """,
    ),
    (
        "stop",
        """
            nieprzesyłanie | niewysyłanie | nie przesyłać | nie przesyłaj* | wypis* | usunąć | usuń | usuńcie | usunięc* | wykreśl* | skreśl* | przestań* | przestać | spam* | sprzeciw* | nie pisać | nie piszcie | nie pisz | nie * kontaktować | nie kontaktuj* | nie wysył* | nie przysył* | nie dzwon* | nie * otrzymywać | nie * dostawać | nigdy więcej | nie życz* | rezygnuj*
        """,
    ),
    (
        "stop",
        """
            не надо мне | мне не надо | не надо * слать | не надо * писать | не нужны ваши | отпи* | удалите | удалить | удали | удалени* | уберите | убрать | убери | исключите | исключить | прекрат* | перестан* | хватит | стоп | спам* | не пиши* | не писать | не присыла* | не отправля* | не беспокойте | не беспокоить | не звони* | не шлите | не слать | не нужно * пис* | не надо * пис* | не хочу получать | рассылк* | никогда больше | отстан*
            не треба мені | мені не треба | не треба * писати | не треба * надсилати | годі | відпи* | видаліть | видалити | видаленн* | приберіть | прибрати | виключіть | виключити | припин* | перестан* | не пиші* | не пиши* | не писати | не надсил* | не турбуйте | не турбувати | не дзвон* | не телефон* | розсилк* | ніколи більше
        """,
    ),
)
"""Words near to a request: no request by themselves, and in a person's own words reason enough that a person looks."""

NO_WISH: tuple[tuple[str, str], ...] = (
    (
        "turned after",
        "tell me more about how you * | tell me more about where you * | yes, please: off | yes please: off | sounds good, off | call me never | call me back never | rufen sie mich nie* an | appelez-moi jamais | let's talk never | works for me without",
    ),
)
"""What begins like a wish to go on and is none."""

NEGATED: tuple[tuple[str, str], ...] = (
    (
        "doubt",
        """
            hate to | hate being | would hate | nobody should | no one should | nobody must | don't remove | do not remove | don't delete | do not delete | don't unsub* | do not unsub* | don't take me off | do not take me off | don't take us off | never remove | not want to be removed | not be removed | don't opt | do not opt | didn't ask you to stop | never asked you to stop | did not ask you to stop | not asking you to stop
            keep sending | keep me on | keep us on | keep writing | keep them coming | no need to remove | not to remove | rather stay | stay on your list | by mistake | by accident | accidentally
            nicht löschen | nicht entfernen | nicht austragen | nicht abmelden | nicht streichen | niemand * verteiler | versehentlich | aus versehen | ne me supprimez pas | ne pas me supprimer | ne me désinscrivez pas | ne pas me désinscrire | par erreur | no me borre* | no me elimine* | no me dé* de baja | por error
            non cancellatemi | non rimuovetemi | non mi cancelli | per errore | não me remova* | não me tire* | por engano | niet verwijderen | niet uitschrijven | per ongeluk | nie usuwać | nie usuwajcie | nie wypisujcie | przez pomyłkę | не удаляйте | не отписывайте | не исключайте | по ошибке | не видаляйте | не відписуйте | помилково
        """,
    ),
)
"""Signs that the opposite is wished."""

OTHER_OBJECTS: tuple[tuple[str, str], ...] = (
    (
        "doubt",
        """
            price list* | pricelist | item | items | position | list of features | feature list | from your quote | from the quote | from the offer | from your offer | from the proposal | from the agenda | from the invoice | from the contract | annual contract | annual plan | yearly contract | the contract | our contract | subscription fee | paper mail | postal mail | by post | snail mail | brochures by
            pdf | pdfs | a deck | the deck | presentation | powerpoint | invite | invitation | a link | catalogue | catalog | sample | samples | attachment* | slide | slides | clause | paragraph | invoice | invoices | the order | our order | the fee | duplicate* | footnote | logo | the trial | our current | our old | phone calls | by phone | by telephone | sms | text messages | whatsapp | voicemail* | on mute | off mute | webinar | the webinar
            posten | preisliste | aus dem angebot | aus ihrem angebot | vom angebot | anhang | anlage | rechnung | rechnungen | vertrag | jahresvertrag | klausel | absatz | folie | per post | papierpost | briefpost | telefonisch | keine anrufe mehr | testzugang | bisherige | bestellung
            liste de prix | du devis | de votre devis | de l'offre | pièce jointe | facture | factures | contrat | la clause | par courrier | par téléphone | appels téléphoniques | ligne
            lista de precios | del presupuesto | de la oferta | adjunto | factura | facturas | contrato | cláusula | por correo postal | por teléfono | nuestro software | nuestro actual | nuestra cuenta actual | partida
            listino | dal preventivo | dall'offerta | allegato | fattura | fatture | contratto | clausola | posta cartacea | per telefono | voce
            lista de preços | do orçamento | da proposta | anexo | fatura | faturas | cláusula | correio postal | por telefone | nosso software
            prijslijst | uit de offerte | bijlage | factuur | facturen | contract | clausule | per post | telefonisch | regel
            cennik* | z oferty | załącznik* | faktur* | umow* | pozycj* | pocztą tradycyjną | telefonicznie
            прайс | из предложения | вложени* | счет | счета | договор* | позици* | по телефону | бумажн* | прайс-лист | з пропозиції | вкладенн* | рахунок | рахунки | договір* | позиці* | телефоном | паперов*
        """,
    ),
)
"""Things other than writing that a person may want removed, stopped or not sent."""

VAGUE: frozenset[str] = frozenset(
    {
        "don't send me", "do not send me", "dont send me", "don't send any", "do not send any", "stop this", "stop these", "stop it", "stop all", "stop with", "just stop", "i object to", "senden sie * keine", "schicken sie * keine", "hören sie auf", "unterlassen sie", "keine einwilligung",
        "bitte entfernen", "bitte * löschen sie", "loeschen sie", "löschen sie meine", "daten * löschen", "cessez de", "arrêtez de", "arretez de", "arrêtez", "arretez", "stopper vos", "dar de baja", "la baja", "no me envíe*", "no me envie*", "no me mande*", "quitarme", "non inviatemi", "non mandatemi", "smetta di", "smettete di",
        "pare de", "parem de", "pare com", "não me envie*", "não me mande*", "stop met", "stuur mij geen", "stuur me geen", "stuur geen", "nie wysyłaj*", "nie wysyłać", "przestań*", "przestańcie", "не присылайте", "не отправляйте", "прекратите", "перестаньте", "не надо писать", "больше не надо", "не надсилайте", "припиніть",
    }
)  # fmt: skip
"""Of ``opt_out_words`` those that leave open what is not to be sent, stopped or removed."""

WRITING: tuple[tuple[str, str], ...] = (
    (
        "writing",
        """
            mail* | email* | e-mail* | message* | newsletter* | writing | write | contact* | anything | nothing | list | verteiler | nachricht* | schreiben | anschreib* | kontakt* | zusendung* | werbung | adresse | daten | courriel* | écri* | base | fichier | correo* | mensaje* | escrib* | boletín | lista | scriv* | messagg* | pubblicità
            mensage* | escrev* | contat* | bericht* | schrijv* | reclame | wiadomo* | pis* | kontakt* | reklam* | письм* | писа* | сообщени* | рассылк* | спам* | спамить | слать | лист* | розсилк* | повідомлен* | spam*
        """,
    ),
)
"""Words for writing to somebody."""

FEATURES: tuple[tuple[str, str], ...] = (
    (
        "doubt",
        """
            does your | do your | can your | will your | is your | your tool | your product | your software | do you offer | do you have | do you support | do you handle | how do you | how does | how are | is there a way | is there an | is there a | are there | is it possible to | our customers | our clients | our recipients | our users | our subscribers | our leads | link in the mails | for our
            ihr tool | ihr produkt | ihre software | ihr system | ihre lösung | bieten sie | gibt es | haben sie eine | wie funktioniert | wie gehen sie | unsere kunden | unserer kunden | unsere empfänger
            votre outil | votre produit | votre logiciel | votre solution | proposez-vous | y a-t-il | avez-vous | comment gérez | comment fonctionne | nos clients | nos destinataires
            su herramienta | su producto | su software | su sistema | ofrecen | tienen ustedes | cómo gestionan | cómo funciona | nuestros clientes | probar el suyo
            il vostro strumento | il vostro prodotto | il vostro software | offrite | come gestite | come funziona | i nostri clienti
            sua ferramenta | seu produto | seu software | oferecem | como funciona | como gerem | nossos clientes
            uw tool | jullie tool | uw product | bieden jullie | biedt u | hoe werkt | onze klanten
            wasze narzędzie | państwa narzędzie | wasz produkt | czy oferujecie | jak działa | nasi klienci | naszych klientów
            ваш инструмент | ваш продукт | ваша система | вашей системе | как работает | как у вас | наши клиенты | наших клиентов | ваш інструмент | ваша система | як працює | наші клієнти | наших клієнтів
        """,
    ),
)
"""Questions and talk about what a product does."""

OTHER_PEOPLE: frozenset[str] = frozenset(
    {
        "he", "she", "him", "her", "his", "mr", "mrs", "ms", "colleague", "colleagues", "boss", "predecessor", "herr", "herrn", "frau", "kollege", "kollegen", "kollegin", "chef", "monsieur", "madame", "collegue", "senor", "senora", "companero", "companera", "signor",
        "signora", "collega", "senhor", "senhora", "colega", "meneer", "mevrouw", "pana", "pani", "kolege", "kolezanke", "коллегу", "коллега", "колегу", "колега", "господина", "пана",
    }
)  # fmt: skip
"""Words for others, folded: without a word of the writer's own in the same sentence, the request is about them."""

OF_US: frozenset[str] = frozenset(
    {"us", "our", "we", "uns", "unser", "unsere", "wir", "nous", "notre", "nos", "nuestro", "ci", "noi", "nostro", "nosso", "ons", "onze", "nas", "nasz", "нас", "нам", "наш"}
)  # fmt: skip
"""Words of those who speak for a firm, folded."""
