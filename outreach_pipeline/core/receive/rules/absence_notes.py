"""Of what a text consists that is nothing but an absence note, by language.

A note without headers, in a thread, under an ordinary subject is told by its words alone: each of its sentences says that
somebody is away or has left, or belongs to such a note. Phrases are written as ``core.receive.phrases`` explains. Languages:
English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

STARTS: tuple[str, ...] = (
    "i am", "i'm", "i will be", "i'll be", "i will return", "i'll return", "i return", "i shall be", "i have", "we are", "our office", "the office", "currently", "out of", "on vacation", "on holiday", "ooo", "from", "please note that i am",
    "ich bin", "ich werde", "ich habe", "wir sind", "unser büro", "derzeit bin ich", "zurzeit bin ich", "momentan bin ich", "bin", "vom", "ab dem", "bis",
    "je suis", "je serai", "je reviens", "je reviendrai", "actuellement", "absent", "en congé", "du",
    "estoy", "estaré", "me encuentro", "me encontraré", "regreso", "regresaré", "volveré", "no estaré", "desde el", "del",
    "sono", "sarò", "rientro", "rientrerò", "tornerò", "mi trovo", "dal",
    "estou", "estarei", "encontro-me", "regresso", "regressarei", "retorno", "retornarei", "voltarei", "volto",
    "ik ben", "ik zal", "wij zijn", "momenteel ben ik", "tot en met", "van",
    "jestem", "będę", "przebywam", "obecnie jestem", "wracam", "wrócę", "w dniach", "do",
    "я в", "я нахожусь", "я буду", "я отсутствую", "я вернусь", "меня не будет", "нахожусь", "в отпуске", "буду", "отсутствую", "вернусь", "с",
    "я у", "я перебуваю", "я повернуся", "мене не буде", "перебуваю", "повернуся", "у відпустці", "з",
)  # fmt: skip
"""How a sentence begins that says that its writer is away."""

BESIDE: tuple[tuple[str, str], ...] = (
    (
        "beside",
        """
            thank you for your | thanks for your | please contact *@* | please write to *@* | please get in touch with *@* | contact my colleague | for urgent | in urgent | if urgent | i will reply * return | i will respond * return | i will answer * return | i will get back to you | i'll get back to you | i'll reply | your message will not be forwarded | your mail will not be forwarded | limited access | no access | automatic
            vielen dank für ihre | danke für ihre | danke für ihr | bitte wenden sie sich an | bitte kontaktieren sie *@* | in dringenden | ihre nachricht wird nicht | ihre mail wird nicht | ihre e-mail wird nicht | ich melde mich nach meiner
            merci pour votre | merci de votre | merci de contacter *@* | veuillez contacter *@* | en cas d'urgence | pour toute urgence | je vous répondrai
            gracias por su | gracias por tu | en caso de urgencia | para asuntos urgentes | por favor, contacte *@* | póngase en contacto con *@* | responderé a
            grazie per la | grazie per il | per urgenze | in caso di urgenza | contattare *@* | si prega di contattare *@* | risponderò al
            obrigado pel* | obrigada pel* | em caso de urgência | assuntos urgentes | contacte *@* | contate *@* | responderei
            bedankt voor uw | bedankt voor je | bij spoed | voor dringende | neem contact op met *@*
            dziękuję za | w pilnych sprawach | w sprawach pilnych | proszę o kontakt z *@* | proszę kontaktować się z *@* | odpowiem po
            спасибо за ваше | благодарю за ваше | по срочным вопросам | в срочных случаях | пишите на *@* | обращайтесь к | отвечу после
            дякую за ваш* | з термінових питань | у термінових випадках | пишіть на *@* | звертайтеся до | відповім після
        """,
    ),
)
"""What such a note says besides."""

ENGAGED: tuple[tuple[str, str], ...] = (
    (
        "engaged",
        """
            call | talk | look at | look into | discuss | speak | meet | interested | interesting | send | sent | let's | happy to | sounds | price* | offer | demo | quote | proposal | it | this | that | but | sorry | then | again on | however | your idea | your tool | your product | our budget | decide | think
            anrufen | sprechen | telefonieren | ansehen | angebot | preis* | interess* | aber | dann | danach | gern | gerne | darüber | schicken | melden sie sich | rufen sie | appel* | parler | discuter | intéress* | offre | prix | mais | alors | ensuite | après | volontiers | avec plaisir | cela | ça | rappel*
            llam* | hablar | hablamos | oferta | precio* | interes* | pero | entonces | luego | después | con gusto | esto | eso | chiam* | parlare | parliamo | offerta | prezz* | ma | poi | dopo | volentieri | questo | lig* | falar | falamos | preço* | mas | depois | com prazer | com gosto | isso | isto
            bel | bellen | praten | prijs* | maar | dan | daarna | graag | dit | dat | zadzwo* | porozmawia* | ofert* | cen* | ale | wtedy | potem | chętnie | созвон* | позвон* | обсуд* | поговор* | предложени* | цен* | но | тогда | потом | с удовольствием | с радостью | это | зідзвон* | подзвон* | обговор* | пропозиц* | ціна | але | тоді | потім | із задоволенням | залюбки | це
        """,
    ),
)
"""Words of somebody who deals with what was written: a person's, also beside an absence."""

