"""What people write who answer an outreach mail, by what they want and by language.

Phrases are written as ``core.receive.phrases`` explains. Languages: English, German, French, Spanish, Italian, Portuguese,
Dutch, Polish, Russian, Ukrainian. A stop request has to be found even where it is short and rude; everything else may
stay unsure.
"""

from __future__ import annotations

STOP: tuple[tuple[str, str], ...] = (
    (
        "stop",
        """
            unsubscribe | unsubscribe me | un-subscribe | unsubscribed | unsuscribe | opt out | opt-out | opt me out | optout
            remove me | remove us | remove my | remove this * address | remove * from your * list | remove * from your * database
            remove * from this list | remove * from the list | remove * from all | remove from list | please remove
            take me off | take us off | take my * off | delete my * data | delete my details | delete my email | delete me from
            delete my information | delete all my | erase my data | stop emailing | stop e-mailing | stop mailing | stop sending
            stop contacting | stop writing | stop messaging | stop spamming | stop harassing | stop bothering | stop this
            stop these | stop it | please stop | just stop | stop all | stop with | make it stop | cease and desist | cease all
            cease contact | do not contact | don't contact | dont contact | do not email | don't email | dont email
            do not e-mail | don't e-mail | do not mail | don't mail | do not write | don't write to me | do not send me
            don't send me | dont send me | do not send any | don't send any | do not message | never contact | never email
            never write | never mail | not contact me again | not email me again | not to be contacted | no more emails
            no more e-mails | no more mails | no more mail | no further emails | no further contact | no further communication*
            no longer wish to receive | do not wish to receive | don't wish to receive | don't want to receive
            do not want to receive | don't want your emails | do not want your emails | don't want any more
            do not want any more | don't want to hear from | leave me alone | lose my email | lose this address | lose my number
            block you | blocking you | blocked you | report you | reporting you | reported as spam | reported this as spam
            marked as spam | marking * as spam | mark you as spam | report this as spam | report as spam | this is spam
            you are spamming | you're spamming | spammer | spammers | never signed up | did not sign up | didn't sign up
            never subscribed | did not subscribe | didn't subscribe | never consented | did not consent | didn't consent
            did not give * consent | without my consent | withdraw my consent | no consent | gdpr request | gdpr
            i object to * marketing | right to object | right to erasure | f*ck off | fuck off | fuck you | get lost | go away
            piss off | bugger off | off your list | off this list | off the list | off your mailing
        """,
    ),
    (
        "stop",
        """
            abmelden | abbestellen | austragen | abmeldung | bitte * austragen | bitte * löschen sie | löschen sie mich
            löschen sie meine | loeschen sie | meine daten löschen | meine daten zu löschen | daten * löschen
            aus ihrem verteiler | aus dem verteiler | vom verteiler | von ihrer liste | aus ihrer liste | aus der liste
            keine weiteren e-mails | keine weiteren mails | keine weiteren emails | keine e-mails mehr | keine mails mehr
            keine emails mehr | keine werbung | keine weitere werbung | nicht mehr anschreiben | nicht mehr kontaktieren
            nicht mehr an mich | nicht weiter kontaktieren | nicht weiter anschreiben | kontaktieren sie * nicht mehr
            kontaktieren sie mich nicht | schreiben sie * nicht mehr | schreiben sie mir nicht | senden sie * keine
            schicken sie * keine | unterlassen sie | hören sie auf | hör auf | lassen sie mich in ruhe | lass mich in ruhe
            ich widerspreche | widerspruch | einwilligung | dsgvo | spam | unerwünschte werbung | unterlassung | abmahnung
            nehmen sie mich * aus | streichen sie mich
        """,
    ),
    (
        "stop",
        """
            désabonner | désabonnez | désabonnement | desabonner | desabonnez | désinscrire | désinscrivez | désinscription
            desinscrire | desinscription | desinscrivez | me désinscrire | me retirer de | retirez-moi | retirez moi
            retirer mon adresse | retirer mon mail | supprimez-moi | supprimer mes données | supprimez mes | supprimer mon adresse
            supprimez mon adresse | ne plus me contacter | ne me contactez plus | ne plus m'écrire | ne m'écrivez plus
            ne plus m'envoyer | ne m'envoyez plus | ne plus recevoir | ne souhaite plus recevoir | ne veux plus recevoir
            cessez de | arrêtez de | arretez de | arrêtez | arretez | stopper vos | laissez-moi tranquille | de votre liste
            de vos listes | de votre base | rgpd | je m'oppose
        """,
    ),
    (
        "stop",
        """
            darme de baja | dar de baja | dame de baja | denme de baja | deme de baja | baja | borrarme | bórrenme | elimíneme
            elimínenme | eliminen mi | elimine mi | elimina mi | eliminar mi | quítenme | quíteme | quitarme | sáquenme | saquenme
            sáqueme | no me contacte* | no me escriba* | no me envíe* | no me envie* | no me mande* | no quiero recibir
            no deseo recibir | no quiero más | no quiero mas | no más correos | no mas correos | dejen de | deje de | deja de
            de su lista | de tu lista | de la lista | cancelar la suscripción | cancelar suscripción | desuscribir* | desuscríb*
            desinscribir | rgpd | ley de protección de datos | déjenme en paz
        """,
    ),
    (
        "stop",
        """
            disiscriv* | cancellatemi | cancellami | mi cancelli | cancellarmi | cancellazione | cancellate i miei
            rimuovetemi | rimuovimi | mi rimuova | rimuovere il mio | rimuovete il mio | rimuovermi | non contattatemi
            non mi contatti | non mi contattate | non contattarmi | non scrivetemi | non mi scriva | non mi scrivete
            non scrivermi | non inviatemi | non inviarmi | non mi inviate | non mandatemi | non voglio ricevere
            non desidero ricevere | non desidero più | non voglio più | smettetela | smettila | smetta di | smettete di
            basta email | basta mail | dalla vostra lista | dalla lista | dalla mailing list | eliminatemi
        """,
    ),
    (
        "stop",
        """
            descadastr* | cancelar inscrição | cancelar a inscrição | cancelar subscrição | cancelar a subscrição
            remova-me | remover-me | me remova | me remover | removam | remova o meu | remova meu | remover meu | retire-me
            retirem-me | me retire | me retirem | não me contacte | não me contate | não me contactem | não entre em contato
            não entrem em contato | não me envie* | não me escreva* | não quero receber | não desejo receber | não quero mais
            não desejo mais | pare de | parem de | pare com | da sua lista | da vossa lista | da lista | lgpd | excluir meu*
            exclua meu*
        """,
    ),
    (
        "stop",
        """
            afmelden | uitschrijven | schrijf mij uit | schrijf me uit | uit te schrijven | meld mij af | meld me af
            verwijder mij | verwijder me | verwijder mijn | verwijderen uit | mijn gegevens * verwijder* | van de lijst
            uit uw bestand | uit jullie bestand | uit uw lijst | van uw lijst | mailinglijst | geen e-mails meer
            geen mails meer | geen mail meer | geen emails meer | niet meer mailen | niet meer te mailen | niet meer contacteren
            niet meer benaderen | niet meer te benaderen | niet meer contact | neem geen contact | stop met | stuur mij geen
            stuur me geen | stuur geen | laat me met rust | geen berichten meer | avg
        """,
    ),
    (
        "stop",
        """
            wypisać | wypisz mnie | wypiszcie | proszę * wypisanie | wypisanie | usuńcie | usuń mnie | usunąć mnie | proszę * usunięcie
            usunięcie z listy | usunięcie moich danych | usuń mój | usunąć mój | usunąć moje | nie pisz* do mnie | nie pisać do mnie
            nie kontaktować | nie kontaktuj* | proszę nie pisać | proszę nie wysyłać | nie wysyłaj* | nie wysyłać | nie życzę sobie
            nie chcę otrzymywać | nie chcę dostawać | przestań* | przestańcie | rezygnuję z subskrypcji | z listy mailingowej
            rodo | dajcie mi spokój | sprzeciw
        """,
    ),
    (
        "stop",
        """
            отпишите | отписаться | отписать | отпиши | отписка | удалите меня | удалите мой | удалите мою | удалите мои
            удалить меня | уберите меня | уберите мой | исключите меня | исключите из рассылки | из рассылки | из списка рассылки
            не пишите | больше не пишите | не пиши | не присылайте | не отправляйте | не беспокойте | не надо писать | не шлите
            прекратите | хватит | перестаньте | не хочу получать | не желаю получать | не связывайтесь | спам | отстаньте
            відпишіть | відписатися | видаліть мене | видаліть мою | не пишіть | не надсилайте | припиніть | не турбуйте
            не хочу отримувати | не бажаю отримувати | з розсилки | із розсилки
        """,
    ),
)
"""Requests never to be written to again; found anywhere in a person's own words."""

