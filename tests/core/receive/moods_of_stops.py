"""Wishes to stop in polite, conditional and threatening moods, and what is like them and no such wish, by language."""

# ruff: noqa: RUF001  Cyrillic is meant

MOODS = {
    "en": """
        Make sure I am never emailed again. | I'd appreciate it if you didn't contact me again. | I trust I will not hear from you again. | I'd rather you did not write to me again. | It would be kind of you not to email us any further. | I'd be thankful if you could refrain from mailing me.
        I hope this is the last time you write to me. | You may not contact me again. | Please ensure that we are not approached again. | I'd be happier if you never wrote to me again. | I expect not to be contacted again. | I should be obliged if you would not email me again.
        We would welcome it if you no longer messaged us. | I must insist that you do not contact me again. | Kindly see that I never get mail from you again. | I am not in the least interested in further mail. | I don't expect you to get in touch again.
    """,
    "de": """
        Es wäre schön, wenn Sie mir nicht mehr schreiben würden. | Ich wäre Ihnen dankbar, wenn Sie mich nicht mehr kontaktieren. | Ich würde es begrüßen, wenn Sie uns nicht mehr anschrieben. | Sorgen Sie bitte dafür, dass ich nie wieder angeschrieben werde. | Ich hoffe, nicht wieder von Ihnen zu hören.
        Mir wäre lieber, Sie würden mir nicht mehr schreiben. | Stellen Sie sicher, dass wir keine Mails mehr bekommen. | Ich gehe davon aus, dass Sie mich nicht mehr kontaktieren. | Ich erwarte, nicht mehr belästigt zu werden. | Ich fände es gut, wenn Sie sich nicht mehr melden. | Ich hoffe, das war die letzte Mail.
    """,
    "fr": """
        Je préférerais que vous ne me contactiez plus. | Je vous serais reconnaissant de ne plus me contacter. | J'aimerais autant que vous ne m'écriviez plus. | Il serait aimable de ne plus nous solliciter. | Faites en sorte que je ne sois plus contacté. | J'espère ne plus avoir de vos nouvelles.
        J'apprécierais que vous cessiez de m'écrire. | Je compte sur vous pour ne plus m'envoyer de messages. | Veillez à ce que nous ne recevions plus rien. | Je souhaiterais que vous ne me relanciez plus. | J'ose espérer que vous ne m'écrirez plus.
    """,
    "es": """
        Preferiría que no me contactara más. | Le agradecería que no me escribiera más. | Espero que no vuelva a escribirme. | Sería de agradecer que no nos volvieran a contactar. | Asegúrese de que no me vuelvan a escribir. | Me gustaría que no me contactasen otra vez.
        Confío en no volver a saber de ustedes. | Le ruego que no vuelva a contactarme. | Les pediría que no nos enviaran más mensajes. | Ojalá no me escribieran más. | Agradecería no recibir más mensajes suyos.
    """,
    "it": """
        Le sarei grato se non mi contattasse più. | Preferirei che non mi scriveste più. | Vi sarei riconoscente se non ci contattaste più. | Spero di non ricevere altre vostre mail. | Gradirei che non mi scriveste di nuovo. | Fate in modo che io non venga più contattato.
        Confido di non sentirvi più. | Mi auguro che non mi scriva più. | Apprezzerei se non mi mandaste più messaggi. | Vorrei che non ci scriveste più. | Si assicuri che non riceva più nulla.
    """,
    "pt": """
        Agradecia que não me voltassem a contactar. | Preferiria que não me escrevessem mais. | Ficaria grato se não me contactassem mais. | Espero não voltar a ouvir falar de vocês. | Gostaria que não me escrevessem de novo. | Certifique-se de que não me voltam a contactar.
        Seria bom que não nos enviassem mais mensagens. | Agradeço que não me envie mais nada. | Ficaríamos gratos se deixassem de nos escrever. | Confio que não voltarão a contactar-me. | Espero que não me escreva mais.
    """,
    "nl": """
        Ik zou het op prijs stellen als u mij niet meer mailt. | Ik word liever niet meer benaderd. | Ik zou dankbaar zijn als u mij niet meer schreef. | Ik hoop dat u mij niet meer mailt. | Het zou fijn zijn als u ons niet meer benadert. | Zorg ervoor dat ik niet meer gemaild word.
        Ik ga ervan uit dat u geen contact meer opneemt. | Ik heb liever dat u mij niet meer schrijft. | Ik vertrouw erop niets meer van u te horen. | Wij zouden het waarderen als u stopt met mailen. | Ik verwacht dat u mij niet meer lastigvalt.
    """,
    "pl": """
        Wolałbym, żeby Państwo już do mnie nie pisali. | Będę wdzięczny za zaprzestanie wysyłki. | Byłbym wdzięczny, gdyby Państwo do mnie nie pisali. | Mam nadzieję, że więcej do mnie nie napiszecie. | Proszę dopilnować, żebym nie dostawał więcej maili. | Byłoby miło, gdybyście już do nas nie pisali.
        Doceniłbym, gdyby Pan się więcej ze mną nie kontaktował. | Liczę na to, że nie będziecie się kontaktować. | Oczekuję, że nikt do mnie więcej nie napisze. | Chciałbym, żeby Państwo więcej nie wysyłali wiadomości.
    """,
    "ru": """
        Я был бы благодарен, если бы вы мне больше не писали. | Прошу больше меня не беспокоить. | Хотелось бы, чтобы вы нам больше не писали. | Надеюсь, вы мне больше не напишете. | Буду признателен, если вы не будете мне писать. | Было бы хорошо, если бы вы больше не писали.
        Сделайте так, чтобы мне больше не приходили письма. | Предпочёл бы, чтобы вы со мной не связывались. | Рассчитываю, что вы больше не побеспокоите. | Буду благодарна, если вы перестанете писать. | Надеюсь больше о вас не услышать.
    """,
    "uk": """
        Був би вдячний, якби ви мені більше не писали. | Прошу мене більше не турбувати. | Хотілося б, щоб ви нам більше не писали. | Сподіваюся, ви мені більше не напишете. | Буду вдячна, якщо ви не будете мені писати. | Було б добре, якби ви більше не писали.
        Зробіть так, щоб мені більше не приходили листи. | Я волів би, щоб ви зі мною не зв'язувалися. | Буду вдячний, якщо ви перестанете писати. | Сподіваюся більше про вас не почути.
    """,
}  # fmt: skip
"""Who politely, conditionally or expectantly wishes for no more mail."""

