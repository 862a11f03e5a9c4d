"""How people plainly wish to be written to no more, by language; a bar stands between two of them."""

# ruff: noqa: RUF001  Cyrillic is meant

WISHES = {
    "en": """
        I do not want to be emailed. | I don't want emails from you. | I don't want to get your emails. | I don't need your emails.
        I don't want to get any emails from you anymore | I don't want to be on your list. | I don't want your newsletter. | I don't wish to hear from you
        Please no longer email me. | I am asking you to no longer contact me | Please avoid sending me emails | Please avoid contacting me in future
        please exclude my address from future mailings | Would you please not write again? | Would you mind not emailing me again? | Cancel my subscription
        Please cancel these emails | No emails please | Enough emails! | Do not send more. | Please deregister me
        We never want to get another message from you. | We'd like to get no further letters of this kind. | I have no wish to be contacted. | We do not care to receive your mailings.
        Kindly end this correspondence. | Kindly cease mailing us. | I want you to quit messaging me. | I must ask you to end these messages
        Would you be so kind as to drop my name from the mailing? | You may strike us off your mailing list. | Please keep me out of your campaigns. | Please see to it that I get no more of this.
        I'd prefer you didn't email me. | It would be good if you did not write to us any more. | I'd rather you left me off your list. | I won't read any of this, so please end it.
        Don't you dare mail me again. | You need not write to me any more. | There is no need to contact us again. | No calls and no mails, please.
        Please do not use this address anymore. | Kindly discontinue your mailings. | I did not ask for your newsletter and do not want it. | Please let this be your last email.
        Take our company off please | We don't accept unsolicited mail, please respect this. | I asked not to be mailed. | Not interested, and please don't mail again.
    """,
    "de": """
        Ich möchte nicht mehr von Ihnen angeschrieben werden | Ich möchte nichts mehr von euch hören | Schluss mit den Mails | Bitte stellen Sie die Zusendung ein
        Ich will keine Mails von euch. | Wir brauchen Ihre Mails nicht. | Ich möchte Ihren Newsletter nicht. | Bitte keine E-Mails.
        Bitte schreibt uns nicht wieder. | Schreib mir bitte nie wieder. | Ich bitte Sie, mich nicht erneut zu kontaktieren. | Bitte sehen Sie von weiteren Schreiben ab.
        Könnten Sie bitte aufhören, mich anzuschreiben? | Würdet ihr mich bitte aus der Liste nehmen? | Bitte mich aus dem Verteiler nehmen. | Nimm mich bitte aus deinem Verteiler.
        Streich mich von der Liste. | Streicht uns bitte. | Meldet mich bitte ab. | Melde mich bitte vom Newsletter ab.
        Ich wünsche keinen Kontakt. | Wir wünschen keine Kontaktaufnahme. | Ich möchte nicht kontaktiert werden. | Wir wollen nicht angeschrieben werden.
        Ich habe kein Bedürfnis nach weiteren Mails. | Lasst uns in Frieden. | Lassen Sie mich mit Ihren Mails in Frieden. | Verschont mich mit euren Mails.
        Stellt das Schreiben ein. | Stellen Sie Ihre Mails bitte ein. | Beenden Sie bitte die Zusendung von Werbung. | Hör auf, mir zu mailen.
        Von Ihnen will ich keine Post mehr. | Es reicht mit den Mails. | Keine Post mehr von euch, bitte. | Ich verzichte auf weitere Mails.
        Bitte kontaktiert mich nicht. | Nehmen Sie bitte keinen Kontakt mehr mit mir auf. | Vermeiden Sie es bitte, mich anzuschreiben. | Bitte sende mir nichts mehr zu.
        Wir möchten Ihre Nachrichten nicht erhalten. | Bitte künftig von Mails absehen. | Kündigen Sie mein Abo. | Ich will von euch nichts bekommen.
        Kein Interesse, und bitte schreiben Sie nicht wieder. | Ich möchte von Ihrer Liste runter. | Bitte keine weiteren Anrufe und Mails. | Bitte nicht mehr zuschicken.
    """,
    "fr": """
        Je ne veux pas recevoir vos emails | Je ne veux pas de vos mails. | Nous ne voulons pas être contactés. | Je ne souhaite pas être contacté par vous.
        Merci de ne pas m'écrire. | Merci de ne plus nous adresser de courriels. | Prière de ne plus m'envoyer de messages. | Veuillez ne pas me contacter.
        N'écrivez plus. | Ne m'écris plus. | Ne m'envoie plus de mails. | Ne nous envoyez rien.
        Arrête de m'écrire. | Arrêtez vos envois. | Cesse de m'envoyer des mails. | Cessez de nous contacter.
        Évitez de m'écrire à l'avenir. | Évite de me contacter. | Abstenez-vous de me contacter. | Veuillez vous abstenir de tout envoi.
        Enlève-moi de ta liste. | Retire-moi de la liste. | Supprime-moi de ta base. | Sortez-moi de votre liste.
        Ôtez-moi de vos listes. | Désinscris-moi. | Désabonne-moi s'il te plaît. | Résiliez mon abonnement.
        Annulez mon abonnement à la newsletter. | Je n'ai pas besoin de vos mails. | Pas d'emails, merci. | Plus aucun message, s'il vous plaît.
        Je n'ai pas envie de recevoir votre newsletter. | Je ne veux plus rien recevoir de votre part. | On ne veut plus de vos messages. | Je refuse de recevoir vos messages.
        Je ne désire plus avoir de vos nouvelles. | Pourriez-vous cesser de m'écrire ? | Peux-tu arrêter de m'envoyer ça ? | Je vous demande de ne plus me joindre.
        Assez de mails ! | Mettez fin à ces envois. | Ça suffit avec ces mails. | Pas intéressé, et merci de ne pas réécrire.
        Je ne veux pas être sur votre liste. | Exclure mon adresse de vos envois svp | Inutile de m'écrire à nouveau. | Ne m'appelez plus et ne m'écrivez plus.
    """,
    "es": """
        Borradme de la lista | Dejad de escribirme | Elimíname de la lista | No quiero correos suyos.
        No quiero que me escriban. | No queremos que nos contacten. | No quiero estar en su lista. | No quiero vuestro boletín.
        No necesito sus correos. | No deseo ser contactado. | No deseamos recibir publicidad. | No me interesa recibir sus mensajes.
        No me escribáis más. | No nos mandéis más correos. | No me envíes nada. | No me contactes más.
        Por favor, eviten escribirme. | Evite contactarme en el futuro. | Absténganse de enviarme correos. | Les pido que no me escriban.
        Te pido que no me contactes. | Le ruego que deje de escribirme. | ¿Podrían dejar de enviarme correos? | ¿Puedes quitarme de tu lista?
        Quitadme de la lista. | Sácame de tu base de datos. | Sacadme de vuestra lista. | Bórrame, por favor.
        Borre mi dirección. | Dadme de baja. | Date prisa y dame de baja. | Cancele mi suscripción.
        Cancela mi suscripción al boletín. | Ya basta de correos. | Ni un correo más. | Nada de correos, por favor.
        Paren de mandarme mensajes. | Deja de molestarme. | Ya no me escriban. | Ya no quiero saber de ustedes.
        Cesen el envío de correos. | Que no me llegue más publicidad. | No hace falta que me escriban más. | No me interesa, y por favor no escriban de nuevo.
        Excluya mi correo de sus envíos. | Prefiero que no me escriban. | Prefiero no recibir nada. | No vuelvas a mandarme nada.
    """,
    "pt": """
        Me tira dessa lista | Me tirem da lista. | Tira-me da lista. | Tirem o meu e-mail da lista.
        Não quero e-mails de vocês. | Não quero que me escrevam. | Não queremos ser contactados. | Não quero ser contatado.
        Não quero estar na sua lista. | Não preciso dos seus e-mails. | Não quero a sua newsletter. | Não desejo receber publicidade.
        Não me mande nada. | Não me envies mais mensagens. | Não me escrevam mais. | Não voltem a escrever.
        Não volte a me contatar. | Parem de me mandar e-mails. | Pare de escrever. | Deixem de me enviar mensagens.
        Deixe de me contactar. | Evitem me escrever. | Por favor, evite contactar-me. | Abstenham-se de me contactar.
        Peço que não me escrevam mais. | Pedimos que nos retirem da lista. | Podem parar de enviar e-mails? | Poderia me remover da lista?
        Pode tirar meu nome da lista? | Cancele minha inscrição. | Cancelem a minha subscrição. | Cancela minha assinatura da newsletter.
        Exclua meu e-mail. | Excluam-me da lista. | Apague o meu contacto. | Removam o meu endereço.
        Chega de e-mails. | Basta de mensagens! | Nada de e-mails, por favor. | Sem mais e-mails, por favor.
        Já não quero receber nada. | Não quero mais saber de vocês. | Prefiro não receber mensagens. | Prefiro que não me escrevam.
        Sem interesse, e não escrevam de novo. | Quero sair da lista. | Encerrem o envio de mensagens. | Não é preciso escrever de novo.
    """,
    "it": """
        Non voglio le vostre mail. | Non voglio che mi scriviate. | Non vogliamo essere contattati. | Non voglio stare nella vostra lista.
        Non ho bisogno delle vostre email. | Non voglio la vostra newsletter. | Non desidero ricevere messaggi. | Non mi interessa ricevere le vostre mail.
        Non scrivermi più. | Non mi scrivere più. | Non mandateci altro. | Non mandarmi niente.
        Non ci contattate. | Non contattarci più. | Smetti di scrivermi. | Smettila di mandarmi mail.
        Smettete di contattarci. | Evitate di scrivermi. | Eviti di contattarmi in futuro. | Si astenga dal contattarmi.
        Vi chiedo di non scrivermi. | Le chiedo di non contattarmi più. | Ti prego di non scrivere più. | Potete smettere di scrivermi?
        Potrebbe togliermi dalla lista? | Toglietemi dalla lista. | Togli il mio nome dalla lista. | Levatemi dalla lista.
        Cancellaci dalla lista. | Cancelli il mio abbonamento. | Annullate la mia iscrizione. | Disiscrivetemi.
        Eliminami dall'elenco. | Escludete il mio indirizzo dagli invii. | Basta con queste mail. | Niente email, per favore.
        Nessuna mail, grazie. | Non più messaggi, per favore. | Cessate l'invio di messaggi. | Interrompete gli invii.
        Preferisco non ricevere nulla. | Preferirei che non mi scriveste. | Non voglio più avere vostre notizie. | Non vogliamo più niente da voi.
        Non mi interessa, e per favore non riscrivete. | Non c'è bisogno di scrivermi ancora. | Non mi chiamate e non mi scrivete. | Voglio uscire dalla lista.
    """,
    "nl": """
        Ik wil geen mails van jullie. | Ik wil niet gemaild worden. | Wij willen niet benaderd worden. | Ik wil uw nieuwsbrief niet.
        Ik wil niet op uw lijst staan. | Ik heb uw mails niet nodig. | Ik wens geen mails te ontvangen. | Ik wil niets meer van u horen.
        Mail me niet meer. | Mail ons niet. | Schrijf me niet meer. | Schrijf ons niet meer aan.
        Stuur me niets meer. | Stuur geen mails meer. | Stop met mailen. | Stop met het sturen van mails.
        Hou op met schrijven. | Houd op mij te mailen. | Wilt u stoppen met mailen? | Kunt u mij van de lijst halen?
        Wilt u mij niet meer mailen? | Ik vraag u mij niet meer te benaderen. | Ik verzoek u geen contact meer op te nemen. | Gelieve ons niet meer te mailen.
        Vermijd het mij te mailen. | Haal me van je lijst. | Haal ons van de lijst af. | Verwijder ons uit jullie bestand.
        Verwijder mijn adres. | Schrijf me uit. | Schrijf ons uit voor de nieuwsbrief. | Zeg mijn abonnement op.
        Meld me af. | Genoeg mails! | Geen mails a.u.b. | Geen e-mail meer graag.
        Niet meer mailen aub | Niet meer schrijven. | Geen interesse, en graag niet meer mailen. | Ik ontvang liever geen mails.
        Ik heb liever dat u niet mailt. | Staak het mailen. | Beëindig deze mails. | Laat ons met rust.
        Geen contact meer opnemen. | Neem geen contact met ons op. | U hoeft mij niet meer te mailen. | Ik wil hier vanaf.
    """,
    "pl": """
        Nie chcę maili od was. | Nie chcę, żebyście do mnie pisali. | Nie chcemy być kontaktowani. | Nie chcę być na waszej liście.
        Nie potrzebuję waszych maili. | Nie chcę waszego newslettera. | Nie życzę sobie kontaktu. | Nie chcę dostawać wiadomości.
        Nie chcę od was nic więcej. | Proszę nie pisać. | Proszę do mnie nie pisać. | Proszę już nie pisać więcej.
        Nie piszcie więcej. | Nie pisz do nas. | Nie wysyłajcie mi maili. | Nie wysyłaj nic więcej.
        Nie przysyłajcie ofert. | Nie kontaktujcie się z nami. | Proszę się ze mną nie kontaktować. | Proszę nie dzwonić i nie pisać.
        Przestań do mnie pisać. | Przestańcie wysyłać maile. | Proszę przestać pisać. | Proszę zaprzestać wysyłania wiadomości.
        Proszę zakończyć korespondencję. | Proszę unikać kontaktu ze mną. | Czy możecie przestać pisać? | Czy może mnie pan usunąć z listy?
        Usuń mnie z listy. | Usuńcie nas z bazy. | Proszę usunąć mój adres. | Proszę mnie skreślić z listy.
        Wypiszcie mnie. | Wypisz nas z newslettera. | Wykreślcie mój adres. | Anulujcie moją subskrypcję.
        Rezygnuję z newslettera. | Dość maili! | Żadnych maili, proszę. | Bez maili, proszę.
        Koniec z mailami. | Wolę nie dostawać wiadomości. | Wolałbym, żebyście nie pisali. | Nie ma potrzeby pisać ponownie.
        Nie jestem zainteresowany i proszę więcej nie pisać. | Skończcie z tymi mailami. | Nie chcę mieć z wami kontaktu. | Proszę o zaprzestanie kontaktu.
    """,
    "ru": """
        Не хочу ваших писем. | Я не хочу, чтобы вы мне писали. | Не хотим, чтобы нам писали. | Не хочу быть в вашем списке.
        Мне не нужны ваши письма. | Мне не нужна ваша рассылка. | Я не желаю получать сообщения. | Не хочу больше о вас слышать.
        Больше мне не пишите. | Не пишите нам. | Не пиши сюда. | Прошу мне не писать.
        Пожалуйста, больше не пишите нам. | Не присылайте ничего. | Не присылай мне писем. | Не шлите мне письма.
        Не отправляйте нам сообщения. | Не надо больше писем. | Не надо мне ничего присылать. | Не связывайтесь с нами.
        Перестань мне писать. | Перестаньте нам писать. | Прекрати слать письма. | Прекратите отправку писем.
        Прошу прекратить рассылку. | Избегайте писать мне. | Воздержитесь от писем. | Можете больше не писать?
        Можете удалить меня из списка? | Не могли бы вы мне больше не писать? | Удали меня из списка. | Удалите наш адрес.
        Уберите нас из базы. | Вычеркните меня из списка. | Исключите наш адрес из рассылки. | Отпишите меня от рассылки.
        Отмените мою подписку. | Хватит писем! | Достаточно писем. | Никаких писем, пожалуйста.
        Без писем, пожалуйста. | Я предпочитаю не получать писем. | Лучше бы вы мне не писали. | Не нужно писать снова.
        Не интересно, и больше не пишите. | Отказываюсь от рассылки. | Оставьте нас в покое. | Закончите эту переписку.
    """,
    "uk": """
        Не хочу ваших листів. | Я не хочу, щоб ви мені писали. | Не хочемо, щоб нам писали. | Не хочу бути у вашому списку.
        Мені не потрібні ваші листи. | Мені не потрібна ваша розсилка. | Я не бажаю отримувати повідомлення. | Не хочу більше про вас чути.
        Більше мені не пишіть. | Не пишіть нам. | Не пиши сюди. | Прошу мені не писати.
        Будь ласка, більше не пишіть нам. | Не надсилайте нічого. | Не надсилай мені листів. | Не шліть мені листи.
        Не надсилайте нам повідомлення. | Не треба більше листів. | Не треба мені нічого надсилати. | Не зв'язуйтеся з нами.
        Перестань мені писати. | Перестаньте нам писати. | Припини слати листи. | Припиніть надсилання листів.
        Прошу припинити розсилку. | Уникайте писати мені. | Утримайтеся від листів. | Можете більше не писати?
        Можете видалити мене зі списку? | Чи не могли б ви більше мені не писати? | Видали мене зі списку. | Видаліть нашу адресу.
        Приберіть нас із бази. | Викресліть мене зі списку. | Виключіть нашу адресу з розсилки. | Відпишіть мене від розсилки.
        Скасуйте мою підписку. | Досить листів! | Годі листів. | Жодних листів, будь ласка.
        Без листів, будь ласка. | Я волію не отримувати листів. | Краще б ви мені не писали. | Не потрібно писати знову.
        Не цікаво, і більше не пишіть. | Відмовляюся від розсилки. | Дайте нам спокій. | Закінчіть це листування.
    """,
    "cs": "Nepište mi. | Už mi nepište. | Odhlaste mě. | Vymažte mě ze seznamu. | Nechci od vás žádné maily. | Nechci dostávat vaše e-maily. | Přestaňte mi psát. | Neposílejte mi nic.",
    "da": "Skriv ikke til mig igen. | Fjern mig fra listen. | Afmeld mig. | Jeg vil ikke have jeres mails. | Stop med at skrive til mig. | Jeg ønsker ikke at modtage mails. | Ingen mails, tak.",
    "sv": "Skriv inte till mig igen. | Ta bort mig från listan. | Avregistrera mig. | Jag vill inte ha era mejl. | Sluta skriva till mig. | Jag vill inte få fler mejl. | Inga mejl, tack.",
    "no": "Ikke skriv til meg igjen. | Fjern meg fra listen. | Meld meg av. | Jeg vil ikke ha e-post fra dere. | Slutt å skrive til meg. | Jeg ønsker ikke å motta e-post. | Ikke kontakt meg.",
    "fi": "Älkää kirjoittako minulle. | Poistakaa minut listalta. | En halua viestejänne. | Lopettakaa sähköpostien lähettäminen. | Älkää ottako yhteyttä. | En halua sähköpostia. | Peruuttakaa tilaukseni.",
    "tr": "Bana yazmayın. | Beni listeden çıkarın. | E-posta istemiyorum. | Bana e-posta göndermeyin. | Aboneliğimi iptal edin. | Lütfen bir daha yazmayın. | Benimle iletişime geçmeyin.",
    "ro": "Nu-mi mai scrieți. | Scoateți-mă din listă. | Nu vreau e-mailuri de la voi. | Dezabonați-mă. | Nu mă mai contactați. | Nu doresc să primesc mesaje. | Ștergeți adresa mea.",
    "hu": "Ne írjanak nekem többet. | Töröljenek a listáról. | Nem kérek több levelet. | Iratkoztassanak le. | Ne küldjenek több e-mailt. | Nem szeretnék leveleket kapni. | Kérem, töröljék a címemet.",
}  # fmt: skip
