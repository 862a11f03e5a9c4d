"""What people write who answer an outreach mail, by what they want and by language.

Phrases are written as ``core.receive.phrases`` explains. Languages: English, German, French, Spanish, Italian, Portuguese,
Dutch, Polish, Russian, Ukrainian. Requests to stop lie apart, in ``opt_outs``; everything else may stay unsure.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

INTENTS: tuple[tuple[str, str], ...] = (
    (
        "wrong_person",
        """
            wrong person | wrong address | wrong email | wrong contact | not the right person | not the right contact
            not the correct person | not the best person | not the person | not my area | not my department | not my role
            not responsible for | i'm not in charge | i am not in charge | i don't handle | i do not handle | i don't deal with
            i do not deal with | don't work there | no longer work there | no longer work at | i don't work for | not involved in
            no longer in that role | wrong department | you have the wrong | you've got the wrong
            falsche person | falscher ansprechpartner | nicht der richtige | nicht die richtige | nicht zuständig | nicht zustaendig
            falsche adresse | nicht verantwortlich | bin ich nicht der | nicht mein bereich
            mauvaise personne | pas la bonne personne | pas le bon interlocuteur | pas la personne | pas responsable
            pas en charge | ne suis pas concerné | pas mon domaine | mauvaise adresse
            persona equivocada | no soy la persona | no soy el responsable | no soy la responsable | no es mi área
            no me encargo | no llevo ese tema | correo equivocado
            persona sbagliata | non sono la persona | non me ne occupo | non sono io | non è di mia competenza | indirizzo sbagliato
            pessoa errada | não sou a pessoa | não sou o responsável | não sou a responsável | não é a minha área | não trato disso
            verkeerde persoon | niet de juiste persoon | niet de juiste contactpersoon | niet verantwoordelijk
            ga ik niet over | verkeerde adres
            niewłaściwa osoba | nie jestem właściwą osobą | nie zajmuję się | nie ja się tym | nie odpowiadam za | pomyłka
            не тот человек | не по адресу | вы ошиблись | не занимаюсь | не отвечаю за | не ко мне | не моя зона
            не та людина | ви помилилися | не за адресою | не відповідаю за
        """,
    ),
    (
        "referral",
        """
            please contact * instead | please reach out to | you should contact | you should speak to | you should talk to
            you should reach out | best person to | better person | right person is | right person to | the person to speak
            the person you want | speak to my colleague | ask my colleague | contact my colleague | talk to my colleague | my colleague * will
            my colleague * handles | my colleague * is responsible | is the right person | is the right contact | is in charge of
            is responsible for this | handles this | takes care of this | i'm forwarding | i am forwarding | i have forwarded
            i've forwarded | forwarded your | forwarding your | passed this on | passed it on | passing this on | looping in
            looped in | cc'ing | cc'd | copying in | copied in | i've cc'd | adding * to this | i'm copying | i am copying
            get in touch with
            wenden sie sich an | wenden sie sich bitte an | ansprechpartner ist | zuständig ist | kontaktieren sie bitte
            leite * weiter | weitergeleitet | mein kollege | meine kollegin | in cc | in kopie
            adressez-vous à | contactez plutôt | veuillez contacter | je transfère | je transmets | j'ai transmis | mon collègue
            ma collègue | en copie | la bonne personne est
            contacte con | póngase en contacto con | ponte en contacto con | hable con | habla con | mi compañer* | reenvío
            reenviado | en copia
            contatti * collega | si rivolga | rivolgersi a | il mio collega | la mia collega | inoltro | ho inoltrato | in copia
            fale com | contacte o | contacte a | entre em contato com | meu colega | minha colega | encaminhei | encaminho
            em cópia
            neem contact op met | mijn collega | doorgestuurd | stuur het door | stuur ik door | in de cc
            proszę o kontakt z | proszę skontaktować się z | proszę kontaktować się z | mój kolega | moja koleżanka | przekazuję
            przekazałem | przekazałam | przesyłam dalej | w kopii
            обратитесь к | свяжитесь с | напишите * коллег* | мой коллега | моя коллега | переслал | переслала | перешлю
            передал | передала | в копии | ответственный за
            зверніться до | зв'яжіться з | мій колега | моя колега | переслав | у копії
        """,
    ),
    (
        "not_interested",
        """
            zero need | zero interest | not interested | interested? no | interest? none | interested? not | no interest | not really interested | isn't of interest | is not of interest | not of interest
            not for us | not for me | not something we | not something i | not a fit | not a good fit | not a match
            not relevant | no need | don't need | do not need | no thanks | no thank you | no, thanks | no, thank you
            thanks, but no | thanks but no | thank you but no | we'll pass | we will pass | i'll pass | i will pass | pass on this
            hard pass | we're all set | we are all set | i'm all set | all set here | we're good | we are good | i'm good, thanks
            happy with our | happy with * current | already have a | already use | already using | already work with
            already working with | already covered | we're covered | have a solution | we have * in place | have * in-house
            not looking for | not looking to | not in the market | no budget | don't have budget | no plans | decline
            respectfully decline | not considering | won't be | we are not | doesn't apply to us | have no use | no requirement
            kein interesse | kein bedarf | keinen bedarf | nicht interessiert | uninteressant | nicht interessant | nicht relevant
            für uns nicht | nein danke | nein, danke | danke, nein | brauchen wir nicht | benötigen wir nicht | haben bereits
            sind bereits | sind versorgt | bereits versorgt | kein budget | passt nicht | absage
            pas intéressé* | pas interesse* | pas d'intérêt | non merci | non, merci | pas besoin | aucun besoin | pas de besoin
            ne nous intéresse pas | ne m'intéresse pas | pas concernés | déjà équipé* | avons déjà | pas de budget
            pas à l'ordre du jour | ne correspond pas | sans suite
            no me interesa | no nos interesa | no estoy interesad* | no estamos interesad* | no gracias | no, gracias
            no necesitamos | no necesito | ya tenemos | ya contamos | ya trabajamos | sin interés | no hay interés
            no tenemos presupuesto | no es para nosotros
            non sono interessat* | non siamo interessat* | non interessa | non ci interessa | non mi interessa | no grazie
            no, grazie | non abbiamo bisogno | non ne abbiamo bisogno | abbiamo già | siamo già | nessun interesse
            não tenho interesse | não temos interesse | sem interesse | não estou interessad* | não estamos interessad*
            não interessa | não nos interessa | não, obrigad* | não obrigad* | não precisamos | não preciso | já temos
            já trabalhamos
            geen interesse | niet geïnteresseerd | niet geinteresseerd | geen behoefte | nee bedankt | nee, bedankt
            nee dank | niet nodig | hebben al | geen budget | niet relevant | geen belangstelling
            nie jestem zainteresowan* | nie jesteśmy zainteresowani | brak zainteresowania | nie interesuje | nie, dziękuję
            nie dziękuję | dziękuję, nie | nie potrzebujemy | nie potrzebuję | nie mamy potrzeby | mamy już | już mamy
            nie skorzystam* | nie skorzystamy
            не интересно | неинтересно | не интересует | не интересуют | не заинтересован* | нет, спасибо | спасибо, не
            спасибо, нет | не нужно | не требуется | не актуально | неактуально | не надо | нет необходимости | нет потребности
            уже есть | откажусь | откажемся | отказываемся
            не цікаво | не цікавить | не зацікавлен* | ні, дякую | не потрібно | не актуально | вже є
        """,
    ),
    (
        "later",
        """
            not right now | not now | not at the moment | not at this time | not at this moment | not at this stage | not this time
            not this year | not this quarter | maybe later | perhaps later | later this year | later in the year | next year
            next quarter | next month | in a few months | in a few weeks | in a couple of months | in * months | in * weeks
            try me again | try again in | check back | check in again | circle back | reach out again | get back to me in
            contact me again | contact us again | write to me again | write to us again | write me again | email me again | e-mail me again | mail me again | come back to me | come back to us | follow up in | follow up next
            touch base | revisit | too busy right now | busy at the moment | bad timing | timing isn't | timing is not
            not the right time | when the time is right | keep you in mind | keep * on file | after the summer | after the holidays
            zurzeit nicht | zur zeit nicht | derzeit nicht | derzeit kein* | momentan nicht | momentan kein* | im moment nicht
            aktuell nicht | aktuell kein* | später | nächstes jahr | nächsten monat | nächstes quartal | in * monaten | in * wochen
            melden sie sich * wieder | melden sie sich * noch einmal | melden sie sich * nochmal | melden sie sich * erneut
            schreiben sie mir * wieder | schreiben sie mir * nochmal | schreiben sie mir * noch einmal | melden sie sich im | im frühjahr | im sommer noch | im herbst | im winter noch | nochmal melden | erneut melden | zu einem späteren zeitpunkt | noch nicht
            pas maintenant | pas pour le moment | pas pour l'instant | plus tard | l'année prochaine | le mois prochain
            réécrivez | contactez-moi à nouveau | écrivez-moi à nouveau | dans quelques mois | dans * mois | dans * semaines | recontactez | recontacter | revenez vers | à la rentrée
            en ce moment
            ahora no | por ahora no | de momento no | en este momento no | más adelante | más tarde | el próximo año
            el año que viene | próximo mes | próximo trimestre | dentro de * meses | en unos meses | vuelva a contactar
            vuelve a escribir* | contácteme de nuevo | contácteme en | contáctenos * en | escríbame en | escríbeme en | después del verano
            non ora | non adesso | al momento no | per ora no | per il momento | più avanti | più tardi | l'anno prossimo
            scrivetemi di nuovo | mi scriva di nuovo | contattatemi di nuovo | mi contatti di nuovo | il mese prossimo | prossimo trimestre | tra qualche mese | fra * mesi | tra * mesi | ricontatt*
            agora não | de momento não | no momento não | neste momento não | mais tarde | mais para a frente | próximo ano
            ano que vem | próximo mês | daqui a * meses | em alguns meses | volte a contactar | volte a falar | volte a escrever
            escreva-me novamente | me escreva novamente | me escreva de novo | fale comigo em | depois das férias | depois do verão
            nu niet | op dit moment niet | momenteel niet | momenteel geen | voorlopig niet | later dit jaar | volgend jaar
            schrijf me nog | schrijf me * opnieuw | mail me nog | volgende maand | volgend kwartaal | over * maanden | over een paar | neem later | nog eens contact
            opnieuw contact | later nog | na de zomer | na de vakantie
            nie teraz | nie w tej chwili | obecnie nie | na razie nie | później | w przyszłym roku | w przyszłym miesiącu
            napisać ponownie | napisz ponownie | za kilka miesięcy | za * miesiące | za * miesięcy | proszę wrócić | w późniejszym terminie
            odezwać się | proszę odezwać | po wakacjach | za jakiś czas
            не сейчас | пока не | пока нет | позже | попозже | в следующем году | в следующем месяце | через * месяц*
            через пару | через * недел* | вернемся к | вернёмся к | напишите * ещё раз | напишите * еще раз | напишите позже | напишите мне через | напишите осенью
            напишите весной | после праздников | после отпуска
            не зараз | зараз ні | поки не | пізніше | наступного року | наступного місяця | через * місяц*
            напишіть * ще раз | напишіть мені восени | напишіть мені навесні | напишіть пізніше | через * тижн* | після свят | після відпустки
        """,
    ),
    (
        "meeting",
        """
            schedule a call | schedule a meeting | schedule a time | schedule something | set up a call | set up a meeting
            set up a time | book a call | book a meeting | book a time | book a slot | book a demo | arrange a call | arrange a meeting
            hop on a call | jump on a call | quick call | have a call | have a chat | let's meet | lets meet | let's talk
            lets talk | let's chat | let's speak | let's schedule | let's set up | let's do a call | let's have a call | call me
            give me a call | give me a ring | my calendar | calendly | calendar invite | send an invite | send me an invite
            send over an invite | send a meeting invite | invite for | are you available | are you free | i'm available
            i am available | i'm free on | i am free on | i'm free | i am free | works for me | work for you | would work for
            what time works | when can we | when are you | can we talk | can we meet | can we speak | could we talk
            could we meet | happy to talk | happy to chat | happy to meet | happy to jump | happy to hop | open to a call
            meet next | talk next week | speak next week | tomorrow at | monday at | tuesday at | wednesday at | thursday at
            friday at | on zoom | teams call | zoom call | meet up | 15 minutes | 30 minutes | coffee
            termin | telefonieren | telefonat | rufen sie mich an | ruf mich an | anruf | besprechen | gespräch | meeting
            treffen | videocall | kennenlernen | passt mir | hätte zeit | habe zeit
            rendez-vous | rdv | se voir | on se voit | nous voir | vous voir | un appel | m'appeler | appelez-moi | appelez moi | rappeler | se rencontrer | visio | échanger
            créneau | disponible le | disponible pour
            reunión | reunirnos | una llamada | llámame | llámeme | agendar | agenda una | videollamada | hablamos | podemos hablar
            quedamos | cuándo podemos
            appuntamento | una chiamata | mi chiami | chiamami | sentirci | incontrarci | incontro | una call | videochiamata
            sentiamoci | fissare un
            reunião | reunir | uma chamada | me ligue | ligue-me | ligar | agendar | marcar uma | videochamada | conversar
            afspraak | bellen | bel me | bel mij | gesprek | kennismaken | afspreken | inplannen | plannen
            spotkanie | spotkać | spotkajmy | rozmow* telefoniczn* | zadzwoń | proszę o telefon | proszę zadzwonić | umówić
            umówmy | porozmawia*
            встреча | встретиться | встретимся | созвонимся | созвониться | созвон | позвоните | звонок | переговорить
            давайте поговорим | назначить
            зустріч | можемо поговорити | зустрінемося | зідзвонимося | зідзвонитися | зідзвон* | созвон* | зателефонуйте | подзвоніть | дзвінок | поговоримо
        """,
    ),
    (
        "interested",
        """
            interested | i'm interested | very interesting | sounds interesting | sounds good | sounds great | looks interesting
            looks good | looks great | this is interesting | of interest | tell me more | know more | learn more | hear more
            find out more | more information | more info | more details | further information | send me * details
            send me * info* | send over | send us | please send | can you send | could you send | share more | share * details
            share a | share some | how much | what does it cost | what would * cost | pricing | price list | price | a quote
            quotation | brochure | a demo | free trial | case study | case studies | yes please | yes, please | yes - | sure
            love to | keen to | happy to hear | happy to learn | let's do it | count me in | go ahead
            great timing | good timing | please proceed | how does it work | how does this work
            like the idea | still want the | want the demo | want the offer
            kaufen wir | wir kaufen | interessiert | interessant | klingt gut | klingt interessant | klingt spannend | spannend | gerne mehr | mehr erfahren
            mehr informationen | weitere informationen | mehr infos | weitere infos | infos | unterlagen | was kostet | preise
            preis | angebot | ja, gerne | ja gerne | sehr gerne | gerne | senden sie mir | schicken sie mir | ja bitte
            bien recevoir plus | en plus recevoir | intéressé* | intéressant* | m'intéresse | nous intéresse | en savoir plus | plus d'informations | plus d'infos
            plus de détails | combien | tarif* | devis | brochure | plaquette | oui | avec plaisir | volontiers | envoyez-moi
            pourquoi pas
            me interesa | nos interesa | interesad* | interesante | saber más | más información | más detalles | cuánto cuesta
            precio* | presupuesto | tarifas | envíeme | envíame | suena bien | con gusto | claro
            desidero essere contattat* | voglio essere contattat* | vogliamo essere contattat* | sono interessat* | siamo interessat* | mi interessa | ci interessa | interessante | saperne di più | più informazioni
            maggiori informazioni | maggiori dettagli | quanto costa | prezz* | preventivo | mi mandi | volentieri | certo
            tenho interesse | temos interesse | interessad* | interessante | saber mais | mais informações | mais detalhes
            quanto custa | preço* | orçamento | envie-me | me envie | parece bom | com prazer | claro
            geïnteresseerd | interessant | meer weten | meer informatie | meer info | wat kost | prijs* | offerte | klinkt goed
            klinkt interessant | ja graag | ja, graag | heel graag | graag! | stuur me | stuur mij | ja hoor
            zainteresowan* | interesujące | interesuje | brzmi dobrze | brzmi ciekawie | więcej informacji | więcej szczegółów
            ile kosztuje | cena | ceny | cennik | ofert* | proszę przesłać | proszę o przesłanie | chętnie
            интересно | интересует | заинтересован* | подробнее | больше информации | пришлите | отправьте | сколько стоит | цена
            цены | прайс | стоимость | предложение | расскажите | давайте | хорошо
            цікаво | цікавить | зацікавлен* | детальніше | більше інформації | надішліть | скільки коштує | ціна | вартість
        """,
    ),
)
"""Everything else, by rank: what contradicts stands before what it contradicts ("not interested" holds "interested")."""

NO_WISH: tuple[tuple[str, str], ...] = (
    (
        "asks",
        """
            nicht uninteressant | not uninteresting | make sure | making sure | be sure | i'm sure | for sure | not happy with | n't happy with | not so happy with | not very happy with | no longer happy with
            interested to know where | interested to know how you got | interested to know who gave | interested to learn where | interested in where you got | interested in how you got | like to know where you got | like to know how you got | want to know where you got
            interessiert, woher | interessieren, woher | wissen, woher sie | savoir où vous avez | savoir comment vous avez eu | saber de dónde | saber dónde consigui* | sapere dove ha* | saber onde consegui* | weten hoe u aan | weten waar u | wiedzieć, skąd | узнать, откуда | дізнатися, звідки
        """,
    ),
)
"""Questions after the source of an address: the words of interest in them wish for nothing."""

NEGATIONS: tuple[str, ...] = (
    "not ",
    "no ",
    "nicht ",
    "kein",
    "pas ",
    "non ",
    "não ",
    "niet ",
    "geen ",
    "nie ",
    "не ",
    "ні ",
)
"""What, just before an interested word, turns it round; where a word begins."""

ALONE: dict[str, str] = {
    **dict.fromkeys(
        (
            "graag",
            "i'd love to",
            "yes",
            "yep",
            "sure",
            "ok",
            "okay",
            "ja",
            "oui",
            "sí",
            "si",
            "sì",
            "sim",
            "tak",
            "да",
            "так",
        ),
        "interested",
    ),
    **dict.fromkeys(("no", "nope", "nein", "non", "não", "nao", "nee", "nie", "нет", "ні"), "not_interested"),
}
"""Whole answers, normalised, whose meaning depends on the question: never sure."""
