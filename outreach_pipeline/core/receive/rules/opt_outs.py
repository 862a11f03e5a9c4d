"""How people ask never to be written to again, by language, in words that mean nothing else.

Each phrase says what is to stop or to be removed: me, us, my address, writing, mails, a list. It decides alone, whatever else
the answer says. Words that a friendly answer may hold too ("unsubscribe", "opt out") stand in ``opt_out_words``. Phrases are
written as ``core.receive.phrases`` explains; accents do not matter. Languages: English, German, French, Spanish, Italian,
Portuguese, Dutch, Polish, Russian, Ukrainian.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

REQUESTS: tuple[tuple[str, str], ...] = (
    (
        "stop",
        """
            remove me | take me off | unsub* me | unsub* us | please unsub* | pls unsub* | unsubscribe my | unsubscribe our | u n s u b s c r i b e | unsusc* me
            opt me out | opt us out | opt-me-out | opt my * out | wish to opt out | want to opt out
            like to opt out | remove me from your | remove me from this | remove me from the * list | remove me from any
            remove me from all | please remove me | remove us from | please remove us
            remove my name | remove my email | remove my e-mail | remove my mail | remove my address | remove my contact
            remove my details | remove our address | remove our email | remove our company | remove this address | remove this email
            remove * from your list | remove * from your mailing | remove * from your database | remove * from your contact*
            removed from your * list | removed from your contact* | removed from your database | be removed from this * list | remove from your * list
            take me off your | take us off your | take me off this | take me off the * list | take us off the * list | take our * off your | take me out of your
            take us out of your | taken off your | delist me | delete me from | please delete me | delete us from | delete my contact
            delete my email | delete my e-mail | delete my address | delete my details | delete my information | delete all my data | erase all * data
            my data erased | my data deleted | my data removed | my details deleted | my details removed | erase my data | strike my details | strike me from | strike us from
            scrub me from | exclude me from | exclude us from | leave me out of your | leave us out of your | drop me from | drop us from
            put me on your suppression | add me to your suppression | put * on your suppression list | add * to your suppression list | put * on your do not contact | add * to your do not contact | put * on your do-not-contact | add * to your do-not-contact
            stop emailing me | stop e-mailing me | stop mailing me | stop writing me | stop writing to me
            stop contacting me | stop contacting us | stop emailing us | stop mailing us | stop messaging me | stop spamming me | stop spamming us
            stop bothering | stop harassing | stop pestering | stop sending me | stop sending us | stop sending these | stop sending your
            stop sending emails | stop sending mails | stop these mails | stop these emails | stop these e-mails | stop your mails
            stop your emails | asked you to stop | told you to stop | ask you to stop | quit emailing | quit spamming | do not send me any further | don't send me any further | do not send us any further | don't send us any further | quit mailing | quit writing | quit contacting
            refrain from contacting | refrain from sending | refrain from emailing | refrain from writing
            cease all contact | cease contact | cease emailing | cease writing | cease mailing | cease and desist
            never * write me again | not * write me again | don't * write me again | never * write to me again | not * write to me again | don't * write to me again | never * write to us again | not * write to us again | don't * write to us again | never * contact me again | not * contact me again | don't * contact me again | never * contact us again | not * contact us again | don't * contact us again | never * email me again | not * email me again | don't * email me again | never * e-mail me again | not * e-mail me again | don't * e-mail me again | never * mail me again | not * mail me again | don't * mail me again
            don't write again | do not write again | don't mail again | do not mail again | don't email again | do not email again
            don't contact again | do not contact again | never write to this address again | not write to this address again | don't write to this address again | not write to us any* | don't write to us any* | never write again | never contact me | never email me | never mail me | never write me | never write to me
            never contact us | don't ever email | don't ever write | don't ever contact | don't ever mail | don't reach out again
            do not reach out again | don't reach out to me | do not reach out to me | please don't reach out
            please do not reach out | not follow up again | don't message me | do not message me
            don't contact me any* | do not contact me any* | don't email me any* | do not email me any* | don't write me any* | don't write to me any*
            do not write to me any* | don't mail me any* | do not mail me any* | don't send me any more | do not send me any more
            don't send me anything | do not send me anything | don't send any more | do not send any more | don't send me emails | don't send me mail*
            do not send me emails | do not send me mail* | send me no more | send us no more | not to be contacted | not to be emailed | not to be mailed | not to contact me | not to email me
            not to write to me | appreciate * not writing to me | appreciate * not emailing me | appreciate * not being emailed | appreciate * not contacting me | appreciate * not mailing me
            don't want to be contacted | do not want to be contacted
            do not wish to be contacted | don't wish to be contacted | no longer want to be contacted | no longer wish to be contacted
            i no longer wish to receive | i no longer want to receive | we no longer wish to receive | i do not wish to receive | i don't wish to receive
            i don't want to receive | i do not want to receive | i don't want your * mail* | i do not want your * mail* | i don't want your * email* | i don't want these
            i do not want these | i don't want any more mail* | i don't want any more email* | i don't want any more message* | i don't want to hear from you
            i do not want to hear from you | rather not get these | rather not receive | rather not hear | withdraw from your * mail*
            withdraw from your * email* | withdraw my consent | right to object | right to erasure | right to be forgotten
            no more emails please | no more mails please | please no more * mail* | please no more * email* | please no more message* | please no more follow*
            no more follow-ups | no further message* please | please no further * mail* | please no further message* | please no further contact
            please no further email* | leave me alone | leave us alone | never want to hear from you | never want to hear from you again | block my address | block my email | block our address | never want any * mail* | lose my address | lose my email | lose my contact
            lose this address | you are blocked | you are now blocked | you're blocked | i blocked you
            this is harassment | report this to the ico | report you to the | complain to the ico | never opted in | i never subscribed
            delete our data | delete our details | delete our address | delete all data you | delete any data | never * bother me again | not * bother me again | don't * bother me again | never * bother us again | not * bother us again | don't * bother us again | not have my consent | don't have my consent | never had my consent | no consent to email | withdraw consent | please unlist
            no more of these mail* | no more of these email* | no more of these message* | no more of these please | no more of your * mail* | get me out of your | want out of your list | off your mailing | off your list | not contact me any* | not contact us any* | not email me any* | not write to me any* | prefer not to receive | prefer not to get | rather you didn't | take this address off | request to be removed
            asked to be removed | want to be removed | like to be removed | wish to be removed | asked to be taken off | don't write me | do not write me | mark me as do not contact | no spam please | remove *@* | delete *@* | unsubscribe *@* | remove the following | never again please | please never again | i want off | want off this | want off your | get me off your | get me off this | get me off the * list | fuck off | piss off | bugger off
            don't accept cold
            don't send me these | do not send me these | don't send us these | make sure i'm not on | make sure that i'm not on | make sure i am not on | make sure that i am not on | make sure we are not on | ask that you not contact | ask that you not email | ask that you not write | ask you not to contact | ask you not to email | ask you not to write | request that you not contact | asked you not to contact
            erasure of my | erasure of our | deletion of my | deletion of our | removal of my | removal from your * list | revoking my consent | revoke my consent | revoke consent | withdrawing my consent | you do not have permission to email | you do not have permission to contact | you do not have permission to write | you don't have permission to email | you don't have permission to contact | you have no permission to
            take my address out | take our address out | take my email out | take my name out | take my * out of your | strike my name | strike our name | strike my address | rm me from | forget my address | forget my email | block me from your | request to be forgotten | ask to be forgotten | your emails are unwanted | your mails are unwanted | your emails are not wanted | your messages are unwanted
        """,
    ),
    (
        "stop",
        """
            nichts mehr von ihnen hören | von ihnen nichts mehr hören | schicken sie mir bitte nichts mehr | nehmt mich * raus | nehmen sie mich * raus | nehmen sie mich * von | nehmt mich * von
            hören sie bitte auf * schreiben | hören sie bitte auf * senden | nicht mehr belästigt | nehmen sie mich * aus | nehmen sie uns * aus | nehmt mich * aus | streichen sie mich | streichen sie uns | streichen sie meine | mich * aus * verteiler
            uns * aus * verteiler | mich * von * liste | uns * von * liste | mich * aus * liste | mich * aus * datenbank | mich * austragen | tragen sie mich * aus
            tragen sie uns * aus | löschen sie mich | löschen sie uns | löschen sie meine | löschen sie * meine * daten | löschen sie * meine * adresse
            löscht meine | lösche meine | lösch meine | löscht mich | adresse löschen | meine daten löschen | meine daten zu löschen | meine * adresse * löschen
            meine * daten * löschen | daten bitte löschen | mich * zu löschen | löschung meiner | löschung unserer | entfernen sie mich
            entfernen sie uns | entfernen sie meine | entfernen sie * meine * adresse | meine * adresse * entfernen | entfernt mich
            loeschen sie mich | loeschen sie meine | loeschung meiner | melden sie mich * ab | mich abmelden | mich bitte abmelden
            keine weiteren mails | keine weiteren e-mails | keine weiteren emails | keine weiteren nachrichten | keine weiteren zusendungen
            keine weiteren anschreiben | keine weiteren anfragen | keine weiteren kontaktversuche | keine weitere kontaktaufnahme | keine weitere kontaktaufnahmen | keine weitere werbung
            keine mails mehr | keine e-mails mehr | keine emails mehr | keine nachrichten mehr | keine werbung mehr | keine * mails mehr
            keine * e-mails mehr | keinen kontakt mehr | keinen weiteren kontakt | keine kontaktaufnahme | keine werbemails
            nicht mehr anschreiben | nicht mehr kontaktieren | nicht mehr kontaktiert | nicht mehr angeschrieben | nicht mehr schreiben
            nicht mehr melden | nicht mehr mailen | nicht mehr belästigen | nicht mehr behelligen | nicht weiter kontaktieren | nicht weiter anschreiben
            nicht weiter belästigen | nicht noch einmal anschreiben | nie wieder schreiben | nie wieder anschreiben | nie wieder kontaktieren
            nie wieder melden | nie mehr schreiben | schreiben sie * nicht mehr | schreiben sie mir nicht | schreiben sie mir nie | schreiben sie uns nie
            schreiben sie mich nicht | schreib mir nicht mehr | schreibt mir nicht mehr | schreib mir nie | schreibt mir nie
            kontaktieren sie * nicht mehr | kontaktieren sie * nicht weiter | kontaktieren sie mich nicht | kontaktieren sie mich nie | kontaktieren sie uns nie | kontaktieren sie mich bitte nicht | kontaktieren sie uns nicht
            melden sie sich nicht mehr | melden sie sich bitte nicht mehr | melden sie sich nie | melden sie sich bitte nie | mailen sie mir nicht
            senden sie * keine * mails mehr | senden sie mir nichts mehr | schicken sie mir nichts mehr | senden sie mir keine mails
            senden sie mir keine e-mails | schicken sie mir keine mails | schicken sie mir keine e-mails | hören sie auf * schreiben
            hören sie auf * senden | hören sie auf * schicken | hört auf * schreiben | hör auf * schreiben | sehen sie * anfragen ab | sehen sie * kontaktaufnahme* ab
            sehen sie * mails ab | sehen sie * zusendungen ab | sehen sie davon ab * zu kontaktieren | kontaktaufnahmen abzusehen | kontaktversuchen abs*
            kontaktaufnahme* abs* | weiteren anfragen abs* | weiteren mails abs* | weiteren e-mails abs* | verschonen sie mich | verschonen sie uns | verbitte mir * mail* | verbitte mir * nachricht* | verbitte mir * werbung | verbitte mir * kontakt* | verbitten uns | unterlassen sie * zusendung*
            unterlassen sie * mails | unterlassen sie * kontakt* | lassen sie mich * in ruhe | lassen sie uns * in ruhe | lass mich * in ruhe
            lasst mich * in ruhe | unerwünschte werbung | widerspreche ich | ich widerspreche | widerspruch nach art
            möchte nicht mehr * kontaktiert | will nicht mehr * kontaktiert | will keine mails | will keine e-mails | möchte keine mails
            möchte keine e-mails
            unterlassen sie das | hören sie auf mir | hören sie auf uns | hör auf mir | hört auf mir | mails sind unerwünscht | mails unerwünscht | nachrichten sind unerwünscht | nachrichten unerwünscht | anfragen sind unerwünscht | werbung unerwünscht | werbung ist unerwünscht | keine anfragen dieser art | keine mails dieser art | keine e-mails dieser art | keine nachrichten dieser art | keine * anfragen * mehr | von werbung abs* | von weiterer werbung abs* | recht auf löschung | widerrufe meine einwilligung | widerrufe meine zustimmung | widerrufe ich * einwilligung | widerrufe hiermit * einwilligung | an meine adresse nicht mehr | sperren sie meine adresse
        """,
    ),
    (
        "stop",
        """
            ne veux plus de vos | ne voulons plus de vos | stop aux mails | stop aux emails | stop à vos | cesser de me | cesser de nous | arrêter de me | arrêter de nous | ne * plus de vos mails | n'en * plus de vos mails | me supprimer de | nous supprimer de | m'ôter de | me rayer de | me désinscrire | veuillez me désabonner | désinscrivez-moi | désinscrivez moi | désabonnez-moi | désabonnez moi | me désabonner
            nous désinscrire | me retirer de | nous retirer de | retirez-moi | retirez moi | retirez-nous | retirer mon adresse | retirez mon adresse | retirer mon mail
            retirez * de votre liste | retirer * de votre liste | retirez * de vos | retirer * de vos | supprimez-moi | supprimez moi | supprimer mes données
            supprimez mes données | supprimer mes coordonnées | supprimez mes coordonnées | supprimer mon adresse | supprimez mon adresse
            supprimer mon contact | supprimez mon contact | supprimer mon mail | supprimer mon email | supprimez mon mail | supprimez mon email | effacer mon adresse
            effacez mon adresse | effacer mes données | effacez mes données | enlevez-moi | enlevez moi | m'enlever de | rayez-moi | rayer de votre
            ne plus me contacter | ne plus nous contacter | ne me contactez plus | ne nous contactez plus | ne plus me solliciter | ne me dérangez plus | ne nous dérangez plus | ne plus me déranger | ne plus nous déranger | plus entendre parler de vous | ne plus entendre parler | ne m'importunez plus | bloquez mon adresse | ne me sollicitez plus
            ne nous sollicitez plus | ne plus me relancer | ne me relancez plus | ne me relancez pas | ne pas me relancer | ne pas nous relancer
            ne pas me recontacter | ne plus me recontacter | ne me recontactez p* | inutile de me relancer | inutile de me recontacter
            inutile de nous relancer | inutile d'insister | ne plus m'écrire | ne m'écrivez plus | ne plus nous écrire | ne nous écrivez plus
            ne plus m'envoyer de | ne plus m'envoyer vos | ne m'envoyez plus de mail* | ne m'envoyez plus d'email* | ne m'envoyez plus rien | ne m'envoyez plus de message*
            ne plus recevoir | ne * plus recevoir vos | ne * plus recevoir de | plus de messages svp
            cessez de m'* | cessez de me * | cessez vos | cesser vos | cesser tout | cessez tout | cesser de m'* | arrêtez de m'* | arrêtez de nous * | arrêter de m'*
            arrêtez vos | arrêter vos | d'arrêter vos | stopper vos | stoppez vos | stop svp | stop merci | laissez-moi tranquille | laissez moi tranquille | fichez-moi la paix
            foutez-moi la paix | ne plus nous solliciter | ne plus nous relancer | ne plus nous envoyer | retire mon consentement | ne souhaitons plus recevoir | m'oppose au traitement | droit d'opposition | droit à l'effacement | désinscription svp
        """,
    ),
    (
        "stop",
        """
            no me vuelva* a escrib* | no me vuelva* a contact* | no me vuelva* a llamar | no me vuelva* a enviar | no me vuelva* a mandar | no me vuelva* a molestar | no nos vuelva* a escrib* | no nos vuelva* a contact* | no nos vuelva* a enviar | no nos vuelva* a mandar | no nos vuelva* a molestar | no envíen más | no envíe más | no manden más | salir de * lista | no deseo ser contactad* | no quiero ser contactad* | no escriban más | no escriba más | no escribas más | no contacten más | no contacte más | no llamen más | darme de baja | darnos de baja | dame de baja | denme de baja | deme de baja | dénme de baja | déme de baja | solicito la baja | solicito mi baja | borrarme | bórrenme | bórreme
            elimíneme | elimínenme | elimínennos | elimin* mi correo | elimin* mi email | elimin* mi dirección | elimin* mis datos | elimin* mi contacto | borr* mis datos
            borr* mi correo | borr* mi dirección | borr* mi contacto | quítenme | quíteme | quítame | sáquenme | sáqueme | sácame | retírenme | retíreme
            no me contacte* | no nos contacte* | no me escriba* | no nos escriba* | no me envíe* más correo* | no me envíen más | no me envíe más | no me envíes más | no me envien mas
            no me mande* más | no me manden correo* | no vuelva* a escribir* | no vuelva* a contactar* | no vuelvas a escribir* | no vuelvas a contactar*
            no quiero recibir | no deseo recibir | no queremos recibir | ya no quiero recibir | no deseo más correo* | no quiero más correo* | no quiero más mensaje*
            no quiero más email* | no más correos | no más emails | no más mensajes | no más mails | dejen de escribir* | dejen de enviar* | dejen de molestar*
            derecho de supresión | derecho de oposición | derecho al olvido | supresión de mis datos | revoco mi consentimiento | retiro mi consentimiento |
            dejen de contactar* | deje de escribir* | deje de enviar* | deje de molestar* | deja de escribir* | deja de enviar* | deja de molestar*
            déjenme en paz | no me molest* más | no nos molest* más | no me moleste* | no quiero saber nada más de | no queremos saber nada más de | no quiero saber más de ustedes | bloqueen mi correo | déjeme en paz | déjame en paz | desuscríb* | me opongo al tratamiento | basta de correos
        """,
    ),
    (
        "stop",
        """
            essere cancellat* dalla | chiedo di essere cancellat* | essere rimoss* dalla | non voglio * essere contattat* | non vogliamo * essere contattat* | non desidero * essere contattat* | non desideriamo * essere contattat* | non * essere più contattat* | non scrivete più | non scriva più | non contatti più | cancellatemi | cancellami | mi cancelli | cancellarmi | cancellateci | cancellazione dei miei | cancellazione del mio | cancellate i miei | cancell* il mio indirizzo
            cancell* il mio contatto | cancell* i miei dati | disiscrivi* | disiscrivet* | rimuovetemi | rimuovimi | mi rimuova | rimuovermi | rimuoverci | rimuov* il mio indirizzo
            rimuov* il mio contatto | rimuov* i miei dati | toglietemi | toglimi | mi tolga | togliermi | eliminatemi | elimin* il mio indirizzo | elimin* i miei dati
            revoco il consenso | revoco il mio consenso | ritiro il consenso | ritiro il mio consenso | diritto di opposizione | diritto alla cancellazione | diritto all'oblio |
            non contattatemi | non mi contatti | non mi contattate | non contattarmi | non contattateci | non ricontattatemi | non scrivetemi | non mi scriva
            non mi scrivete | non scrivermi | non scriveteci | non inviatemi | non inviarmi | non mi inviate più | non mi invii più | non mandatemi più | non mandarmi più
            non voglio ricevere | non desidero ricevere | non voglio più ricevere | non desidero più ricevere | non ricevere altre | non ricevere più | non vogliamo ricevere
            non voglio più mail | non voglio più email | non voglio più essere contatt* | non desidero essere contatt* | smettetela di | smettila di | smetta di scriver*
            smetta di inviar* | smettete di scriver* | smettete di inviar* | smettete di mandar* | basta email | basta mail | niente più mail | lasciatemi in pace | non disturbatemi | non mi disturbi | non mi disturbate | non disturbateci | non voglio più sentirvi | non voglio più saperne | non voglio più sentire | bloccate il mio indirizzo | mi oppongo al trattamento
        """,
    ),
    (
        "stop",
        """
            não entre mais em contato | não entrem mais em contato | não entre mais em contacto | me tire dessa | me tire da | me tirem | tirem-me | tire-me | retirar meu contato | retirar meu email | retirar meu e-mail | retirar meu nome | remover meu contato | revogo o consentimento | revogo o meu consentimento | revogo meu consentimento |
            quero sair da | sair da lista | não quero ser contact* | não quero ser contat* | não desejo ser contact* | não desejo ser contat* | me descadastr* | descadastre-me | descadastrem | remova-me | remover-me | me remova | me remover | me removam | removam-me | remov* o meu e-mail | remov* o meu email | remov* meu e-mail | remov* meu email
            remov* o meu contacto | remov* meu contato | remov* o meu endereço | remover da lista | remov* da sua lista | remov* da vossa lista | retire-me | retirem-me | retir* o meu contacto | retir* o meu e-mail
            retir* o meu email | retir* meu email | tire-me da | tirem-me da | me tirem da | me tire da | exclua meu* | exclua o meu | exclua os meus | excluir meu* | excluam meu* | apag* meus dados
            apag* os meus dados | eliminem os meus dados | elimine os meus dados | não me contacte* | não me contate* | não nos contacte* | não nos contate* | não entre em contato | não entrem em contato | não volte* a contact* | não volte* a contat*
            não volte* a escrever* | não me escreva* | não nos escreva* | não me envie mais | não me enviem mais | não me mande mais | não me mandem mais | não enviar mais | não envie mais | não enviem mais
            não quero receber | não desejo receber | não queremos receber | não quero mais receber | não desejo mais receber | não quero mais e-mail* | não quero mais email* | não quero mais mensage* | pare de me enviar | pare de me mandar | pare de me escrever | pare de me contat* | pare de me contact* | pare de me incomodar | pare de me importunar | parem de me enviar | parem de me mandar | parem de me escrever | parem de me contat* | parem de me contact* | parem de me incomodar | parem de me importunar
            pare de enviar | parem de enviar | pare de escrever | parem de escrever | pare com os e-mails | chega de e-mails | chega de emails | chega de mensagens | deixe-me em paz | não me incomode* | não nos incomode* | não me importune* | tire * meu nome | tirem * meu nome | tire * meu email | tire * meu e-mail | tirem * meu email | tirem * meu e-mail | não quero mais saber | não quero saber mais de vocês | deixem-me em paz | me deixe em paz | me deixem em paz
            cancelar a subscrição | cancelar minha inscrição | cancelar a minha inscrição | oponho-me ao tratamento
        """,
    ),
    (
        "stop",
        """
            trek mijn toestemming in | recht op vergetelheid | recht van bezwaar | niet meer gecontacteerd |
            graag uitschrijven | graag afmelden | mijn gegevens wissen | mijn gegevens te wissen | wis mijn | mijn adres wissen | schrijf mij uit | schrijf me uit | schrijf ons uit | mij uit te schrijven | mij uitschrijven | me uitschrijven | meld mij af | meld me af
            mij afmelden | me afmelden | verwijder mij | schrap mij uit | schrap ons uit | verwijder me | verwijder ons | verwijder mijn | verwijder * mijn gegevens | mijn gegevens * verwijder* | mijn adres * verwijder* | mij van de lijst
            me van de lijst | mij * van * lijst | me * van * lijst | me uit de mailinglijst | mij uit de mailinglijst | haal mij * uit | haal me * uit | haal mij * van | haal me * van | haal ons * uit
            uit je bestand | uit uw bestand | uit jullie bestand | geen mails meer | geen e-mails meer | geen emails meer | geen berichten meer | geen * mails meer | geen verdere mails | geen verdere e-mails | geen verdere emails
            geen verdere berichten | geen verder contact | geen reclame meer | niet meer mailen | niet meer te mailen | niet meer gemaild | niet meer contacteren | niet meer te contacteren | niet meer benaderen | niet meer te benaderen
            niet meer benaderd | niet meer schrijven | niet meer aanschrijven | niet meer lastig* | mail mij niet | mail me niet | mail me nooit | schrijf me niet meer | schrijf mij niet meer | neem geen contact meer | stop met mailen
            stop met mij | stop met me | stop met het sturen | stop met sturen | stop met schrijven | stop met spammen | stuur mij geen mails | stuur me geen mails | stuur mij niets meer | stuur me niets meer | laat me met rust
            laat mij met rust | laat ons met rust | val me niet meer lastig | val mij niet meer lastig | wil niets meer van u horen | wil niets meer van jullie horen | wil niets meer horen | blokkeer mijn adres | maak bezwaar tegen
        """,
    ),
    (
        "stop",
        """
            wykreślenie mnie | wykreślić mnie | wykreślcie mnie | nie nękać | nie niepokoić | nie chcę dostawać więcej | nie chcę już * maili | nie chcę już * wiadomości | nie chcę już otrzymywać | nie chcę już dostawać | skreślić mnie | mnie skreślić | mnie wykreślić | skreślcie mnie | nie piszcie do nas | nie pisz do nas | nie pisać do nas | wypisz mnie | wypiszcie mnie | mnie wypisać | wypisanie mnie | proszę wypisać | usuń mnie | usuńcie mnie | usunięcie mnie | mnie usunąć | usunąć mnie | usunięcie moich danych | usunąć moje dane | usunąć mój
            usunięcie mojego | usuń mój | usuń moje | usuńcie mój | usuńcie moje | usunąć * z listy | usunąć * z bazy | nie pisz do mnie | nie pisz więcej | nie piszcie do mnie | nie piszcie więcej
            nie pisać do mnie | nie pisać więcej | więcej nie pisać | więcej nie pisz* | proszę nie pisać | nie kontaktować się ze mną | nie kontaktuj* się | proszę się nie kontaktować | proszę nie kontaktować | nie wysyłać więcej | więcej nie wysyłać
            prawo do usunięcia | prawo do bycia zapomnianym | żądam usunięcia |
            nie wysyłaj* więcej | proszę nie wysyłać | nie życzę sobie | nie życzymy sobie | nie chcę otrzymywać | nie chcę dostawać | nie chcę więcej maili | nie chcemy otrzymywać | nie wyrażałem zgody | nie wyrażałam zgody
            cofam zgodę | wycofuję zgodę | zaprzestanie kontakt* | zaprzestanie wysył* | zaprzestać wysył* | zaprzestać kontakt* | proszę przestać | przestań do mnie | przestańcie do mnie | przestań pisać | przestańcie pisać | przestań wysyłać
            przestańcie wysyłać | sprzeciwiam się | wnoszę sprzeciw | zgłaszam sprzeciw | dajcie mi spokój | daj mi spokój | nie chcę * od was słyszeć | nie chcę mieć z wami | proszę mnie nie niepokoić | zablokujcie mój adres
        """,
    ),
    (
        "stop",
        """
            отпишите меня | отпишите нас | отпишите пожалуйста | отпишите, пожалуйста | меня отпишите | прошу отписать | отписать меня | отпиши меня | хочу отписаться | удалите меня | удалите нас | удалите мой | удалите мою | удалите мои | удалите * адрес | удалить меня
            удалить нас | удалить мой | удалить мою | удалить мои | удалите мой email | уберите меня | уберите нас | уберите мой | уберите мою | уберите * адрес из | исключите меня | исключите нас | исключите мой | исключить меня | исключить нас | исключить мой | исключите из рассылки
            прошу не присылать | прошу не отправлять | прошу не беспокоить | отпишись | право на удаление | отозвать согласие |
            не пишите мне | не пишите больше | больше не пишите | мне не пишите | не пиши мне | больше не пиши | больше не писать | не писать мне | не надо мне писать | не надо писать | не нужно мне писать | не нужно писать | прошу не писать | прошу больше не | не присылайте больше | больше не присылайте
            не присылайте мне | не шлите мне | не шлите больше | больше не шлите | не отправляйте мне больше | больше не отправляйте | не беспокойте | не связывайтесь со мной | прекратите писать | прекратите присылать | прекратите слать | прекратите рассылку | прекратите спам*
            прекратите отправлять | перестаньте писать | перестаньте слать | перестаньте присылать | перестаньте спам* | хватит писать | хватит слать | хватит присылать | хватит спам* | не хочу получать | не желаю получать | не хотим получать | не хочу больше получать | не давал согласия | не давала согласия
            не давали согласия | отзываю согласие | оставьте меня в покое | отстаньте | не хочу * о вас слышать | не хочу * от вас слышать | заблокируйте мой адрес | не тревожьте | возражаю против рассыл* | возражаю против обработки | возражаю против ваших писем
        """,
    ),
    (
        "stop",
        """
            відпишіть мене | відпишіть нас | прошу відписати | відписати мене | хочу відписатися | видаліть мене | видаліть нас | видаліть мій | видаліть мою | видаліть мої | видаліть * адресу | видалити мене | видалити мій | видалити мою | видалити мої
            прошу не надсилати | прошу не турбувати | право на видалення |
            приберіть мене | приберіть мою | приберіть мій | приберіть * адресу | виключіть мене | виключити мене | не пишіть мені | мені не пишіть | не пишіть більше | більше не пишіть | більше не писати | не писати мені | прошу не писати | прошу більше не
            не надсилайте мені | не надсилайте більше | більше не надсилайте | не шліть | не турбуйте | не турбувати | припиніть писати | припиніть надсилати | припиніть розсилку | припиніть спам* | перестаньте писати | перестаньте надсилати
            не хочу отримувати | не бажаю отримувати | не хочемо отримувати | відмовляюсь від розсилки | відмовляюся від розсилки | досить спам* | досить писати | не давав згоди | не давала згоди | відкликаю згоду | дайте мені спокій | не хочу * про вас чути | не хочу * від вас чути | заблокуйте мою адресу | залиште мене в спокої
        """,
    ),
)  # fmt: skip
"""Requests that mean nothing else; found anywhere in a person's own words."""

