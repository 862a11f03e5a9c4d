"""What people write who turn down a meeting, a call, an offer, and buyers whose words hold a negation too, by language."""

# ruff: noqa: RUF001  Cyrillic is meant

REFUSALS = {
    "en": """
        I don't want a meeting. | I really do not need a demo. | A meeting won't be necessary. | We have no interest in a call. | No call needed. | Please, no meetings. | I have no time for a call. | We're absolutely not interested.
        This doesn't sound interesting to us. | Nothing here interests us. | I would not be interested in a demo. | We don't require any offer, thank you. | I do not wish to schedule a call. | A demo is of no use to us. | There's no need for an appointment.
        None of this is of interest. | We're not the least bit interested. | I'd rather not have a meeting. | I don't have the time for a chat. | Nobody here is interested. | I can't see any interest in this on our side. | We never do demos. | A call isn't something I want.
        I decline your meeting. | I'd pass on the demo. | We do not see a need to meet. | I have zero interest in a presentation. | An offer is not needed.
    """,
    "de": """
        Kein Termin bitte. | Ich möchte wirklich keinen Termin. | Wir brauchen leider kein Angebot. | Das interessiert mich überhaupt nicht. | Interessiert uns leider gar nicht. | Ein Gespräch ist nicht nötig. | Einen Termin brauchen wir nicht. | Das ist für uns nicht interessant.
        Das klingt nicht interessant. | Ich habe keine Zeit für ein Telefonat. | Wir wünschen kein Meeting. | Ich will mit Ihnen nicht telefonieren. | Eine Demo ist nicht erforderlich. | Daran haben wir absolut kein Interesse. | Wir sind in keiner Weise interessiert. | Bitte keinen Anruf.
        Für ein Gespräch besteht kein Bedarf. | Ich hätte lieber keinen Termin. | Niemand hier interessiert sich dafür. | Von einer Demo bitte ich abzusehen, kein Interesse.
    """,
    "fr": """
        Je ne veux pas de rendez-vous. | Ça ne m'intéresse absolument pas. | Cela ne nous intéresse vraiment pas. | Nous ne sommes absolument pas intéressés. | Pas besoin de démo. | Pas de rendez-vous, merci. | Je n'ai pas le temps pour un appel. | Nous n'avons aucun intérêt pour une réunion.
        Un appel n'est pas nécessaire. | Je ne souhaite pas échanger avec vous. | Votre offre ne m'intéresse malheureusement pas. | Nous ne désirons aucun devis. | Une démonstration ne nous serait d'aucune utilité. | Ce n'est pas du tout intéressant pour nous. | Rien de tout cela ne nous intéresse. | Je décline votre rendez-vous. | Nous ne sommes pas preneurs d'un appel. | Personne ici n'est intéressé.
    """,
    "es": """
        No quiero una reunión. | No necesito una demo. | No estamos para nada interesados. | No me interesa una llamada. | No tengo tiempo para una llamada. | No hace falta una reunión. | Una demo no es necesaria. | Sin llamadas, por favor.
        No deseamos ningún presupuesto. | No nos interesa en absoluto. | La verdad es que no me interesa nada. | No estoy realmente interesada. | Ninguna reunión, gracias. | No tenemos interés en reunirnos. | La demo no nos hace falta. | No queremos agendar una llamada. | No vemos ningún interés en su oferta. | A nadie aquí le interesa.
    """,
    "it": """
        Non voglio un appuntamento. | Non ho bisogno di una demo. | Non siamo per niente interessati. | Non mi interessa una call. | Non ho tempo per una chiamata. | Un incontro non è necessario. | Nessun appuntamento, grazie. | Non desideriamo alcun preventivo.
        Non mi interessa assolutamente. | Non serve una demo. | La vostra offerta non ci interessa affatto. | Niente chiamate, per favore. | Non vogliamo fissare un incontro. | Non sono davvero interessata. | Una chiamata non occorre. | Non è per nulla interessante per noi.
    """,
    "pt": """
        Não quero uma reunião. | Não precisamos de uma demonstração. | Não estou nada interessado. | Não tenho tempo para uma chamada. | Uma reunião não é necessária. | Nenhuma reunião, por favor. | Não desejamos qualquer orçamento. | Não me interessa minimamente.
        Não estamos de todo interessados. | Não é preciso uma chamada. | A vossa proposta não nos interessa mesmo nada. | Sem reuniões, obrigado. | Dispenso a reunião. | A demonstração não é do nosso interesse. | Não queremos agendar uma chamada. | Isso não é realmente interessante para nós. | Ninguém aqui está interessado. | Não há qualquer interesse numa demo.
    """,
    "nl": """
        Ik wil geen afspraak. | Wij hebben geen demo nodig. | Helemaal niet interessant. | Ik heb geen interesse in een gesprek. | Een afspraak is niet nodig. | Geen afspraak, dank u. | Ik heb geen tijd voor een gesprek. | Wij wensen geen offerte.
        Het interesseert ons totaal niet. | Wij zijn absoluut niet geïnteresseerd. | Een demo hoeft niet. | Bellen is niet nodig. | Ik wil niet bellen. | Dat klinkt niet interessant. | Uw offerte hebben we niet nodig. | Niemand hier is geïnteresseerd. | Liever geen gesprek.
    """,
    "pl": """
        Nie chcę spotkania. | Nie potrzebujemy prezentacji. | W ogóle nas to nie interesuje. | Nie interesuje mnie spotkanie. | Spotkanie nie jest potrzebne. | Nie mam czasu na rozmowę. | Bez spotkań, proszę. | Żadnych spotkań, dziękuję. | Proszę nie umawiać spotkania.
        Nie jesteśmy absolutnie zainteresowani. | Nie życzymy sobie oferty. | Niestety to nas zupełnie nie interesuje. | Rozmowa telefoniczna nie jest konieczna. | To naprawdę nie jest dla nas interesujące. | Nie trzeba dzwonić ani umawiać spotkania. | Oferta nie jest nam potrzebna. | Nikt tu nie jest zainteresowany.
    """,
    "ru": """
        Встреча не нужна. | Не хочу созваниваться. | Мне это совсем не интересно. | Не хочу встречи. | Нам не нужно ваше предложение. | Нет времени на звонок. | Звонок не требуется. | Нас это абсолютно не интересует.
        Мы совершенно не заинтересованы. | Никаких встреч, пожалуйста. | Демонстрация нам не нужна. | Не вижу смысла в созвоне. | Это для нас неинтересно. | Ничего из этого нас не интересует. | Нам ни к чему встреча. | Не желаю назначать звонок.
    """,
    "uk": """
        Зустріч не потрібна. | Не хочу зустрічі. | Мені це зовсім не цікаво. | Нас це абсолютно не цікавить. | Немає часу на дзвінок. | Не хочу зідзвонюватися. | Нам не потрібна ваша пропозиція. | Дзвінок не потрібен.
        Ми зовсім не зацікавлені. | Ніяких зустрічей, будь ласка. | Демонстрація нам не потрібна. | Не бачу сенсу в зустрічі. | Це для нас нецікаво. | Нічого з цього нас не цікавить. | Не бажаю призначати дзвінок. | Без дзвінків, дякую.
    """,
}  # fmt: skip
"""No, whatever stands between the negation and what is not wanted."""

