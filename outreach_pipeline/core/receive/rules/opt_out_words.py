"""Words with which people ask never to be written to again, but which also occur in friendly answers, by language.

They are a request where the answer holds no wish to go on (``GO_ON``); beside one they leave it to a person. What can be
nothing but a request stands in ``opt_outs``. Phrases are written as ``core.receive.phrases`` explains; accents do not matter.
Languages: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian.
"""

from __future__ import annotations

WORDS: tuple[tuple[str, str], ...] = (
    (
        "stop",
        """
            unsubscribe | unsubscribe me | un-subscribe | unsubscribed | unsuscribe | opt out | opt-out | opt me out | optout
            remove me | remove us | remove my | remove this * address | remove * from your * list | remove * from your * database
            remove * from this list | remove * from the list | remove * from all | remove from * list | please remove
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
            do not want any more | don't want to hear from | leave me alone | lose my email | lose this address
            block you | blocking you | blocked you | report you to | reporting you | reported as spam | reported this as spam
            marked you as spam | marked this as spam | marking * as spam | mark you as spam | report this as spam | report as spam | this is spam
            you are spamming | you're spamming | never signed up | did not sign up | didn't sign up
            never subscribed | did not subscribe | didn't subscribe | never consented | did not consent | didn't consent
            did not give * consent | without my consent | withdraw my consent | no consent
            i object to * marketing | right to object | right to erasure | f*ck off | fuck off | fuck you
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
            schicken sie * keine | unterlassen sie | hören sie auf | lassen sie mich in ruhe | lass mich in ruhe
            ich widerspreche | ohne meine einwilligung | ohne einwilligung | keine einwilligung | unerwünschte werbung | unterlassung | abmahnung
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
            de vos listes | de votre base
        """,
    ),
    (
        "stop",
        """
            darme de baja | dar de baja | dame de baja | denme de baja | deme de baja | borrarme | bórrenme | elimíneme
            elimínenme | eliminen mi | elimine mi | elimina mi | eliminar mi | quítenme | quíteme | quitarme | sáquenme | saquenme
            sáqueme | no me contacte* | no me escriba* | no me envíe* | no me envie* | no me mande* | no quiero recibir | dejen de enviar* | dejen de escribir* | deje de enviar* | deje de escribir* | deja de enviar*
            deja de escribir*
            no deseo recibir | no quiero más correo* | no quiero más mail* | no quiero más email* | no quiero más mensaje* | no más correos | no mas correos
            de su lista | de tu lista | cancelar la suscripción | cancelar suscripción | desuscribir* | desuscríb*
            desinscribir | déjenme en paz
        """,
    ),
    (
        "stop",
        """
            disiscriv* | cancellatemi | cancellami | mi cancelli | cancellarmi | cancellazione | cancellate i miei
            rimuovetemi | rimuovimi | mi rimuova | rimuovere il mio | rimuovete il mio | rimuovermi | non contattatemi
            non mi contatti | non mi contattate | non contattarmi | non scrivetemi | non mi scriva | non mi scrivete
            non scrivermi | non inviatemi | non inviarmi | non mi inviate | non mandatemi | non voglio ricevere
            non desidero ricevere | non desidero più ricevere | non desidero più mail | non voglio più mail | non voglio più email | smettetela | smettila | smetta di | smettete di
            basta email | basta mail | dalla vostra lista | dalla lista | dalla mailing list | eliminatemi
        """,
    ),
    (
        "stop",
        """
            descadastr* | cancelar inscrição | cancelar a inscrição | cancelar subscrição | cancelar a subscrição
            remova-me | remover-me | me remova | me remover | removam | remova o meu | remova meu | remover meu | retire-me
            retirem-me | me retire | me retirem | não me contacte | não me contate | não me contactem | não entre em contato
            não entrem em contato | não me envie* | não me escreva* | não quero receber | não desejo receber | não quero mais email* | não quero mais e-mail* | não quero mais mensage*
            não desejo mais receber | não desejo mais email* | pare de | parem de | pare com | da sua lista | da vossa lista | excluir meu*
            exclua meu*
        """,
    ),
    (
        "stop",
        """
            afmelden | uitschrijven | schrijf mij uit | schrijf me uit | uit te schrijven | meld mij af | meld me af
            verwijder mij | verwijder me | verwijder mijn | verwijderen uit | mijn gegevens * verwijder* | van de lijst
            uit uw bestand | uit jullie bestand | uit uw lijst | van uw lijst | mailinglijst | geen e-mails meer
            geen mails meer | geen emails meer | niet meer mailen | niet meer te mailen | niet meer contacteren
            niet meer benaderen | niet meer te benaderen | niet meer contact | neem geen contact | stop met | stuur mij geen
            stuur me geen | stuur geen | laat me met rust | geen berichten meer
        """,
    ),
    (
        "stop",
        """
            wypisać | wypisz mnie | wypiszcie | proszę * wypisanie | wypisanie | usuńcie | usuń mnie | usunąć mnie | proszę * usunięcie
            usunięcie z listy | usunięcie moich danych | usuń mój | usunąć mój | usunąć moje | nie pisz* do mnie | nie pisać do mnie
            nie kontaktować | nie kontaktuj* | proszę nie pisać | proszę nie wysyłać | nie wysyłaj* | nie wysyłać | nie życzę sobie
            nie chcę otrzymywać | nie chcę dostawać | przestań* | przestańcie | rezygnuję z subskrypcji | z listy mailingowej
            dajcie mi spokój | sprzeciw
        """,
    ),
    (
        "stop",
        """
            отпишите | отписаться | отписать | отпиши | отписка | удалите меня | удалите мой | удалите мою | удалите мои
            удалить меня | уберите меня | уберите мой | исключите меня | исключите из рассылки | из рассылки | из списка рассылки
            не пишите | больше не пишите | не пиши | не присылайте | не отправляйте | не беспокойте | не надо писать | не шлите
            прекратите | хватит писать | хватит спам* | хватит слать | хватит присылать | перестаньте | не хочу получать | не желаю получать | не связывайтесь | отстаньте
            відпишіть | відписатися | видаліть мене | видаліть мою | не пишіть | не надсилайте | припиніть | не турбуйте
            не хочу отримувати | не бажаю отримувати | з розсилки | із розсилки
        """,
    ),
    (
        "stop",
        """
            not want your * email* | not want any * email* | not want these * email* | not want more email*
            not want further email* | not want your * mail* | not want any * messages | not want to be contacted
            don't want your * email* | don't want any * email* | don't want these * email* | don't want more email*
            don't want further email* | don't want your * mail* | don't want any * messages | don't want to be contacted
            dont want your * email* | dont want any * email* | dont want to be contacted | not wish to be contacted
            don't wish to be contacted | not like to be contacted | no longer want to receive | no longer want to hear
            not interested in receiving | any further emails | any more emails from | further emails from you
            take * off * list | take * off of your | remove * from your database | remove * mailing list
            off of your * list | refrain from contacting | refrain from sending | refrain from emailing | quit emailing
            quit sending | quit contacting | discontinue sending | discontinue * emails | exclude me | delist me
            keine * mails mehr | keine * e-mails mehr | keine * nachrichten mehr | keinen kontakt mehr
            keinen weiteren kontakt | keine weiteren nachrichten | keine weiteren zusendungen | keine weiteren anfragen
            keine weiteren angebote | nicht mehr kontaktiert | nicht mehr angeschrieben | mich * aus * verteiler
            mich * von der liste | mich * aus der liste | mich * aus der datenbank | löschen * meine * daten
            löschen * meine * adresse | meine * adresse * löschen | meine daten * löschen | mich * zu löschen
            kontaktieren sie mich bitte nicht | keine mails zusenden | keine e-mails zusenden
            ne plus me contacter | ne plus me solliciter | ne plus m'écrire | ne plus m'envoyer | ne me sollicitez plus
            ne me relancez plus | ne * plus me solliciter | ne * plus recevoir | ne * plus vos mails | ne * plus vos emails
            retirer * de votre liste | retirer * de votre base | retirez * de votre liste | retirez * de votre base
            supprimer * de votre liste | supprimer * de votre base | supprimez * de votre liste
            supprimez * de votre base | effacer mes données | effacez mes données
            no me contacte* | no me contactes | no me contactéis | no me escriba* | no me escribas | no me escribáis
            no me envíes | no me envíen | no me envies | no me envien | no me enviéis | no me mande* | no me mandéis
            no quiero * correos | no deseo * correos | no contactar más | no contactarme | no enviar más
            no enviarme más | borr* mis datos | elimin* mis datos | quít* * lista | quit* de * lista | saqu* de * lista
            cancell* il mio indirizzo | cancell* il mio contatto | cancell* il mio nominativo | cancell* i miei dati
            cancell* dalla lista | elimin* il mio indirizzo | elimin* i miei dati | rimuov* il mio indirizzo
            rimuov* dalla lista | toglietemi | mi tolga | togli* il mio indirizzo | non inviate più | non mandate più
            non * ricevere più | non contattare più
            não me contacte* | não me contactem | não me contate* | não me envie* | não me mande* | não envie* mais
            não contacte* mais | apag* meus dados | apag* os meus dados | remov* da sua lista | remov* da vossa lista
            remov* da lista | remov* da sua base | tire-me | tirem-me | me tirem | exclu* meus dados
            geen * mails meer | niet meer * mailen | haal mij * van | haal me * van | van jullie lijst
            uit jullie bestand | verwijder * mijn gegevens | verwijder mijn * adres | mail mij niet | mail me niet
            mail mij * niet meer
            prosze o usuniecie | proszę o usunięcie | o usunięcie mojego | usunąć * z listy | usunąć * z bazy
            usunac * z listy | usunac * z bazy | prosze nie pisac | prosze nie wysylac | nie chcę * maili
            nie chcę * wiadomości | nie chce * maili | nie chce otrzymywac | prosze mnie wypisac | wypisac
            prosze o usunięcie
            удалите * адрес | удалите * почту | удалите * контакт* | удалите * базы | уберите * базы | исключите * базы
            не надо * писем | писем не надо | больше не надо | перестать писать | не звоните
            видаліть * адресу | видаліть * бази | більше не пишіть
        """,
    ),
)
"""Words of requests; found anywhere in a person's own words."""