ALONE: frozenset[str] = frozenset(
    {
        "stop", "stopp", "stop it", "stop please", "stop pls", "stop mail", "stop mails", "stop emails", "please stop", "no more", "no more please",
        "please no more", "remove", "quit it", "unsub", "unsub please", "delete", "arret", "basta", "entfernen", "löschen", "bitte löschen",
        "abmelden", "genug", "genoeg", "стоп", "хватит", "досить", "go away", "get lost", "take me off", "remove me", "delete me", "please remove",
        "please delete", "please discontinue", "opt out", "optout", "unsubscribe", "stop svp", "stop aub", "stop bitte", "bitte stopp", "wypisz",
        "uitschrijven", "afmelden", "désinscription", "lassen sie das", "never again", "rezygnuję", "stop pub", "dnc", "sair", "отписка", "відписка", "cancellazione", "baja",
        "remove please", "delete please", "disiscrizione", "lassen sie das künftig", "bitte lassen sie das künftig", "plus de mails", "descadastrar", "désabonnement", "baja por favor", "baja, por favor", "eliminar", "stop ermee", "удалите", "видаліть", "proszę usunąć", "abmeldung", "desinscripción", "remover", "supprimer",
    }
)  # fmt: skip
"""Sentences that mean stop wherever a short answer holds them."""