AWAY: tuple[tuple[str, str], ...] = (
    (
        "away",
        """
            out till | out until | out this week | out today | off until | off till | off this week | away until | away till | away this week | on holiday* | on vacation | on leave | on pto | on parental leave | on maternity leave | travelling until | traveling until | back on monday | back monday | back on | back next week
            bis * weg | bis * unterwegs | bin unterwegs | im urlaub | auf reisen | wieder da | zurück am | ab * zurück | bin * nicht da | in elternzeit | im krankenhaus
            en vacances | en congé* | absent* | en déplacement | de retour | de vacaciones | fuera hasta | estoy fuera | vuelvo el | in ferie | in vacanza | fuori fino | torno | de férias | em férias | fora até | volto | estou fora
            op vakantie | met vakantie | weg tot | afwezig | vrij tot | terug op | na urlopie | do * mnie nie ma | wracam | nieobecn* | в отпуске | меня нет | в отъезде | вернусь | у відпустці | мене немає | повернуся | у від'їзді
        """,
    ),
)
"""How people say that they are away, beside the words of notes; a time or a promise makes it an answer for later."""

PROMISES: tuple[tuple[str, str], ...] = (
    (
        "promise",
        """
            reply | will answer | i'll answer | get back to you | let you know | look at it | look into it | i'll look | will look | write you | be in touch | when i'm back | when i am back | after my return | after that | next week | next month | then
            melde mich | antworte | schaue * an | schau * an | nächste woche | nächsten monat | danach | wenn ich zurück | wenn ich wieder | nach meiner rückkehr
            répondrai | reviens vers vous | recontacterai | semaine prochaine | à mon retour | mois prochain | responderé | contesto | contestaré | próxima semana | semana que viene | a mi vuelta | a la vuelta
            risponderò | rispondo | settimana prossima | prossima settimana | al mio rientro | al ritorno | responderei | respondo | semana que vem | na volta | quando voltar
            antwoord | reageer | volgende week | bij terugkomst | als ik terug | odpowiem | odezwę się | przyszłym tygodniu | po powrocie | отвечу | напишу | следующей неделе | после возвращения | когда вернусь | відповім | наступного тижня | після повернення | коли повернуся
        """,
    ),
)
"""What promises an answer or a time to come."""

ASKS_US: tuple[tuple[str, str], ...] = (
    (
        "asks",
        """
            please send the | please send me | please send us | please send your | send me the | send me your | send us the | send us your | please share the | please call me | let's
            schicken sie mir | schicken sie uns | senden sie mir | senden sie uns | schick mir | schickt mir | schicken sie bitte | rufen sie mich | melden sie sich bitte bei mir
            envoyez-moi | envoyez-nous | envoie-moi | appelez-moi | envíeme | envíame | envíenos | mándeme | llámeme | mi mandi | mi invii | ci mandi | mandami | mi chiami
            envie-me | me envie | envie-nos | mande-me | me mande | ligue-me | stuur me | stuur mij | stuur ons | bel me | bel mij | proszę przesłać | proszę wysłać | przyślij | proszę zadzwonić
            пришлите | отправьте | позвоните | давайте | надішліть | пришліть | зателефонуйте | подзвоніть
        """,
    ),
)
"""What a person asks of us, beside words of an absence."""

OFFERS_HELP: tuple[tuple[str, str], ...] = (
    (
        "help",
        """
            urgent | urgently | immediate | emergency | assistance | help | dringend* | hilfe | eilig | urgence | urgent* | aide | urgente | urgencia | ayuda | urgenza | aiuto | urgência | ajuda | dringend | spoed | hulp | piln* | pomoc* | срочн* | помощь | терміново* | допомог*
            you wait | please wait | sie warten | kann es warten | hat es zeit | patienter | attendre | esperar | aspettare | aguardar | wachten | poczekać | zaczekać | подождать | почекати | do you need | need anything | need something | have a question | have any questions | any questions | in the meantime | need to speak | need to reach | need an answer | can't wait | cannot wait | my colleague* | colleagues | my deputy | our office | our hotline | our website
            brauchen sie | benötigen sie | haben sie fragen | fragen zu | nicht warten | in der zwischenzeit | meine kolleg* | mein kolleg* | meinen kolleg* | meiner kolleg* | kollegen | vertretung | besoin | une question | des questions | entre-temps | mon collègue | ma collègue | mes collègues
            necesita | necesitas | alguna pregunta | alguna duda | mientras tanto | mi compañer* | mi colega | ha bisogno | avete bisogno | domande | nel frattempo | il mio collega | la mia collega | precisa de | alguma dúvida | entretanto | meu colega | minha colega
            heeft u | hebt u | heb je | vragen | in de tussentijd | mijn collega* | potrzebujesz | potrzebuje | pytania | w międzyczasie | mój kolega | moja koleżanka | moimi kolegami | нужна помощь | есть вопросы | вопрос | коллег* | потрібна | є питання | питання | колег*
        """,
    ),
)
"""Questions and requests of notes themselves ("Is it urgent?")."""