MORE_WORDS: tuple[tuple[str, str], ...] = (
    (
        "stop",
        """
            unsub | unsubs | unsubc* | unsubsc* | unsubr* | unsubi* | unsusc* | unsbscr* | unscubscr* | un-subscr* | no more follow* | any further contact | suppression list
            no more mailings | bitte löschen | mailverteiler | kein weiterer kontakt | désinscri* | désabonn* | ne m'envoyez plus | la baja | dar de baja | cancellazione | cancelar a subscrição
            wünsche keine | wünschen keine | bitte entfernen | das ist spam | i object to | ik wens geen | mir nie wieder | plus de mails svp | plus de mails, merci | plus de mails merci | plus de mails s'il | ne * plus d'emails | ne * plus de relance* | do not follow up | don't follow up | blocking you | bitte abmelden | usunięcie z listy | usunięcie z bazy | не беспокоить | nie przysyła* | stop these messages | m'oppose à | we do not accept cold | on your blacklist | basta messaggi | never reach out | nie wyrażam zgody
            wypisz | usuń | usunięcie | отписк* | рассылк* | відписк* | розсилк* | mailinglijst
        """,
    ),
)
"""Further such words."""

GO_ON: tuple[tuple[str, str], ...] = (
    (
        "meeting",
        """
            when is the call | let's talk | lets talk | let's meet | let's speak | let's chat | let's schedule | call me | when can we | can we talk | can we meet | works better | works for me
            book a demo | schedule a call | schedule a meeting | set up a call | talk on monday | talk on tuesday | talk on wednesday | talk on thursday | talk on friday | attend the demo
            termin passt | dienstag passt | passt besser | passt mir | rufen sie mich * an | ruf mich an | lass uns am | lassen sie uns am | lassen sie uns telefonieren | lassen sie uns sprechen | können wir telefonieren
            appelez-moi | appelez moi | rappelez-moi | fixons un | convenons d'un | llámame | llámeme | podemos hablar | hablemos | mi chiami | chiamami | sentiamoci | possiamo sentirci
            me ligue | ligue-me | podemos falar | podemos conversar | bel me | bel mij | kunnen we bellen | zadzwoń | proszę o telefon | porozmawiajmy
            давайте созвонимся | давайте обсудим | давайте поговорим | позвоните мне | давайте встретимся | зателефонуйте мені | поговорімо | зідзвонимося
        """,
    ),
    (
        "interested",
        """
            i'm interested | i am interested | we're interested | we are interested | am very interested | are very interested | interested! | then i'm in | then i am in | i'm in! | i'd be in | count me in | sounds good | sounds great
            sounds interesting | looks good | looks great | looks interesting | interesting! | interesting. | very interesting | tell me more | tell us more | want to know more | like to know more | love to hear more | would love to hear | would love to see | would love to try | would love to talk | would love to meet | love to know more | love to see | love to learn
            want to buy | like to buy | like to order | want to order | ready to buy | we have a deal | votre offre m'intéresse | looking forward to your offer | looking forward to hearing | looking forward to talking | looking forward to meeting | looking forward to it | looking forward to our | yes please | yes, please | yes! | please send me * price* | please send me * pricing | please send me more | please send us more
            please send more | please send pricing | please send prices | please send a quote | please send a demo | please send a proposal | please send an offer | please send the offer | please send the details | please send over | send it again | send me a link | send me a quote | send me a demo | send me a sample | send me a proposal | send me an offer | send me the offer | send me the details | send me details | send me your offer | send me more info*
            send us a quote | send us an offer | send us a proposal | send us your offer | send us the details | send me the pricing | send me pricing | send me your pricing | send me prices | send the pricing | send the prices | send the brochure | send a brochure | send me the brochure | send a quote | send the quote | add delivery | keep sending! | please keep sending | so keep sending | be interested. | interested. | we'd be interested | i'd be interested | add me to your mailing | add me to your newsletter | put me on your mailing | send me a contract | send me the contract | send pricing | send prices | send a demo | send an offer | how much is | how much does | how much would | what does it cost | what would it cost | what is the price | count us in
            like the idea | we do want | want the offer | still want | want the demo | like yours | move to you | we would buy | we will buy | we'll buy | then we buy | i would like a | we would like a | i'd like a | we'd like a | need a quote | add me instead | and add me
            kaufen wir | wir kaufen | bestellen wir | bestelle ich | wir bestellen | ich bestelle | nehmen wir es | habe interesse | haben interesse | hätte interesse | bin interessiert | sind interessiert | klingt gut | klingt interessant | klingt spannend | klingt super | sieht gut aus | gern mehr | gerne mehr | mehr wissen | mehr erfahren | mehr informationen bitte | ja, gern* | ja gern*
            gern! | gerne! | sehr gern* | freue mich auf | freuen uns auf | senden sie mir * angebot | schicken sie mir * angebot | schicken sie mir * preise | senden sie mir * preise | sondern einen link | was kostet
            bien recevoir plus | en plus recevoir | nous signons | passer chez vous | cela m'intéresse | ça m'intéresse | m'intéresse beaucoup | nous intéresse beaucoup | suis intéressé* | sommes intéressés | en savoir plus | envoyez-moi * tarifs | envoyez-moi votre | envoyez-moi une | envoyez-moi un | avec plaisir | volontiers | combien ça coûte | combien coûte
            pasar a ustedes | pasarnos a ustedes | me paso con ustedes | probar el suyo | probar su | me interesa | nos interesa | estoy interesad* | estamos interesad* | envíeme * precio* | envíame * precio* | envíeme la | envíame la | cuánto cuesta | suena bien | quiero saber más | con gusto
            passare a voi | sì, desidero essere contattat* | sì, voglio essere contattat* | mi interessa | ci interessa | sono interessat* | siamo interessat* | interessante! | quanto costa | quanto costano | mi mandi * preventivo | maggiori informazioni | volentieri
            tenho interesse | temos interesse | estou interessad* | estamos interessad* | quanto custa | envie-me a | envie-me o | saber mais | com prazer | parece bom
            ben geïnteresseerd | zijn geïnteresseerd | heb interesse | hebben interesse | graag meer | meer weten | klinkt goed | klinkt interessant | wat kost
            mnie interesuje | nas interesuje | jestem zainteresowan* | jesteśmy zainteresowani | chętnie | proszę o ofertę | proszę przesłać ofertę | ile kosztuje | brzmi dobrze | brzmi ciekawie
            мне интересно | нам интересно | интересно, пришлите | интересно! | пришлите цен* | пришлите предложение | пришлите прайс | пришлите подробн* | сколько стоит | заинтересованы | заинтересован в | расскажите подробнее
            мені цікаво | нам цікаво | цікаво, надішліть | цікаво! | надішліть цін* | надішліть пропозицію | скільки коштує | зацікавлені | розкажіть докладніше | розкажіть детальніше
        """,
    ),
)  # fmt: skip
"""Clear wishes to go on: beside one of ``WORDS`` nobody is sure what is wanted."""

TURNED: frozenset[str] = frozenset(
    {
        "not", "no", "never", "nor", "if", "when", "nicht", "kein", "keine", "keinen", "nie", "wenn", "falls", "pas", "ne", "si", "non", "se",
        "nao", "niet", "geen", "als", "jesli", "не", "если", "ні", "якщо",
    }
)  # fmt: skip
"""Words that, just before such a wish, take it back; without accents."""