FIRST: frozenset[str] = frozenset(
    {
        "enough",
        "removed",
        "off",
        "quit",
        "cancel",
        "end",
        "out",
        "dość",
        "не надо",
        "spam",
        "aufhören",
        "stoppen",
        "parar",
        "pare",
        "chega",
    }
)
"""Words that mean stop where an answer begins with nothing else."""

OF_MACHINES: frozenset[str] = frozenset({"removed", "off", "cancel", "end", "out", "spam"})
"""Those of them with which an absence note or a receipt begins as well."""

NOT_STOP: tuple[tuple[str, str], ...] = (
    (
        "not stop",
        """
            hope to hear from you again | glad to hear from you again | nice to hear from you again | look forward to hearing from you again | can't stop | cannot stop | couldn't stop | non-stop | nonstop | don't stop | never stop | won't stop | not stop here | stop by
            take me off mute | spam folder | junk folder | in spam | in my spam | in the spam | into spam | to spam | spam filter* | spamordner | im spam | spamfilter | dossier spam | dossier indésirables | courrier indésirable | carpeta de spam | correo no deseado | cartella spam | nella spam | caixa de spam | no spam e | spamfolder | spammap | folderze spam | папк* спам | попало в спам | one-stop | one stop shop | stopped by | unsubscribe link works | bus stop | full stop | please stop and think | hör auf dein
            report you back | please cancel | please stop the trial | please stop the old | stop the auto* | remove the attachment* | remove the setup fee | remove the fee* | remove me from cc | remove me from copy | remove me from the thread | remove me from this thread
            remove me from the invit* | remove me from the meeting | blocked you a slot | blocked you some time | blocked you * minutes | take me off cc | take me off copy | take me off the thread | take me off this thread
            contact me until | contact me before | email me until | email me before | write to me until | write to me before | i object to the price
        """,
    ),
)
"""Phrases that hold a stop word and ask for nothing: left out before anything is sought."""

