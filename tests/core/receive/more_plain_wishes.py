"""Further wishes to be written to no more, in rarer words; a bar stands between two of them."""

# ruff: noqa: RUF001  Cyrillic is meant

MORE_WISHES = {
    "en": """
        I wish to receive no more of your mailings | We would prefer not to be written to | Kindly leave us off future mailings | Please take this address off your books | I'd like you to quit sending this stuff
        Don't bother emailing | This is my third time asking, no more emails | You're not to contact me again | Do me a favour and lose my contact details | Please cancel any future emails to me
        I have not agreed to get these | Please see that my name is deleted | Cut it out with the emails | I am not willing to receive advertising | Nobody here wants your newsletter
        We do not welcome mails of this kind | I'd be glad if these mails came to an end | Could you kindly no longer send us these? | Scratch my name from your records | Nobody asked for this newsletter
        I am done with your emails | Please spare me further emails | I have asked you not to write | We don't want to be approached by you | I'd like not to be mailed any more
        Please make this the end of your mailings | Kindly don't send us any newsletters | You should stop mailing people like me | Please withdraw my address from use | I want no emails
        We ask you to end all contact | Please stop with the newsletters | Do not ever contact our office | Get us off this thing | I do not wish to be on any mailing list
    """,
    "de": """
        Wir legen keinen Wert auf weitere Zuschriften | Bitte sparen Sie sich weitere Mails | Ich untersage Ihnen, mich zu kontaktieren | Bitte nicht wieder melden | Ich will Ihre Werbung nicht haben
        Hört bitte auf mit den Mails | Mailt mir nicht mehr | Bitte künftig nicht mehr kontaktieren | Ich möchte aus dem Newsletter raus | Keine Zusendungen mehr
        Bitte entfernt unsere Adresse | Wir wünschen keine Newsletter | Senden Sie uns bitte nichts mehr | Lass das Schreiben sein | Ich habe Ihre Mails satt
        Bitte belästigen Sie uns nicht mehr | Ich habe keine Lust auf eure Mails | Tragt uns bitte aus | Auf weitere Mails möchte ich verzichten | Bitte unterlasst es, mir zu schreiben
        Mir reicht's mit eurem Newsletter | Schickt mir das nicht mehr | Ihre Mails will ich nicht | Bitte schreibt mir keine Mails mehr | Ich möchte von Ihnen nicht mehr kontaktiert werden
        Bitte löscht uns aus der Liste | Senden Sie bitte keine Werbung | Ich will nicht auf eurer Liste stehen | Wir möchten keine Nachrichten von Ihnen | Bitte nehmt mich raus
        Hören Sie auf, uns zu kontaktieren | Bitte beendet die Mails | Ich bitte um Löschung | Bitte kontaktieren Sie unser Büro nicht | Schreibt bitte nie wieder
    """,
    "fr": """
        Je vous prie de cesser tout contact | Ne souhaitons pas être sollicités | Arrêtez ces mails | Je n'en veux plus de vos messages | Veuillez arrêter de nous écrire
        Merci d'arrêter les mails | Ne plus envoyer de mail | Je souhaite ne plus être contacté | Retirez notre société de vos fichiers | Effacez-moi
        Laissez-nous tranquilles | J'en ai assez de vos mails | Pas de pub svp | Ne me relancez plus jamais | Prière de nous rayer de la liste
        Vos mails ne m'intéressent pas, arrêtez | Plus de messages de votre part | Veuillez nous retirer | Je voudrais que vous cessiez d'écrire | N'envoyez plus rien
        Je m'oppose à vos envois | Merci de nous oublier | Je vous interdis de m'écrire | Ne m'écrivez plus jamais | Je ne veux plus être sur votre liste
        Arrêtez de nous envoyer des mails | Nous ne souhaitons plus être démarchés | Merci de retirer notre adresse | Pouvez-vous me désinscrire ? | Ne nous relancez pas
        Merci de cesser vos messages | Je ne souhaite aucun mail | Stoppez les envois | Retirez-nous de la liste | Ne me contacte plus
    """,
    "es": """
        Quítanos de la lista | Dejen de mandar correos | No quiero más mensajes | No nos interesa su publicidad, no escriban | Les ruego no volver a contactarme
        No me mandes mails | Deseo darme de baja | Por favor paren | Ya no deseo sus correos | Basta ya de mensajes
        Retiren mi nombre de sus listas | No autorizo el envío de publicidad | No quiero que me llamen ni escriban | Solicito no recibir más correos | Estoy harto de sus correos
        No manden más mensajes | Hagan el favor de no escribir | No vuelvan a contactarnos | Sus correos no me interesan | Olvídense de mí
        Les prohíbo escribirme | No envíes más | Ruego me den de baja | No me escribas más | Dejad de enviarnos correos
        Quiten mi correo de la lista | No queremos más mensajes | Por favor no me contacten | Elimínennos de su base | No quiero ser parte de su lista
        Paren de escribirnos | No necesito más correos | Den de baja mi correo | Borren mis datos | No me manden publicidad
    """,
    "pt": """
        Não mandem mais e-mails | Pare com esses e-mails | Quero cancelar a newsletter | Retirem-nos da lista | Não gostaria de receber seus e-mails
        Por favor, não enviar mais mensagens | Deixem-me em paz | Não autorizo o envio de e-mails | Não tenho interesse em receber e-mails | Favor não contatar mais
        Parem com isso | Remova nosso endereço | Solicito a exclusão dos meus dados | Estou farto dos vossos e-mails | Não nos escrevam
        Seus e-mails não me interessam | Esqueçam-me | Peço a remoção do meu e-mail | Não enviem nada | Não me contactem
        Deixem de mandar isto | Proíbo que me escrevam | Gostaria de sair da lista | Parem de nos escrever | Não quero mais mensagens
        Tire-nos da lista | Não me enviem publicidade | Remova meu nome | Não queremos e-mails | Por favor não escrevam mais
        Cancele o envio | Não desejo ser contactado | Deixe de enviar | Não me procure mais | Retire meu contato da base
    """,
    "it": """
        Non scrivetemi mai più | Vi prego di smettere | Basta scrivermi | Vorrei non ricevere più email | Non inviateci nulla
        Toglieteci dalla mailing list | Non vogliamo ricevere pubblicità | Smettila di contattarmi | Chiedo di non essere più contattato | Non desideriamo le vostre comunicazioni
        Sono stufo delle vostre mail | Cancellate il mio nominativo | Lasciateci in pace | Per favore niente più email | Non autorizzo l'invio
        Le vostre mail non mi interessano | Dimenticatevi di me | Non inviate altro | Vi diffido dallo scrivermi | Chiedo la rimozione
        Smettetela con le mail | Non rispondete più | Voglio essere tolto dalla lista | Non voglio più mail | Smettete di mandarci messaggi
        Rimuoveteci dalla lista | Non contattate più il nostro ufficio | Non vogliamo altre mail | Per favore non scrivete | Cancelli i miei dati
        Niente più messaggi | Non scriveteci mai più | Vorrei essere rimosso | Toglietemi dall'elenco | Non mandatemi pubblicità
    """,
    "nl": """
        Stop hiermee | Ik hoef jullie mails niet | Geen reclame meer sturen | Verwijder mijn gegevens | Graag uitschrijven
        Ik wil geen contact | Niet meer contacteren | Stuur ons geen mails | Ik wens niet benaderd te worden | Schrijf mij uit
        Wij ontvangen liever niets | Ik ben jullie mails zat | Haal mijn adres uit het bestand | Wilt u mij verwijderen? | Laat maar, mail niet meer
        Uw mails interesseren mij niet | Vergeet mij | Ik verbied u mij te mailen | Stuur dit niet meer | Graag van de lijst af
        Niet meer toesturen | Ik zeg de nieuwsbrief op | Bespaar mij uw mails | Ik wil geen berichten meer | Stuur ons niets
        Haal ons van de lijst | Wij willen geen reclame | Stop met ons te mailen | Verwijder ons adres | Mail mij nooit meer
        Neem geen contact meer op | Ik wil van de lijst af | Graag geen mails meer | Schrijf mij niet | Laat mij met rust
    """,
    "pl": """
        Proszę o niewysyłanie wiadomości | Nie piszcie | Skreślcie nas z listy | Mam dość waszych maili | Proszę mi nie wysyłać ofert
        Nie wyrażam zgody na maile | Dajcie spokój z mailami | Zostawcie mnie w spokoju | Proszę zaprzestać | Nie życzymy sobie reklam
        Proszę o wykreślenie z bazy | Nie interesują mnie wasze maile | Więcej nie piszcie | Nie przesyłajcie mi nic | Proszę nie kontaktować się z nami
        Wasze maile mnie nie interesują | Zapomnijcie o mnie | Zabraniam do mnie pisać | Nie ślijcie tego | Proszę o usunięcie adresu
        Oszczędźcie mi maili | Odpiszcie mnie z listy | Nie odzywajcie się | Nie piszcie do nas więcej | Nie chcę więcej maili
        Usuńcie mój adres | Proszę nas nie niepokoić | Przestańcie pisać | Nie wysyłajcie reklam | Nie chcemy waszych wiadomości
        Wykreślcie nas z listy | Proszę nie wysyłać maili | Nie pisz więcej | Proszę o zakończenie kontaktu | Nie dzwońcie do nas
    """,
    "ru": """
        Не желаем получать рекламу | Прошу больше не беспокоить | Отстаньте от меня | Мы не хотим от вас писем | Снимите меня с рассылки
        Надоели ваши письма | Больше не надо писем | Не нужно нам писать | Прошу удалить мой адрес | Не присылайте рекламу
        Просьба не писать | Исключите нас | Хватит мне писать | Не хочу с вами общаться | Перестаньте присылать это
        Ваши письма меня не интересуют | Забудьте обо мне | Запрещаю мне писать | Не шлите этого | Избавьте меня от писем
        Прошу исключить | Не обращайтесь к нам | Удалите из базы | Не пишите мне никогда | Удалите нас из списка
        Мы не хотим получать письма | Не надо писать нам | Прекратите нам писать | Уберите мой адрес | Больше не отправляйте писем
        Не присылайте нам писем | Прошу нас не беспокоить | Отпишите нас | Не хочу писем | Перестаньте писать
    """,
    "uk": """
        Не бажаємо отримувати рекламу | Прошу більше не турбувати | Відчепіться | Ми не хочемо від вас листів | Зніміть мене з розсилки
        Набридли ваші листи | Більше не треба листів | Не потрібно нам писати | Прошу видалити мою адресу | Не надсилайте рекламу
        Прохання не писати | Виключіть нас | Годі мені писати | Не хочу з вами спілкуватися | Перестаньте надсилати це
        Ваші листи мене не цікавлять | Забудьте про мене | Забороняю мені писати | Не шліть цього | Позбавте мене листів
        Прошу виключити | Не звертайтеся до нас | Видаліть із бази | Не пишіть мені ніколи | Видаліть нас зі списку
        Ми не хочемо отримувати листи | Не треба писати нам | Припиніть нам писати | Приберіть мою адресу | Більше не надсилайте листів
        Не надсилайте нам листів | Прошу нас не турбувати | Відпишіть нас | Не хочу листів | Перестаньте писати
    """,
}  # fmt: skip