THREATS = {
    "en": """
        If you contact me again I will call my lawyer. | Contact me again and I'll report you. | Should you contact me again, I will file a complaint. | Send me one more email and I'll report you for spam. | Send me more of this and you'll hear from my lawyer. | One more mail and you're blocked. | Write to me again and I go to the police.
        Email me again and I will take legal action. | The next time you write I'll sue. | Any further email will be reported to the ICO. | If I get another message, I will complain to the data protection authority. | Mail me again later and my attorney will answer.
    """,
    "de": """
        Schreiben Sie mir noch einmal, und ich erstatte Anzeige. | Wenn Sie mich nochmal anschreiben, gehe ich zum Anwalt. | Sollten Sie sich wieder melden, schalte ich meinen Anwalt ein. | Bei der nächsten Mail melde ich Sie der Datenschutzbehörde. | Noch eine Mail und ich zeige Sie an. | Melden Sie sich noch einmal, beschwere ich mich bei der Aufsichtsbehörde.
        Kontaktieren Sie mich erneut, folgt eine Abmahnung. | Falls Sie mir nochmals schreiben, erstatte ich Strafanzeige. | Jede weitere Nachricht geht an meinen Rechtsanwalt. | Schreiben Sie mir wieder, gehe ich zur Polizei.
    """,
    "fr": """
        Si vous me recontactez, je porte plainte. | Encore un mail et je saisis la CNIL. | Si vous m'écrivez à nouveau, mon avocat vous répondra. | Recontactez-moi et je dépose plainte. | Au prochain message, je vous signale. | Écrivez-moi encore une fois et j'appelle la police.
        Si vous me relancez, je vous poursuis en justice. | Tout nouveau message sera transmis à mon avocat. | Un message de plus et je vous dénonce. | Si je reçois encore un mail, je ferai une réclamation à la CNIL.
    """,
    "es": """
        Si me vuelve a escribir, le denuncio. | Si me contacta otra vez, llamaré a mi abogado. | Un correo más y pongo una denuncia. | Vuelva a escribirme y lo denuncio. | Escríbame de nuevo y voy a la policía. | Si recibo otro mensaje, reclamaré ante la AEPD.
        El próximo correo irá a mi abogado. | Como me escriba otra vez, pondré una queja. | Si vuelven a contactarme, tomaré acciones legales. | Otro mensaje y le reporto.
    """,
    "it": """
        Se mi scrive ancora, la denuncio. | Se mi contattate di nuovo, chiamo il mio avvocato. | Un'altra mail e vi segnalo al Garante. | Mi scriva di nuovo e sporgo denuncia. | Se ricevo un altro messaggio, faccio reclamo. | Ricontattatemi e vi denuncio.
        Alla prossima mail vado alla polizia. | Se mi riscrivete, agirò per vie legali. | Scrivetemi ancora e vi querelo. | Ogni altra mail andrà al mio legale.
    """,
    "pt": """
        Se me contactar outra vez, apresento queixa. | Se me voltar a escrever, chamo o meu advogado. | Mais um e-mail e denuncio-vos. | Escreva-me de novo e vou à polícia. | Se receber outra mensagem, faço uma reclamação à CNPD. | Contacte-me outra vez e processo-o.
        Se voltarem a escrever, tomarei medidas legais. | O próximo e-mail será reportado. | Volte a escrever e o meu advogado responde. | Se me enviar mais um email, denuncio.
    """,
    "nl": """
        Als u mij nog eens mailt, dien ik een klacht in. | Nog één mail en ik schakel mijn advocaat in. | Mailt u mij opnieuw, dan doe ik aangifte. | Schrijf me nog eens en ik ga naar de politie. | Als u weer contact opneemt, meld ik u bij de AP. | Bij de volgende mail bel ik mijn advocaat.
        Neem opnieuw contact op en ik dien een klacht in. | Als ik nog een bericht krijg, neem ik juridische stappen. | Elke volgende mail wordt gemeld. | Mail me nog een keer en ik rapporteer u.
    """,
    "pl": """
        Jeszcze jeden mail i zgłoszę to do UODO. | Jeśli znów Pan napisze, zgłoszę to na policję. | Proszę napisać ponownie, a pójdę do prawnika. | Kolejny mail i składam skargę. | Jeżeli jeszcze raz się Państwo skontaktują, zawiadomię adwokata. | Następna wiadomość trafi do mojego prawnika.
        Jak jeszcze raz napiszesz, zgłaszam. | Jeśli dostanę kolejną wiadomość, podejmę kroki prawne. | Napisz jeszcze raz, a złożę doniesienie. | Każdy następny mail zgłoszę jako spam.
    """,
    "ru": """
        Ещё раз напишете — пожалуюсь в Роскомнадзор. | Если напишете снова, обращусь к юристу. | Ещё одно письмо, и я подам жалобу. | Напишите мне ещё раз, и я пойду в полицию. | Если вы опять напишете, подам в суд. | Следующее письмо передам адвокату.
        Свяжетесь со мной снова — подам заявление. | Если получу ещё одно письмо, пожалуюсь. | Ещё раз побеспокоите — сообщу в полицию. | Каждое новое письмо будет основанием для жалобы.
    """,
    "uk": """
        Ще раз напишете — поскаржуся. | Якщо напишете знову, звернуся до юриста. | Ще один лист, і я подам скаргу. | Напишіть мені ще раз, і я піду в поліцію. | Якщо ви знову напишете, подам до суду. | Наступний лист передам адвокату.
        Зв'яжетесь зі мною знову — подам заяву. | Якщо отримаю ще один лист, поскаржуся. | Ще раз потурбуєте — повідомлю поліцію. | Кожен новий лист буде підставою для скарги.
    """,
}  # fmt: skip
"""Who threatens, in case they are written to again."""