BANNERS: tuple[tuple[str, str], ...] = (
    (
        "banner",
        """
            originated from outside | originated outside | external sender | external email | report as spam if | report this message | if suspicious
            if you no longer wish | if you no longer want | if you do not wish to receive | if you do not want to | if you don't want to hear
            if you would prefer not | if you'd rather not | if you'd prefer not | if you prefer not | if you would like to unsubscribe | if you wish to unsubscribe | to unsubscribe, | to unsubscribe click | to unsubscribe from this * click
            to opt-out of our | to opt out of our | you can unsubscribe | you may unsubscribe | you may opt out | you can opt out | unsubscribe here | click here to unsubscribe | unsubscribe at any time | unsubscribe: http* | unsubscribe http*
            intended recipient | received this * in error | received this * by mistake | before printing | consider the environment | any confidential data | never email passwords
            wenn sie keine weiteren | wenn sie keine | falls sie keine | sollten sie keine | hier abmelden | klicken sie hier | nicht der richtige adressat | irrtümlich erhalten | nicht der beabsichtigte
            si vous ne souhaitez plus | si vous ne voulez plus | cliquez ici | reçu ce message par erreur | pour vous désabonner | pour vous désinscrire
            si no desea | si ya no desea | haga clic aquí | en cumplimiento del | ha recibido este * por error | para darse de baja
            se ricevuto per errore | se non desidera | se non vuole più | clicca qui | ricevuto questo * per errore | per cancellarsi
            se não deseja | se não quiser | se recebeu * por engano | clique aqui | als u geen | klik hier | indien u geen | per vergissing ontvangen
            jeśli nie chcesz | jeżeli nie chcą | kliknij tutaj | aby zrezygnować | если вы получили | если вы не хотите | если вы больше не | чтобы отписаться | отписаться: http* | якщо ви отримали | якщо ви не бажаєте
        """,
    ),
)
"""Sentences that gateways, disclaimers and footers add: nobody's wish."""

