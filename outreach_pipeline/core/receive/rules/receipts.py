"""Of what the sentence of a help desk's receipt is made, by language: something is registered, and has a number.

Regular expressions over text as ``core.receive.phrases`` folds it. Belongs here: pieces. Does not: how they are joined
(``core.receive.receipts``) or single phrases of receipts (``auto_replies``).
"""

from __future__ import annotations

THINGS = r"tickets?|support-?tickets?|(?:support |service )?(?:requests?|cases?|quer(?:y|ies)|enquir(?:y|ies)|inquir(?:y|ies)|incidents?)|(?:your|a) (?:e-?mail|message)|anfrage|anliegen|vorgang|(?:ihre|deine) (?:e-?mail|mail|nachricht)|vorgang\w*|supportanfrage|demande|requete|dossier|votre (?:e-?mail|message)|solicitud|consulta|peticion|incidencia|caso|su (?:correo|mensaje)|richiesta|segnalazione|pratica|(?:il|la) (?:suo|sua|vostra?o?) (?:messaggio|mail|email)|pedido|solicitacao|chamado|ocorrencia|(?:a )?sua mensagem|verzoek|aanvraag|melding|vraag|uw (?:bericht|e-?mail)|zgloszeni[ea]|zapytani[ea]|sprawa|sprawe|wiadomosc|заявк\w*|обращени\w*|запрос\w*|тикет\w*|ваше (?:письмо|сообщение)|звернення|запит\w*|тікет\w*|заявк\w*|ваш лист|ваше повідомлення"
"""What is registered."""

MADE = r"(?:has|have|was|were|is) (?:\w+ )?(?:been )?(?:\w+ )?(?:created|opened|registered|logged|received|recorded|assigned|raised|generated|filed|submitted)|(?:we|we've) (?:have )?(?:\w+ )?(?:received|registered|created|opened|logged)|(?:wurde|ist|worden)(?: [\w.:#-]+){0,8}? (?:angelegt|eroffnet|erstellt|registriert|erfasst|eingegangen|aufgenommen|erhalten|bearbeitet|gespeichert|vergeben)|(?:haben|haben wir) (?:[\w-]+ ){0,5}?(?:erhalten|angelegt|registriert|erfasst|eroffnet)|a (?:bien )?ete (?:bien )?(?:enregistre|cree|ouvert|recu|prise? en compte|attribue|pris en charge)\w*|avons (?:bien )?(?:recu|enregistre|cree|ouvert)|(?:ha|han) sido (?:\w+ )?(?:registrad|cread|recibid|abiert|asignad)\w*|se ha (?:cread|registrad|abiert|recibid|asignad)\w*|hemos (?:recibido|registrado|creado|abierto)|e stat[oa] (?:\w+ )?(?:registrat|creat|apert|ricevut|assegnat|pres)\w*|abbiamo (?:ricevuto|registrato|creato|aperto)|foi (?:\w+ )?(?:registad|registrad|criad|abert|recebid|atribuid)\w*|recebemos|registamos|registramos|criamos|(?:is|werd|zijn)(?: [\w.:#-]+){0,5}? (?:aangemaakt|geregistreerd|ontvangen|geopend|toegewezen|aangenomen)|(?:hebben|hebben wij) (?:[\w-]+ ){0,4}?(?:ontvangen|aangemaakt|geregistreerd)|zostal[oay]? (?:\w+ )?(?:zarejestrowan|utworzon|przyjet|otrzyman|otwart|nadan)\w*|(?:utworzono|zarejestrowano|przyjeto|otwarto|otrzymalismy|nadano)|(?:создан|зарегистрирован|принят|получен|открыт|присвоен)\w*|(?:мы )?(?:получили|зарегистрировали|создали|приняли)|(?:створен|зареєстрован|прийнят|отриман|відкрит|присвоєн)\w*|(?:ми )?(?:отримали|зареєстрували|створили|прийняли)"
"""That it is: in the passive, or in the plural of a desk."""

NUMBERS = r"(?:ticket|case|request|reference|incident)(?: number| id| no\.?| nr\.?)?|(?:number|id) of (?:your|the) (?:ticket|request|case)|(?:ticket|vorgangs|anfrage|referenz|bearbeitungs|fall)-?(?:nummer|nr\.?|id)|(?:numero|no|n°|ref\w*) (?:de |del |du |do |della |d[ei] )?(?:\w+ )?(?:ticket|dossier|demande|solicitud|caso|richiesta|pratica|pedido|chamado|suivi|seguimiento|referencia)|(?:ticket|referentie|zaak|aanvraag)-?(?:nummer|nr\.?)|nummer van uw (?:ticket|aanvraag|verzoek)|(?:numer|nr) (?:zgloszenia|sprawy|ticketu)|номер (?:\w+ )?(?:заявки|обращения|запроса|тикета)|номер (?:\w+ )?(?:заявки|звернення|запиту|тікета)"
"""What its number is called."""

NUMBER = r"\d{3,20}"
