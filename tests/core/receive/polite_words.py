"""What people say with polite words, by language: ends of writing, questions after the source of their address, buyers' wishes."""

# ruff: noqa: RUF001  Cyrillic is meant

ENDS = {
    "en": """
        I'd like to be taken off this. | I would like to be left alone. | Would like to be left out of this.
        I'd like to hear nothing more about this. | I'd like this to end. | Could I be taken off please?
        I want to be taken off. | We would prefer to be left in peace. | I'd like these messages to stop.
        I'd rather not be part of this. | Can I be dropped from this? | Thanks but I'd like to be left alone.
    """,
    "de": """
        Ich möchte in Ruhe gelassen werden. | Ich würde gerne in Ruhe gelassen werden. | Ich möchte, dass das aufhört.
        Ich möchte hiervon nichts mehr hören. | Wir möchten hier bitte raus. | Ich möchte von dieser Liste runter.
        Ich würde gern aus dem Verteiler genommen werden. | Ich hätte gern meine Ruhe. | Könnte ich bitte gestrichen werden?
        Ich möchte davon verschont bleiben. | Ich möchte hier nicht mehr dabei sein.
    """,
    "fr": """
        Je voudrais qu'on me laisse tranquille. | J'aimerais être laissé tranquille. | Je voudrais que cela s'arrête.
        Je souhaite en rester là. | J'aimerais ne plus rien entendre à ce sujet. | Je voudrais avoir la paix.
        Nous aimerions sortir de cette liste. | Pourrais-je être retiré, s'il vous plaît ? | Je voudrais être oublié.
        Je souhaiterais quitter cette liste.
    """,
    "es": """
        Me gustaría que me dejaran tranquilo. | Me gustaría que me dejaran en paz. | Quisiera que esto termine.
        Me gustaría salir de esta lista. | Quisiera no saber nada más de esto. | ¿Podría ser borrado, por favor?
        Nos gustaría quedar fuera. | Me gustaría darme de baja. | Quisiera que me olvidaran.
        Preferiría dejarlo aquí.
    """,
    "it": """
        Vorrei essere lasciato in pace. | Vorrei che mi lasciaste in pace. | Vorrei che questo finisse.
        Vorrei uscire dalla vostra lista. | Vorrei non sentire più nulla. | Potrei essere tolto, per favore?
        Mi piacerebbe essere dimenticato. | Vorremmo restarne fuori. | Vorrei finirla qui.
        Preferirei stare fuori da tutto questo. | Cancella.
    """,
    "pt": """
        Gostaria que me deixassem em paz. | Gostaria de ser deixado em paz. | Gostaria que isto acabasse.
        Queria sair desta lista. | Gostaria de não saber mais nada disto. | Poderia ser retirado, por favor?
        Gostaria de ficar de fora. | Gostaria que me esquecessem. | Gostaria de encerrar por aqui.
        Gostava de ser removido.
    """,
    "nl": """
        Ik zou graag van deze lijst af willen. | Ik zou graag met rust gelaten worden. | Ik wil graag dat dit stopt.
        Ik wil hier graag af. | Ik zou graag niets meer hierover horen. | Graag wil ik verwijderd worden.
        Kan ik afgemeld worden? | Ik wil hier graag buiten blijven. | Ik zou me graag uitschrijven.
        Wij zouden graag rust hebben.
    """,
    "pl": """
        Chciałbym, żebyście mnie zostawili w spokoju. | Chciałabym zostać usunięta. | Chciałbym, żeby to się skończyło.
        Chciałbym mieć spokój. | Chcielibyśmy nic więcej o tym nie słyszeć. | Chciałbym się wypisać z tej listy.
        Chciałbym zejść z tej listy. | Czy mogę zostać wypisany? | Wolałbym nie dostawać tego.
        Chciałbym zakończyć to.
    """,
    "ru": """
        Хотел бы, чтобы меня больше не беспокоили. | Хотелось бы, чтобы меня оставили в покое. | Хотел бы, чтобы это прекратилось.
        Хотела бы больше ничего об этом не слышать. | Хотели бы выйти из этого списка. | Хотел бы быть удалён.
        Хотелось бы покоя. | Хотел бы на этом закончить. | Можно меня оставить в покое?
        Хотел бы, чтобы меня забыли.
    """,
    "uk": """
        Хотів би, щоб мене більше не турбували. | Хотілося б, щоб мене залишили у спокої. | Хотів би, щоб це припинилося.
        Хотіла б більше нічого про це не чути. | Хотіли б вийти з цього списку. | Хотів би бути видалений.
        Хотілося б спокою. | Хотів би на цьому завершити це. | Можна мене лишити у спокої?
        Хотів би, щоб мене забули.
    """,
}