OFFERS: tuple[tuple[str, str], ...] = (
    (
        "offer",
        """
            view in browser | view * in your browser | view this * in * browser | view online | unsubscribe * preferences | unsubscribe * privacy | unsubscribe * view | unsubscribe * forward | unsubscribe from this list | unsubscribe from all | update * preferences | email preferences | reply stop | text stop | reply * unsubscribe | reply with * stop | reply with remove | reply remove | answer with stop
            don't want these * anymore? | don't want these * ? | don't want to receive * ? | don't want to hear from * ? | do not want * anymore? | no longer want * ? | no longer interested? | tired of * ? | too many emails? | no longer wish to receive | if you do not * hear | if you don't * hear | if you no longer * hear | if you'd prefer not | if you'd rather not | if you would rather not | if you would prefer not
            im browser ansehen | im browser anzeigen | im browser öffnen | newsletter abbestellen | abmelden * datenschutz | abmelden * einstellungen | antworten sie mit | antworte mit | keine * mehr erhalten? | keine * mehr bekommen? | falls sie keine * erhalten | wenn sie keine * erhalten | sollten sie keine * erhalten | möchten sie keine * erhalten | möchten sie keine * mehr | hier austragen | abbestellen * hier | hier abbestellen | hier abmelden
            pour ne plus recevoir | désinscrivez-vous | désabonnez-vous | désinscription * ici | se désinscrire ici | se désabonner ici | si vous ne souhaitez plus | si vous ne voulez plus | répondez stop | répondre stop | stop au * | ne souhaitez plus * recevoir | voir * navigateur
            si no desea * recib* | si ya no desea | si no quiere * recib* | si ya no quiere | para dejar de recibir | para no recibir | ya no desea * recib* | no quiere * recib* | darse de baja aquí | date de baja | responda baja | responda stop | ver en * navegador | cancelar suscripción aquí
            se non desidera * ricev* | se non vuole * ricev* | se non desideri * ricev* | se non vuoi * ricev* | per non ricevere | non vuoi più ricev* | non desideri più ricev* | disiscriviti | cancellati * qui | annulla l'iscrizione | rispondi stop | visualizza * browser
            se não deseja * receb* | se não quiser * receb* | se não quer * receb* | se já não deseja | para deixar de receber | para não receber | não quer mais receber | não deseja mais receber? | cancele a * inscrição | cancelar inscrição aqui | responda sair | responda parar | descadastre-se | ver no navegador
            als u geen * ontvangen | als je geen * ontvangen | indien u geen * ontvangen | wilt u geen * ontvangen | wil je geen * ontvangen | wilt u geen * meer | wil je geen * meer | niet langer ontvangen? | meld je af | meld u af | schrijf je uit | schrijf u uit | hier uitschrijven | hier afmelden | uitschrijven * voorkeuren | afmelden * voorkeuren | beantwoord * met stop | bekijk * browser
            jeśli nie chcesz * otrzymywać | jeżeli nie chcesz * otrzymywać | jeśli nie chcą * otrzymywać | nie chcesz * otrzymywać | nie chcesz * dostawać | aby zrezygnować | aby przestać | wypisz się | zrezygnuj * tutaj | odpowiedz stop | zobacz * przeglądarce
            если вы не хотите * получать | если вы больше не хотите | если не хотите * получать | не хотите * получать | отпишитесь | отписаться здесь | отписаться тут | отписаться от рассылки | отказаться от рассылки | ответьте стоп | открыть в браузере | якщо ви не бажаєте | якщо ви не хочете * отрим* | якщо ви більше не | якщо не бажаєте * отрим* | не хочете * отрим* | відпишіться | відписатися тут | відмовитися від розсилки
            to unsubscribe | to opt out | to opt-out | unsubscribe here | unsubscribe link | unsubscribe at any time | unsubscribe * http* | http * unsub | http * unsubscribe | http * optout | http * opt-out
            to be removed from this | to be removed from our | to be removed from the | to be removed from any | to be removed from future | click | if you no longer * receive | if you no longer * unsubscribe
            if you do not * receive | if you do not * unsubscribe | if you don't * receive | if you don't * unsubscribe | if you would like to * receive | if you would like to * unsubscribe | if you would like to be removed
            if you want to * receive | if you want to * unsubscribe | if you want to be removed | if you wish to * receive | if you wish to * unsubscribe | if you wish to be removed | if you prefer not to receive
            you are receiving this | you receive this | you received this | you have received this | this email was sent to | this e-mail was sent to | manage * preferences | manage * subscription*
            klick | klicken | klicken sie | zum abmelden | wenn sie * erhalten | wenn sie * abmelden | wenn sie * abbestellen | cliquez | clique | pour vous désabonner | pour vous désinscrire | haga clic | para darse de baja
            clicca | cliccare | per cancellar* | per disiscriver* | klik | kliknij | aby wypisać | aby się wypisać | чтобы отписаться | щоб відписатися
        """,
    ),
)
"""By which a mailing offers to be stopped. Wider than ``BANNERS``: asked only of mail that answers nothing."""

PAGES: tuple[tuple[str, str], ...] = (
    (
        "page",
        "my account | my profile | my page | my subscription* | my preferences | my email preferences | my newsletter* | from me | from me again | by me",
    ),
)
"""First persons that are not the reader's: names of pages in mailings, and the writer of an offer in a signature."""

FIRST_PERSON: frozenset[str] = frozenset(
    {"i", "me", "my", "ich", "mich", "mir", "mein", "meine", "meinen", "je", "moi", "mon", "yo", "io", "eu", "mij", "ik", "ja", "mnie", "я", "меня", "мне", "мой", "мене", "мені"}
)  # fmt: skip
"""Words of a person, in whose sentences nothing is taken for a banner or an offer."""