UNCERTAIN = """
    I'm not sure whether this is interesting for us. | Not sure if a call makes sense. | I don't know if we would be interested. | I'm not certain that a demo helps. | I doubt that a meeting is useful. | Ich bin mir nicht sicher, ob das interessant ist. | Ich weiß nicht, ob sich ein Termin lohnt.
    Je ne suis pas sûr que ce soit intéressant. | Je ne sais pas si un appel est utile. | No estoy seguro de que sea interesante. | No sé si nos interesa. | Non sono sicuro che sia interessante. | Non so se un incontro serva. | Não sei se nos interessa. | Não tenho a certeza se é interessante.
    Ik weet niet of een gesprek zin heeft. | Ik ben niet zeker of dit interessant is. | Nie wiem, czy to nas interesuje. | Nie jestem pewien, czy spotkanie ma sens. | Не уверен, что нам это интересно. | Не знаю, нужна ли встреча. | Не впевнений, що це цікаво. | Не знаю, чи потрібна зустріч.
"""
"""Who does not know yet."""

BUYERS = """
    No problem, happy to meet. | No problem, let's schedule a call. | Not only interested, we want to buy. | I don't mind a quick call. | I have no objection to a meeting. | No doubt this is interesting, tell me more.
    I can't meet on Monday, but Tuesday works for me. | I don't have time for a call today, let's talk tomorrow. | Could we not schedule a call this week? | Don't hesitate to call me. | Please don't cancel our meeting. | Not bad at all, very interesting. | I have no questions, let's meet.
    We don't have such a tool yet and would love to see a demo. | No offer arrived, please send it again. | I haven't received your offer, can you send it? | Never seen something so interesting, tell me more. | I don't need a demo, send me the contract. | No need for a call, just send me the pricing. | I wasn't sure at first, but I'm interested.
    I would not say no to a demo, interesting. | We couldn't be more interested! | Je ne dis pas non à un rendez-vous. | No entiendo el precio, envíeme la oferta. | Не понял цену, пришлите прайс. | I'm not the decision maker but I'm interested, let's talk.
    Kein Problem, gern einen Termin. | Warum nicht? Lassen Sie uns einen Termin machen. | Nicht nur interessant, sondern genau was wir brauchen, schicken Sie mir ein Angebot. | Nichts dagegen, gern ein Gespräch am Dienstag. | Am Montag kann ich nicht, am Dienstag passt mir ein Termin. | Ich habe noch kein Angebot erhalten, bitte senden Sie mir eines.
    Bitte zögern Sie nicht, mir einen Termin vorzuschlagen. | Ich möchte den Termin nicht verpassen. | Einen Termin brauchen wir nicht, schicken Sie mir das Angebot. | Keine Frage, das ist interessant. | Kein Thema, rufen Sie mich an.
    Pourquoi pas un rendez-vous mardi ? | Pas de problème, un appel me convient. | Je ne peux pas lundi, mais un rendez-vous mardi me va. | N'hésitez pas à m'appeler. | Non seulement intéressé, mais convaincu. | Aucun souci, envoyez-moi le devis.
    ¿Por qué no una reunión el martes? | Sin problema, hablamos. | No solo me interesa, quiero comprar. | No dude en llamar, me interesa. | El lunes no puedo, pero podemos hablar el martes. | Perché no, fissiamo un incontro. | Nessun problema, mi chiami. | Non solo interessante, mi mandi un preventivo. | Non vedo l'ora di un incontro.
    Porque não uma reunião na terça? | Sem problema, tenho interesse. | Não só interessante, envie-me uma proposta. | Waarom niet, een afspraak is prima. | Geen probleem, bel me. | Niet alleen interessant, stuur me een offerte. | Maandag kan ik niet, maar dinsdag een afspraak is goed.
    Nie ma problemu, umówmy spotkanie. | Czemu nie, chętnie porozmawiam. | Nie tylko interesujące, proszę przesłać ofertę. | Почему бы не созвониться? | Без проблем, давайте созвонимся. | Не только интересно, пришлите цены. | Чому б не зустрітися, можемо поговорити. | Без проблем, зідзвонимося.
"""
"""Who wishes to go on, beside a negation."""

OPEN = "Why not meet on Tuesday? | I can't wait to meet you. | Nothing against a call, how about Friday? | I don't want to miss the demo. | Не против встречи."
"""Who turns nothing down, in words that no rule knows."""
