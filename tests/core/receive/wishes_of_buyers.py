"""What buyers, and others who do not wish to be written to no more, say with the words of such wishes, by language."""

# ruff: noqa: RUF001  Cyrillic is meant

OTHERS = {
    "en": """
        I don't want to miss your emails. | Please don't stop emailing me. | No emails please, call me. | I never want to lose your newsletter again.
        Please do not hesitate to contact me. | I don't want emails from Salesforce any more, yours are fine. | No email has arrived yet, please send it again. | We don't need your newsletter feature, only the mailings. Price?
        I do not want to be emailed before Monday. | Please avoid sending me emails with attachments over 10 MB. | Cancel my subscription to the basic plan and upgrade me. | Please cancel these emails' order and start with the second one.
        Do not send more than the price list. | I don't want your emails to land in spam, what should I whitelist? | I no longer want to be on the waiting list, we want to start. | Please no longer email Tom, email me.
        I am asking you to no longer contact me by phone; mail is better. | Would you mind not emailing me at this address but at my private one? | Enough emails! Let's talk on the phone. | I don't wish to hear from you before the budget is through.
        Please exclude my address from the invoice. | I don't want to get your emails twice. | I don't want to be on your list of beta users, I want the real thing. | I don't need your emails to know that I want this. Send the contract.
        Take me off the free list and put me on the paid one. | We do not want to receive the paper version. | Please stop the emails to our old domain, use the new one. | Don't email me the slides, show me on a call.
        Please don't write again without a price, I would like to see it. | Never contact me on weekends, please.
    """,
    "de": """
        Ich möchte Ihre Mails nicht verpassen. | Bitte hören Sie nicht auf, mir zu schreiben. | Bitte keine Mails, rufen Sie mich an. | Ich habe Ihre Mail nicht erhalten, bitte noch einmal senden.
        Bitte zögern Sie nicht, mich zu kontaktieren. | Ich möchte keine Mails von Hubspot mehr, Ihre gefallen mir. | Ich möchte nicht vor Montag angeschrieben werden. | Schreiben Sie mir nicht an diese Adresse, sondern an die private.
        Wir brauchen keinen Newsletter, sondern nur den Versand. Was kostet das? | Bitte nicht mehr Herrn Roth anschreiben, sondern mich. | Ich möchte nicht mehr auf der Warteliste stehen, wir wollen anfangen. | Nehmen Sie bitte Kontakt mit mir auf.
        Kündigen Sie mein Abo des Basistarifs, wir nehmen den großen. | Bitte keine PDF mehr, lieber einen Link. | Stellen Sie die Zusendung auf monatlich um. | Streichen Sie mich von der Gästeliste des Webinars.
        Ich will nicht nur Mails, ich will einen Termin. | Schreibt uns nicht ohne Preise. | Bitte keine Mails am Wochenende. | Ich möchte Ihre Mails nicht im Spam finden, was tun?
        Schluss mit den Mails, lassen Sie uns telefonieren! | Bitte senden Sie mir nicht die alte Version. | Melden Sie sich bitte im Mai. | Bitte kontaktieren Sie mich nicht mehr telefonisch, Mail ist mir lieber.
        Nehmen Sie mich in Ihren Verteiler auf. | Bitte löschen Sie die alte Adresse und nehmen Sie diese. | Keine Mail wurde so gern gelesen, mehr davon! | Genug Mails gewechselt, wann treffen wir uns?
        Ich möchte nicht, dass Sie aufhören. | Ohne Ihre Mails hätte ich nie davon gehört, danke.
    """,
    "fr": """
        Je ne veux pas rater vos mails. | N'arrêtez pas de m'écrire, c'est intéressant. | Pas d'emails, appelez-moi. | Je n'ai pas reçu vos mails, renvoyez-les.
        N'hésitez pas à me contacter. | Je ne veux plus recevoir les mails de Hubspot, les vôtres me plaisent. | Ne m'écrivez pas avant lundi. | Ne m'écrivez plus à cette adresse mais à ben@client.example.
        Veuillez ne pas contacter mon collègue, contactez-moi. | Je ne veux pas seulement des mails, je veux un rendez-vous. | Annulez mon abonnement de base et passez-moi au grand. | Retirez-moi de la liste d'attente, nous commençons.
        Merci de ne pas m'envoyer de PDF, plutôt un lien. | Ne nous écrivez pas sans les prix. | Assez de mails, parlons-nous au téléphone ! | Je ne souhaite pas recevoir la version papier.
        Ne m'appelez plus, écrivez-moi. | Évitez de m'écrire le week-end. | Cessez de m'envoyer l'ancienne version. | Je ne veux pas que vos mails arrivent dans le spam, que faire ?
        Nous n'avons pas besoin de votre newsletter mais du logiciel. Combien ? | Merci de ne plus écrire à M. Roth mais à moi. | Supprimez l'ancienne adresse et utilisez celle-ci. | Plus de mails comme celui-ci, c'est passionnant !
        Ne me désinscrivez pas de votre liste. | Je veux plus de mails de ce genre. | Enlevez-moi un doute : combien coûte-t-il ? | Ne m'envoyez pas le contrat avant vendredi.
        Sans vos mails je ne l'aurais jamais su, merci. | Ne plus m'écrire en anglais, s'il vous plaît.
    """,
    "es": """
        No quiero perderme sus correos. | No dejen de escribirme, me interesa. | Nada de correos, llámeme. | No he recibido sus correos, envíelos otra vez.
        No dude en contactarme. | No quiero correos de Hubspot, los suyos me gustan. | No me escriban antes del lunes. | No me escriban a este correo sino a ben@cliente.example.
        No contacten a mi colega, contáctenme a mí. | No quiero solo correos, quiero una reunión. | Cancele mi suscripción básica y páseme a la grande. | Sáqueme de la lista de espera, empezamos.
        No me envíen PDF, mejor un enlace. | No nos escriban sin precios. | ¡Basta de correos, hablemos por teléfono! | No deseo recibir la versión en papel.
        No me llamen más, escríbanme. | Eviten escribirme los fines de semana. | Dejen de enviarme la versión antigua. | No quiero que sus correos lleguen a spam, ¿qué hago?
        No necesitamos su boletín sino el programa. ¿Cuánto cuesta? | No escriban más al señor Roth sino a mí. | Borren la dirección antigua y usen esta. | No me den de baja de su lista.
        Quiero más correos así. | No me envíen el contrato antes del viernes. | Sin sus correos nunca lo habría sabido. | No me escriban en inglés, por favor.
        Quítenme el módulo de la oferta y compramos. | No quiero recibir la factura dos veces.
    """,
    "pt": """
        Não quero perder os seus e-mails. | Não parem de me escrever, é interessante. | Nada de e-mails, me ligue. | Não recebi os seus e-mails, envie de novo.
        Não hesite em me contactar. | Não quero e-mails do Hubspot, gosto dos seus. | Não me escrevam antes de segunda-feira. | Não me escrevam neste e-mail, mas em ben@cliente.example.
        Não contatem meu colega, contatem a mim. | Não quero só e-mails, quero uma reunião. | Cancele minha assinatura básica e passe para a grande. | Me tire da lista de espera, vamos começar.
        Não me enviem PDF, melhor um link. | Não nos escrevam sem preços. | Chega de e-mails, vamos falar por telefone! | Não desejo receber a versão em papel.
        Não me liguem mais, escrevam. | Evitem me escrever no fim de semana. | Parem de me enviar a versão antiga. | Não quero que seus e-mails caiam no spam, o que faço?
        Não precisamos da sua newsletter, mas do software. Quanto custa? | Não escrevam mais ao senhor Roth, mas a mim. | Apaguem o endereço antigo e usem este. | Não me removam da lista.
        Quero mais e-mails assim. | Não me envie o contrato antes de sexta-feira. | Sem seus e-mails nunca saberia. | Não me escrevam em inglês, por favor.
        Me tira uma dúvida: quanto custa? | Não quero receber a fatura duas vezes.
    """,
    "it": """
        Non voglio perdere le vostre mail. | Non smettete di scrivermi, mi interessa. | Niente email, mi chiami. | Non ho ricevuto le vostre mail, mandatele di nuovo.
        Non esiti a contattarmi. | Non voglio mail da Hubspot, le vostre mi piacciono. | Non scrivetemi prima di lunedì. | Non scrivetemi a questo indirizzo ma a ben@cliente.example.
        Non contattate il mio collega, contattate me. | Non voglio solo mail, voglio un appuntamento. | Cancelli il mio abbonamento base e passi a quello grande. | Toglietemi dalla lista d'attesa, iniziamo.
        Non mandatemi PDF, meglio un link. | Non scriveteci senza prezzi. | Basta mail, sentiamoci al telefono! | Non desidero ricevere la versione cartacea.
        Non chiamatemi più, scrivetemi. | Evitate di scrivermi nel fine settimana. | Smettete di mandarmi la vecchia versione. | Non voglio che le vostre mail finiscano nello spam, che fare?
        Non abbiamo bisogno della newsletter ma del software. Quanto costa? | Non scrivete più al signor Roth ma a me. | Cancellate il vecchio indirizzo e usate questo. | Non cancellatemi dalla lista.
        Voglio più mail così. | Non mandatemi il contratto prima di venerdì. | Senza le vostre mail non l'avrei mai saputo. | Non scrivetemi in inglese, per favore.
        Toglimi una curiosità: quanto costa? | Non voglio ricevere la fattura due volte.
    """,
    "nl": """
        Ik wil uw mails niet missen. | Stop niet met mailen, het is interessant. | Geen mails, bel me. | Ik heb uw mail niet ontvangen, stuur hem nog eens.
        Aarzel niet om mij te mailen. | Ik wil geen mails meer van Hubspot, die van u zijn beter. | Mail me niet voor maandag. | Mail me niet meer op dit adres, maar op ben@klant.example.
        Mail mijn collega niet meer, mail mij. | Ik wil niet alleen mails, ik wil een afspraak. | Zeg mijn basisabonnement op, we nemen het grote. | Haal me van de wachtlijst, we beginnen.
        Stuur me geen pdf, liever een link. | Schrijf ons niet zonder prijzen. | Genoeg mails, laten we bellen! | Ik wens de papieren versie niet te ontvangen.
        Bel me niet meer, mail me. | Mail mij liever niet in het weekend. | Stop met het sturen van de oude versie. | Ik wil niet dat uw mails in de spam komen, wat nu?
        Wij hebben uw nieuwsbrief niet nodig, wel de software. Wat kost het? | Schrijf de heer Roth niet meer, maar mij. | Verwijder het oude adres en gebruik dit. | Haal mij niet van de lijst.
        Ik wil meer van zulke mails. | Stuur het contract niet voor vrijdag. | Zonder uw mails had ik het nooit geweten. | Schrijf me niet in het Engels, graag.
        Verwijder de module uit de offerte en we kopen. | Ik wil de factuur niet twee keer ontvangen.
    """,
    "pl": """
        Nie chcę przegapić waszych maili. | Nie przestawajcie do mnie pisać, to ciekawe. | Żadnych maili, proszę zadzwonić. | Nie otrzymałem maili, proszę wysłać jeszcze raz.
        Proszę śmiało do mnie pisać. | Nie chcę maili od Hubspota, wasze są lepsze. | Proszę nie pisać przed poniedziałkiem. | Proszę nie pisać na ten adres, tylko na ben@klient.example.
        Proszę nie pisać do kolegi, tylko do mnie. | Nie chcę tylko maili, chcę spotkania. | Anulujcie moją podstawową subskrypcję i dajcie większą. | Usuńcie mnie z listy oczekujących, zaczynamy.
        Nie wysyłajcie PDF, lepiej link. | Nie piszcie do nas bez cen. | Dość maili, porozmawiajmy przez telefon! | Nie chcę otrzymywać wersji papierowej.
        Nie dzwońcie więcej, piszcie. | Proszę nie pisać w weekendy. | Przestańcie wysyłać mi starą wersję. | Nie chcę, żeby wasze maile trafiały do spamu, co robić?
        Nie potrzebujemy newslettera, tylko programu. Ile kosztuje? | Nie piszcie więcej do pana Rotha, piszcie do mnie. | Usuńcie stary adres i używajcie tego. | Nie usuwajcie mnie z listy.
        Chcę więcej takich maili. | Nie wysyłajcie umowy przed piątkiem. | Bez waszych maili nigdy bym nie wiedział. | Proszę nie pisać po angielsku.
        Usuńcie moduł z oferty i kupujemy. | Nie chcę dostawać faktury dwa razy.
    """,
    "ru": """
        Не хочу пропустить ваши письма. | Не переставайте мне писать, интересно. | Никаких писем, позвоните мне. | Я не получал ваших писем, пришлите ещё раз.
        Пишите мне без стеснения. | Не хочу писем от Hubspot, ваши лучше. | Не пишите мне до понедельника. | Не пишите мне на этот адрес, пишите на ben@client.example.
        Не пишите коллеге, пишите мне. | Не хочу только писем, хочу встречу. | Отмените мою базовую подписку и дайте большую. | Уберите меня из списка ожидания, начинаем.
        Не присылайте PDF, лучше ссылку. | Не пишите нам без цен. | Хватит писем, давайте созвонимся! | Не хочу получать бумажную версию.
        Не звоните мне больше, пишите. | Не пишите мне в выходные. | Перестаньте слать мне старую версию. | Не хочу, чтобы ваши письма попадали в спам, что делать?
        Нам не нужна рассылка, нужна программа. Сколько стоит? | Не пишите больше господину Роту, пишите мне. | Удалите старый адрес и используйте этот. | Не удаляйте меня из списка.
        Хочу больше таких писем. | Не присылайте договор до пятницы. | Без ваших писем я бы не узнал. | Не пишите мне по-английски, пожалуйста.
        Уберите модуль из предложения, и мы купим. | Не хочу получать счёт два раза.
    """,
    "uk": """
        Не хочу пропустити ваші листи. | Не переставайте мені писати, цікаво. | Жодних листів, зателефонуйте мені. | Я не отримав ваших листів, надішліть ще раз.
        Пишіть мені сміливо. | Не хочу листів від Hubspot, ваші кращі. | Не пишіть мені до понеділка. | Не пишіть мені на цю адресу, пишіть на ben@client.example.
        Не пишіть колезі, пишіть мені. | Не хочу лише листів, хочу зустріч. | Скасуйте мою базову підписку і дайте більшу. | Приберіть мене зі списку очікування, починаємо.
        Не надсилайте PDF, краще посилання. | Не пишіть нам без цін. | Досить листів, зателефонуймо! | Не хочу отримувати паперову версію.
        Не дзвоніть мені більше, пишіть. | Не пишіть мені у вихідні. | Перестаньте слати мені стару версію. | Не хочу, щоб ваші листи потрапляли в спам, що робити?
        Нам не потрібна розсилка, потрібна програма. Скільки коштує? | Не пишіть більше пану Роту, пишіть мені. | Видаліть стару адресу і використовуйте цю. | Не видаляйте мене зі списку.
        Хочу більше таких листів. | Не надсилайте договір до п'ятниці. | Без ваших листів я б не дізнався. | Не пишіть мені англійською, будь ласка.
        Приберіть модуль з пропозиції, і ми купимо. | Не хочу отримувати рахунок двічі.
    """,
}