STOP_ALONE: frozenset[str] = frozenset(
    """
    stop|stop!|stop.|stopp|arret|arrêt|basta|baja|stop please|stop pls|no more|enough|remove|removed|off|quit|cancel|end
    unsub|out|delete|entfernen|löschen|abmelden|genug|stop mail|stop mails|stop emails|стоп|хватит|не надо|stop it
    """.replace("\n", "|").split("|")
)
"""Whole answers, normalised, that mean stop."""

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
            the person you want | speak to my colleague | contact my colleague | talk to my colleague | my colleague * will
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
            reenviado | en copia | la persona indicada
            contatti * collega | si rivolga | rivolgersi a | il mio collega | la mia collega | inoltro | ho inoltrato | in copia
            la persona giusta
            fale com | contacte o | contacte a | entre em contato com | meu colega | minha colega | encaminhei | encaminho
            em cópia | a pessoa certa
            neem contact op met | mijn collega | doorgestuurd | stuur het door | stuur ik door | in de cc | de juiste persoon is
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
            not interested | no interest | not really interested | isn't of interest | is not of interest | not of interest
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
            contact me again in | contact us again in | come back to me | come back to us | follow up in | follow up next
            touch base | revisit | too busy right now | busy at the moment | bad timing | timing isn't | timing is not
            not the right time | when the time is right | keep you in mind | keep * on file | after the summer | after the holidays
            zurzeit nicht | zur zeit nicht | derzeit nicht | derzeit kein* | momentan nicht | momentan kein* | im moment nicht
            aktuell nicht | aktuell kein* | später | nächstes jahr | nächsten monat | nächstes quartal | in * monaten | in * wochen
            melden sie sich * wieder | nochmal melden | erneut melden | zu einem späteren zeitpunkt | noch nicht
            pas maintenant | pas pour le moment | pas pour l'instant | plus tard | l'année prochaine | le mois prochain
            dans quelques mois | dans * mois | dans * semaines | recontactez | recontacter | revenez vers | à la rentrée
            en ce moment
            ahora no | por ahora no | de momento no | en este momento no | más adelante | más tarde | el próximo año
            el año que viene | próximo mes | próximo trimestre | dentro de * meses | en unos meses | vuelva a contactar
            vuelve a escribir*
            non ora | non adesso | al momento no | per ora no | per il momento | più avanti | più tardi | l'anno prossimo
            il mese prossimo | prossimo trimestre | tra qualche mese | fra * mesi | tra * mesi | ricontatt*
            agora não | de momento não | no momento não | neste momento não | mais tarde | mais para a frente | próximo ano
            ano que vem | próximo mês | daqui a * meses | em alguns meses | volte a contactar
            nu niet | op dit moment niet | momenteel niet | momenteel geen | voorlopig niet | later dit jaar | volgend jaar
            volgende maand | volgend kwartaal | over * maanden | over een paar | neem later
            nie teraz | nie w tej chwili | obecnie nie | na razie nie | później | w przyszłym roku | w przyszłym miesiącu
            za kilka miesięcy | za * miesiące | za * miesięcy | proszę wrócić | w późniejszym terminie
            не сейчас | пока не | пока нет | позже | попозже | в следующем году | в следующем месяце | через * месяц*
            через пару | через * недел* | вернемся к | вернёмся к | напишите позже
            не зараз | поки не | пізніше | наступного року | наступного місяця | через * місяц*
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
            rendez-vous | rdv | un appel | m'appeler | appelez-moi | appelez moi | rappeler | se rencontrer | visio | échanger
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
            зустріч | зустрінемося | зателефонуйте | подзвоніть | дзвінок | поговоримо
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
            love to | keen to | happy to hear | happy to learn | would like to | i'd like | let's do it | count me in | go ahead
            great timing | good timing | please proceed | how does it work | how does this work
            interessiert | interessant | klingt gut | klingt interessant | klingt spannend | spannend | gerne mehr | mehr erfahren
            mehr informationen | weitere informationen | mehr infos | weitere infos | infos | unterlagen | was kostet | preise
            preis | angebot | ja, gerne | ja gerne | sehr gerne | gerne | senden sie mir | schicken sie mir | ja bitte
            intéressé* | intéressant* | m'intéresse | nous intéresse | en savoir plus | plus d'informations | plus d'infos
            plus de détails | combien | tarif* | devis | brochure | plaquette | oui | avec plaisir | volontiers | envoyez-moi
            pourquoi pas
            me interesa | nos interesa | interesad* | interesante | saber más | más información | más detalles | cuánto cuesta
            precio* | presupuesto | tarifas | envíeme | envíame | suena bien | con gusto | claro
            sono interessat* | siamo interessat* | mi interessa | ci interessa | interessante | saperne di più | più informazioni
            maggiori informazioni | maggiori dettagli | quanto costa | prezz* | preventivo | mi mandi | volentieri | certo
            tenho interesse | temos interesse | interessad* | interessante | saber mais | mais informações | mais detalhes
            quanto custa | preço* | orçamento | envie-me | me envie | parece bom | com prazer | claro
            geïnteresseerd | interessant | meer weten | meer informatie | meer info | wat kost | prijs* | offerte | klinkt goed
            klinkt interessant | graag | stuur me | stuur mij | ja hoor
            zainteresowan* | interesujące | interesuje | brzmi dobrze | brzmi ciekawie | więcej informacji | więcej szczegółów
            ile kosztuje | cena | ceny | cennik | ofert* | proszę przesłać | proszę o przesłanie | chętnie
            интересно | интересует | заинтересован* | подробнее | больше информации | пришлите | отправьте | сколько стоит | цена
            цены | прайс | стоимость | предложение | расскажите | давайте | хорошо
            цікаво | цікавить | зацікавлен* | детальніше | більше інформації | надішліть | скільки коштує | ціна | вартість
        """,
    ),
)
"""Everything else, by rank: what contradicts stands before what it contradicts ("not interested" holds "interested")."""

NOT_STOP: tuple[tuple[str, str], ...] = (
    (
        "not stop",
        """
            can't stop | cannot stop | couldn't stop | non-stop | nonstop | don't stop | never stop | won't stop | stop by
            one-stop | one stop shop | stopped by | unsubscribe link works | bus stop
        """,
    ),
)
"""Phrases that hold a stop word and ask for nothing."""

NEGATIONS: tuple[str, ...] = ("not ", "no ", "n't ", "nicht ", "kein", "pas ", "non ", "não ", "niet ", "geen ", "nie ", "не ", "ні ")
"""What, just before an interested word, turns it round."""