SOURCES = {
    "en": """
        I'd like to know who gave you my address. | I would like to know where you got my email. | Could you tell me how you found my contact details?
        I'd like to understand where my data comes from.
    """,
    "de": """
        Ich möchte wissen, woher Sie meine Adresse haben. | Ich würde gerne erfahren, wer Ihnen meine Mail gegeben hat. | Wir wollen wissen, woher Sie unsere Daten haben.
    """,
    "fr": """
        Je voudrais savoir qui vous a donné mon adresse. | J'aimerais savoir où vous avez trouvé mes coordonnées. | Je souhaite comprendre comment vous avez eu mon mail.
    """,
    "es": """
        Me gustaría saber quién le dio mi dirección. | Quisiera saber de dónde sacó mi correo. | Quiero saber cómo consiguieron mis datos.
    """,
    "it": """
        Vorrei sapere chi vi ha dato il mio indirizzo. | Vorrei sapere dove avete trovato la mia mail. | Mi piacerebbe capire come avete avuto i miei dati.
    """,
    "pt": """
        Gostaria de saber quem lhe deu o meu endereço. | Gostaria de saber onde encontrou o meu e-mail. | Queria saber como conseguiram os meus dados.
    """,
    "nl": """
        Ik zou graag weten wie u mijn adres heeft gegeven. | Graag wil ik weten waar u mijn mail vandaan heeft. | Ik wil weten hoe u aan mijn gegevens komt.
    """,
    "pl": """
        Chciałbym wiedzieć, kto dał wam mój adres. | Chciałabym wiedzieć, skąd macie mój mail. | Chcę się dowiedzieć, skąd macie moje dane.
    """,
    "ru": """
        Хотел бы знать, кто дал вам мой адрес. | Хотелось бы узнать, откуда у вас моя почта. | Хочу знать, откуда у вас мои данные.
    """,
    "uk": """
        Хотів би знати, хто дав вам мою адресу. | Хотілося б дізнатися, звідки у вас моя пошта. | Хочу знати, звідки у вас мої дані.
    """,
}

INTERESTS = {
    "en": """
        I'd like to see a demo. | I would like more details. | We'd like to try it.
        Would like to hear the price. | I'd like to learn more about this. | I'd like to talk next week.
        We would like to meet your team. | I'd like an offer for 20 seats. | I would like to buy two.
        I'd like to know how it works.
    """,
    "de": """
        Ich möchte eine Demo sehen. | Ich möchte mehr erfahren. | Wir würden es gerne ausprobieren.
        Ich hätte gern ein Angebot. | Ich möchte die Preise wissen. | Wir möchten Sie kennenlernen.
        Ich würde gern mehr Details bekommen. | Ich möchte 20 Lizenzen kaufen. | Wir möchten das testen.
        Ich möchte Unterlagen.
    """,
    "fr": """
        Je voudrais voir une démo. | J'aimerais en savoir plus. | Nous aimerions l'essayer.
        Je voudrais un devis. | J'aimerais connaître les tarifs. | Je souhaiterais plus de détails.
        Nous voudrions vous rencontrer. | Je voudrais acheter deux licences. | J'aimerais recevoir votre offre.
        Je voudrais tester.
    """,
    "es": """
        Me gustaría ver una demo. | Me gustaría saber más. | Quisiera probarlo.
        Quisiera más detalles. | Nos gustaría conocer el precio. | Me gustaría recibir una oferta.
        Quisiera comprar dos. | Nos gustaría aprender más. | Me encantaría ver el producto.
        Quisiera hablar con ustedes.
    """,
    "it": """
        Vorrei vedere una demo. | Vorrei saperne di più. | Vorremmo provarlo.
        Vorrei maggiori dettagli. | Mi piacerebbe conoscere i prezzi. | Vorrei ricevere un'offerta.
        Vorrei un preventivo. | Gradirei più informazioni. | Vorremmo comprare due licenze.
        Mi piacerebbe vedere il prodotto.
    """,
    "pt": """
        Gostaria de ver uma demo. | Gostaria de saber mais. | Gostaríamos de experimentar.
        Gostaria de mais detalhes. | Gostaria de conhecer os preços. | Gostaria de receber uma proposta.
        Gostaria de um orçamento. | Gostaríamos de comprar duas. | Adoraria ver o produto.
        Gostaria de aprender mais.
    """,
    "nl": """
        Ik zou graag een demo zien. | Ik zou graag meer weten. | Graag meer informatie.
        Graag een offerte. | Wij willen het graag proberen. | Ik hoor graag de prijs.
        Stuur mij graag de brochure. | Graag zou ik het testen. | Wij zouden graag twee kopen.
        Graag!
    """,
    "pl": """
        Chciałbym zobaczyć demo. | Chciałbym dowiedzieć się więcej. | Chcielibyśmy wypróbować.
        Chciałabym otrzymać ofertę. | Chciałbym poznać ceny. | Chciałbym więcej szczegółów.
        Chcielibyśmy kupić dwie licencje. | Chętnie zobaczę. | Chciałbym przetestować.
        Chciałabym poznać koszt.
    """,
    "ru": """
        Хотел бы увидеть демо. | Хотелось бы узнать подробности. | Хотели бы попробовать.
        Хотел бы получить предложение. | Хотел бы узнать цену. | Хотелось бы больше информации.
        Хотели бы купить две лицензии. | Хотел бы посмотреть. | Хотела бы протестировать.
        Хотел бы узнать стоимость.
    """,
    "uk": """
        Хотів би побачити демо. | Хотілося б дізнатися більше. | Хотіли б спробувати.
        Хотів би отримати пропозицію. | Хотів би дізнатися ціну. | Хотілося б більше інформації.
        Хотіли б купити дві ліцензії. | Хотіла б подивитися. | Хотіла б протестувати.
        Хотів би дізнатися вартість.
    """,
}
