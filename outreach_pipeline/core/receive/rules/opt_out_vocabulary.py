"""The small words of requests to stop, beside those that their phrases hold, by language.

A request is sure only where its own part of the sentence has no word but these and those of the phrases: any other may name a
thing, a person or a time. A word too few leaves a stop to a person; one too many may make a final stop of something else, so none
stands here that names something to buy, to send or to do. Accents do not matter.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

SMALL_WORDS = """
hear avoid care anymore emailed mailed contacted messaged mailings newsletter exclude
angeschrieben angemailt kontaktiert hören melde meldet nimm nehmt schreibt mailt würdet deinem deiner streich streicht
m'ecris m'ecrire enleve retire supprime sortez otez desinscris desabonne contacté contactés prière arrête envois enleve-moi supprime-moi retire-moi sortez-moi otez-moi m'appelez
borradme borrad elimíname quitadme sacadme dejad escribirme contactarme base escriban contacten dadme dadnos vuestra prefiero
tira dessa desta tirem lista escrever contatar contactar tira-me peço prefiro
scriverci scrivermi contattarci contattarmi levatemi levami cancellaci eliminami smetti vi potrebbe chiamate
mail schrijf haal lijst maillijst halen vraag
nami czy
вычеркните удали викресліть видали снова перестань сообщения повідомлення могли бы
but work works use storage clicked click tried correspondence request grateful discontinue addresses quit spamming ensure mind taking note if lists personal erasure under regulation unsubscribing removing sending writing spamming harassing
i we you he it me us my our your yours this that these those the a an any all every everything and or so as at by for from in into of off on out to too up with be been being is am are was
can could would will should must may do does did have has had i'm i've i'd i'll we're we've you're you've don't it's please pls plz kindly thanks thank thx hi hello dear sir madam just simply really again anymore
once twice third second times now immediately right away straight instantly asap today permanently completely entirely altogether forever ever never not no nor none consider confirm respect demand insist want wish like need ask asking
hereby therefore also both future here there where how get got more further other such kind sort stuff junk thing things crap rubbish anybody anyone everybody else office team staff processing gdpr article art unsolicited
unwanted cold sales promotional commercial non-stop keep system systems records everywhere several many already last time way people one ones next soon possible yes ok well their its
aber damit werbezwecken anzuschreiben zuzusenden fortan nutzung verarbeitung verwendung speicherung anrufe
ich wir sie ihr du mich mir uns mein meine meiner meinen meines unser unsere unseren ihre ihren ihrem ihrer ihres euch euer eure eurem eurer der die das den dem des ein eine einen einem einer kein keine und oder um zu so auf an aus bei von vom für in im ab mit nach wegen
bitte danke vielen dank hallo guten tag sehr geehrte damen herren kann können könnten würden würde möchte möchten will wollen habe haben hat bin sind ist sein werden wird bekommen erhalten es endlich sofort umgehend unverzüglich jetzt heute künftig zukünftig zukunft ein für allemal
diese diesen dieser dieses dieser art solche solchen weitere weiteren jede jeden jegliche jeglichen gar überhaupt mehr noch nochmal wieder nie auch hiermit fordere verlange bitten bitte ersuche berufe gemäß dsgvo interesse alle allen sämtliche sämtlichen personenbezogenen gespeicherten mal doch einfach
mais fichiers envoi envoyer d'envoi
je j'ai nous vous moi me m' mon ma mes notre nos votre vos tes ce cet cette ces ceci cela ça le la les l' un une des de du d' et ou en y à au aux par pour sur dans plus jamais rien pas ne n' que qu' s'il plaît svp merci bonjour monsieur madame veuillez pouvez pouvez-vous pourriez-vous voulez demande
souhaite souhaitons voudrais veux voulons désire immédiatement définitivement maintenant tout toute tous toutes aucun aucune autre autres même encore désormais l'avenir avenir gentillesse bien bonne sans délai supprimez-moi retirez-moi être est suis sommes d'envoyer de-mail
pero suyos correspondencia
yo nosotros usted ustedes me nos mi mis nuestro nuestra nuestros nuestras su sus tu tus este esta estos estas ese esa eso el la los las lo un una unos de del al a en por para con y o que se favor gracias hola señor señores buenos días quiero quisiera queremos deseo deseamos puede pueden podría podrían
inmediatamente ya ahora nunca más nada ningún ninguna otro otra otros otras todo todos todas conforme rgpd envíos publicidad ejercer solicito pido pedimos ruego vez volver vuelvan ser estar ha han
ma
io noi lei voi mi ci mio mia miei nostro nostra nostri vostro vostra vostri vostre suo sua suoi tuo tua questo questa questi queste quello il lo la i gli le un una uno di del dello della dei delle dal dalla dai dalle da in nel nella a al alla ai per con su e o che se favore piacere prego grazie ciao salve
buongiorno gentile vorrei vogliamo chiedo chiediamo può potete potreste subito immediatamente ora adesso mai più nulla niente nessuna nessun altro altra altri altre tutti tutto tutte archivio archivi pubblicità esercito essere sono siamo cortesemente cortesia gentilmente si
mas
eu nós você vocês me nos meu minha meus minhas nosso nossa nossos seu sua seus suas este esta estes estas esse essa isso o a os as um uma de do da dos das em no na nos nas por para com e ou que se favor obrigado obrigada olá bom dia quero queria gostaria queremos desejo pode podem poderia poderiam imediatamente já
agora nunca mais nada nenhum nenhuma outro outra outros outras todos todas tudo ser estar conosco connosco gentileza lgpd rgpd publicidade propaganda sou fui
maar
ik wij we u je jij jullie mij me ons mijn onze uw jouw dit dat deze die de het een van uit voor in op aan bij met te om en of als zijn ben is wordt worden word heb hebben hebt alstublieft alsjeblieft aub svp dank dankjewel bedankt hallo beste geachte wil wilt willen zou zouden kan kunt kun kunnen graag gelieve verzoek
nu direct onmiddellijk meteen nooit meer niets geen andere alle allemaal verdere reclame ontvangen krijgen beroep doe wens voortaan avg af ook nog
ale takich otrzymywania
ja my wy mnie nas nam mi mój moja moje moich mojego mojej nasz nasza nasze naszego naszej naszych wasz wasza waszej waszych państwa pan pani ten ta to te tej tych tego ze z od do na w o i lub oraz a się proszę prosimy dziękuję dzień dobry witam chcę chcemy chciałbym chciałabym możecie możesz może można żądam
natychmiast już teraz nigdy więcej nic żadnych żadnej innych wszystkie wszystkich niezwłocznie zgodnie rodo maile korespondencji ofert reklam być jestem sobie
но
я мы вы ты меня нас мне нам мной мой моя мою мои моё моего моих наш наша нашу наши нашего наших ваш ваша ваши ваших вашей вашего вам вас этот эта это эти этого этих с из от на в по о об и или а со для пожалуйста спасибо здравствуйте добрый день хочу хотим хотел хотела прошу просим требую можете можно немедленно сразу
уже сейчас никогда больше ничего никаких никакие другие других все всех всё впредь письма письмо почты почту сюда списку список рекламу рекламы предложения предложений быть мы свои свой своей своего своих ваших
але
я ми ви ти мене нас мені нам мій моя мою мої мого моїх наш наша нашу наші нашого ваш ваша ваші ваших вашої цей ця це ці цього цих з із зі від на в у по про і й або а та для будь ласка дякую вітаю добрий день хочу хочемо прошу просимо вимагаю можете можна негайно одразу вже зараз ніколи більше нічого
жодних інших усі всіх надалі листи листа листів пошту сюди списку дані даних рекламу бути своїх свого
"""
"""Pronouns, articles, auxiliaries, words of politeness and haste."""