OTHERS = """
    Contact me again in March. | If you contact me again in spring, we'll have a budget. | Please write to me again after the summer. | I'd appreciate it if you didn't contact me before Monday. Let's talk then. | Make sure to send me the price list. | I'll make sure my boss sees it, sounds good. | Our lawyer has to read the contract first, then let's talk.
    I hope you will contact me again. | I hope to hear from you again. | If you don't contact me again I'd be sad - please send me the offer. | Not sure why you did not write again, I'm interested. | We will report back to you, sounds great. | Write to me again next year.
    Melden Sie sich noch einmal im Herbst. | Ich würde mich freuen, wieder von Ihnen zu hören. | Unser Anwalt prüft den Vertrag, dann gern ein Termin. | Ich hoffe, Sie melden sich wieder. | Recontactez-moi en septembre. | J'espère avoir de vos nouvelles. | Escríbame de nuevo en marzo. | Espero que me vuelva a escribir en otoño.
    Please send it again, the attachment was blocked. | Send me another mail, the last one was in spam, sounds good. | Write to me again, I'll report this to my boss then. | Noch eine Mail bitte, die letzte lag im Spam. | Schreiben Sie mir noch einmal, ich hatte mich nicht gemeldet.
    Envíeme otro correo con el reporte, por favor. | Mi mandi un'altra mail per il reparto legale, per favore. | Mande mais um e-mail sobre o processo, por favor. | Пришлите ещё одно письмо, прошлое попало в спам. | Stuur nog een mail, de vorige werd geblokkeerd.
    Ricontattatemi a settembre. | Spero che mi scriviate di nuovo in autunno. | Volte a contactar em janeiro. | Schrijf me nog eens in het voorjaar. | Proszę napisać ponownie po wakacjach. | Напишите ещё раз через месяц. | Напишіть ще раз восени.
"""
"""Who asks for no end."""
