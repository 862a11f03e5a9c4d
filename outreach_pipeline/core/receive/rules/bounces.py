"""How mail systems word their failure notices in plain text, by product.

Phrases are written as ``core.receive.phrases`` explains. ``OPENINGS`` prove that a text is a notice when a daemon sends it or
its subject says so; ``ENDINGS`` begin the returned mail; ``SUBJECTS`` are whole beginnings of subjects; ``DELAYS`` say that the
mail is still being tried. Sources: the texts in the sources and manuals of the products named.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

OPENINGS: tuple[tuple[str, str], ...] = (
    (
        "qmail",
        """
            dies ist das qmail-send-programm | dies ist das qmail-send programm | this is the james mail server | non-delivered information | this is the qmail-send program | this is the qmail program | i wasn't able to deliver your message
            i'm afraid i wasn't able to deliver | i'm not going to try again; this message has been in the queue too long
            this is the machine generated message from mail service | unable to deliver message to the following address
            i tried to deliver a bounce message to this address
        """,
    ),
    (
        "Exim",
        """
            this message was created automatically by mail delivery software
            this message was created automatically by the mail system | a message that you sent could not be delivered
            a message that you sent * has not been delivered | a message that you sent has not yet been delivered
            a message that you have sent could not be delivered | could not be delivered to one or more of its recipients
        """,
    ),
    (
        "Postfix",
        """
            this is the postfix program at host | this is the mail system at host
            i'm sorry to have to inform you that * message could not | your message could not be delivered
            the mail system
        """,
    ),
    (
        "Sendmail",
        """
            the following addresses had permanent fatal errors | the following addresses had permanent delivery errors
            the following addresses had transient non-fatal errors | the following addresses had fatal errors
            the following addresses had delivery problems | the following addresses had delivery errors
            the following address had permanent | the following addresses have permanent | transcript of session follows
            unsent message follows | transcript of session while talking to | this is a mime-encapsulated message
        """,
    ),
    (
        "Exchange",
        """
            did not reach the following recipient | did not reach some or all of the intended recipients
            the following recipient(s) could not be reached | the following recipient(s) cannot be reached
            delivery has failed to these recipients | delivery has failed to the following | couldn't be delivered
            delivery to the following recipient* failed | delivery of * message * failed
            your message wasn't delivered | your message can't be delivered | message undeliverable
            fehler bei der nachrichtenzustellung | die nachricht konnte nicht zugestellt werden
            konnte nicht zugestellt werden | konnte nicht an * zugestellt werden
            echec de la remise | votre message n'a pas * remis | n'a pas pu etre remis | n'a pas pu être remis
            error de entrega | no se pudo entregar | no se ha podido entregar | impossibile recapitare
            non e stato recapitato | non è stato recapitato | niet worden bezorgd | niet worden afgeleverd | niet bezorgd worden | niet afgeleverd worden | niet worden gestuurd naar | nie można dostarczyć
            nie mógł zostać dostarczony | não foi entregue | não pôde ser entregue | не удалось доставить
            не доставлено | сообщение не было доставлено | не вдалося доставити
        """,
    ),
    (
        "Domino and GroupWise",
        """
            was not delivered to: | your message * was not delivered | failed to deliver to | the message that you sent was undeliverable
            delivery failure * listed in domino directory
        """,
    ),
    (
        "Gmail and Google Groups",
        """
            delivery to the following recipient failed permanently | delivery to the following recipients failed permanently
            delivery to the following recipient has been delayed | technical details of permanent failure
            technical details of temporary failure | message not delivered | address not found | message blocked
            recipient inbox full | there was a problem delivering your message | delivery incomplete
            the group you tried to contact | group * may not exist, or you may not have permission
        """,
    ),
    (
        "Yahoo, AOL, Hotmail, Zoho",
        """
            we were unable to deliver your message | your mail to the following recipients could not be delivered
            unable to deliver your message to the following | we were not able to deliver
            delivery to the following recipients was aborted | delevery to the following recipients was aborted
            message could not be delivered to mobile | could not deliver the message
            message from yahoo | unable to deliver message to | unable to deliver mail
        """,
    ),
    (
        "Courier, OpenSMTPD, DragonFly, MessagingServer, IMail and others",
        """
            this is a delivery status notification | your message to the following recipients cannot be delivered
            hi! this is the mailer-daemon | an error has occurred while attempting to deliver
            has just been unable to deliver | a message is delayed for more than
            there was an error delivering your mail | this is the dragonfly mail agent
            your message cannot be delivered to the following | this report relates to a message you sent
            unknown user: | unknown host: | user mailbox exceeds allowed size | delivery failed * attempts
            undeliverable to | body of message generated response | invalid final delivery user
            user's mailbox is full | mail delivery failed | failed to send to identified host
            your message could not be sent | your message was rejected by | was rejected by the recipient
            we had trouble delivering your message | there was an error sending your mail
            the following recipients did not receive | the following recipients have not yet received
            could not be delivered to the following | cannot be delivered to the following
            could not be delivered to | could not deliver mail to | could not deliver your
            was undeliverable | was not delivered | were undeliverable | has not been delivered
            is undeliverable | message * rejected by * mailmarshal | mailmarshal
            an error occurred while trying to deliver | your message to * could not be delivered
            sorry, your message to * cannot be delivered | is currently unable to deliver
            the users from your message were not found | was automatically rejected | permanent failure for one or more recipients
            message delivery failed | delivery failure | failed recipient | failed addresses follow
            following address(es) failed | the following addresses failed | the following address failed
            message was blocked by our | was blocked by our spam firewall | rejected for policy reasons
            your email was rejected | your email was not delivered | this message could not be delivered
            the following message could not be delivered | the following message to * undeliverable
            this is a permanent error | reason for failure | duplicated message-id in
            the mail server could not deliver | failed to deliver | unable to relay | message refused
            vos destinataires suivants | le message suivant n'a pas | nachricht konnte nicht
            メールを配送できません | 配信できません | 送信できませんでした | 无法投递 | 退信 | 无法发送到 | 无法送达 | failure reasons
            could not be sent to the following | delivery attempts have failed | your e-mail was rejected
            user unknown | mailbox full | no such user | unknown user | account is over quota
        """,
    ),
)

SUBJECTS: tuple[tuple[str, str], ...] = (
    (
        "failure",
        """
            delivery status notification | mail delivery failed | mail delivery failure | mail delivery problem
            mail delivery system | mail delivery status | delivery failure | delivery failed | delivery notification
            delivery report | delivery unsuccessful | message delivery | failure notice | failed mail
            failed delivery | failure delivery | returned mail | returned to sender | mail returned
            undelivered mail | undelivered message | undeliverable | undeliverable mail | undeliverable message
            mail could not be delivered | mail not delivered | mail status report | mail failure | mail system error
            message you sent blocked | message not delivered | message blocked | error sending your mail
            there was an error sending your mail | email delivery failure | permanent delivery failure
            permanent failure | nondeliverable mail | non delivery | non-delivery | non remis | non remise
            notice: mail delivery status | warning: could not send message | warning: message * delayed
            warning: mail * delayed | delayed mail | delivery delayed | delivery delay | delayed
            unzustellbar | nicht zustellbar | nachricht nicht zustellbar | zustellung fehlgeschlagen
            non distribuable | echec de remise | échec de la remise | échec de remise | message non distribué
            no se puede entregar | no entregado | no se ha podido entregar | mensaje no entregado
            impossibile recapitare | mancato recapito | non recapitabile | onbestelbaar | niet bestelbaar
            nie dostarczono | niedostarczone | niedostarczalne | não entregue | não é possível entregar
            não entregável | falha na entrega | недоставленное сообщение | не доставлено | недоставленное
            не удается доставить | недоставлено | автоматическое уведомление о сбое доставки
            niet bezorgd | nie można dostarczyć | не вдалося доставити | kan inte levereras | går inte att leverera
            olevererat | kunde inte levereras | meddelandet kunde inte | kunne ikke leveres | ikke leveret | ikke levert | viestiä ei voitu toimittaa | toimitus epäonnistui | nedoručitelná | nedoručeno | zprávu nelze doručit | nedoručiteľná | nedoručené | iletilemedi | iletilemeyen | teslim edilemeyen
            niedostarczona | не доставлена | sikertelen kézbesítés | mesaj nelivrat | nelivrat | livrare eșuată | αδυναμία παράδοσης | μη παραδοθέν | неизпратено | nije isporučeno | neisporučena | 전송 실패 | 메일 전송 실패 | 반송 | 配送不能 | メールを配送できません
            kan ikke leveres | ei voi toimittaa | nedoručitelné | kézbesíthetetlen | teslim edilemedi
            non recapitabile: | mensagem não entregue | 未传递的邮件 | 無法傳遞 | 无法送达 | 배달되지 않음 | 配信不能 | 送達不能 | 退信 | 系统退信 | 投递失败 | your message couldn't be delivered
            邮件发送失败 | 邮件投递失败 | automatically rejected mail | mail rejected | loop alert | message can't be delivered
            message couldn't be delivered | mail could not | 无法投递 | rejected: | rejected mail | blocked mail | error notice | email error | sending failed
        """,
    ),
)

DELAYS: tuple[tuple[str, str], ...] = (
    (
        "delayed",
        """
            this is a warning message only | this is a warning only | you do not need to resend | no need to resend
            has been delayed | is delayed | was delayed | not yet been delivered | not been delivered yet
            will be retried | will keep trying | will continue to try | will continue trying | still being retried
            still trying | will be reattempted | delivery is delayed | delayed for more than
            has not yet been delivered | will try again | transient non-fatal errors | temporary failure
            not yet received your message | retrying | gmail will retry | will retry for | (delay)
        """,
    ),
)

DAEMONS: frozenset[str] = frozenset(
    [
        "mailer-daemon",
        "mailerdaemon",
        "mailer_daemon",
        "postmaster",
        "poostmaster",
        "mail-daemon",
        "maildaemon",
        "mmdf",
        "mailer",
        "mail.delivery.system",
        "mail-delivery-system",
        "mailsystem",
        "mail-system",
        "mailadmin",
        "mailer-daemon1",
        "bounce",
        "bounces",
        "bounce-notification",
        "microsoftexchange",
        "administrator",
        "system-administrator",
        "nobody",
        "uucp",
        "daemon",
        "sysadmin",
        "notificationrecipients",
    ]
)
"""Local parts from which mail systems write."""

DAEMON_NAMES: tuple[str, ...] = (
    "mail delivery",
    "mail deliver",
    "mailer-daemon",
    "mailer daemon",
    "delivery subsystem",
    "delivery system",
    "system administrator",
    "postmaster",
    "microsoft outlook",
    "message transfer",
    "ndr administrator",
    "internet mail delivery",
    "mail administrator",
    "courier mail server",
)
"""Display names under which mail systems write."""

NOTICE_HEADERS: tuple[str, ...] = ("x-failed-recipients", "x-mlserver")
"""Headers that only Exim's and fml's notices have."""

PERSONAL: tuple[tuple[str, str], ...] = (
    (
        "personal",
        """
            hi | hello | dear * | good morning | good afternoon | i | i'm | i've | we | we're | my | our | us | please send * again | please use | please write to me | thanks
            | hallo | guten tag | sehr geehrte* | ich | wir | mein* | unser* | mir | uns | bonjour | je | j'ai | nous | mon | ma | notre
            hola | yo | nosotros | mi | nuestr* | ciao | buongiorno | io | noi | mio | nostr* | olá | eu | nós | meu | minha | noss*
            beste | ik | wij | mijn | ons | onze | dzień dobry | ja | moj* | mój | nasz* | здравствуйте | добрый день | я | мы | мой | наш*
            вітаю | добрий день | ми | мій
        """,
    ),
)
"""Words of a person; in a notice from an ordinary address they say that it is none."""

RETURNED: tuple[str, ...] = (
    r"-{2,} ?below this line is a copy of the (?:message|mail header)",
    r"-{2,} ?this is a copy of (?:the|your) message",
    r"-{2,} ?the header of the original message is following",
    r"-{2,} ?the body of the message is",
    r"-{2,} ?original message(?: follows)?",
    r"-{2,} ?header of the original message",
    r"-{2,} ?message header(?:s)? follow",
    r"-{2,} ?message headers? ?-",
    r"-{2,} ?unsent message follows",
    r"-{2,} ?unsent message below",
    r"-{2,} ?unsent draft",
    r"-{2,} ?returned (?:message|mail)",
    r"-{2,} ?undelivered message",
    r"-{2,} ?message that was not delivered",
    r"-{2,} ?original mail",
    r"-{2,} ?forwarded message",
    r"-{2,} ?attached is a copy of the original",
    r"-{2,} ?enclosed is a copy",
    r"-{2,} ?start of returned message",
    r"-{2,} ?copy of the original message",
    r"-{2,} ?message follows",
    r"-{2,} ?your original message",
    r"-{2,} ?исходное сообщение",
    r"-{2,} ?ursprüngliche nachricht",
    r"original message follows",
    r"original mail as follows",
    r"original message headers?:",
    r"original message:? *$",
    r"original message details:",
    r"your original message",
    r"the original message (?:headers?\b|follows|is (?:attached|below|included))",
    r"the message header is",
    r"here is a copy of",
    r"the first \d+ lines of the original message",
    r"message header:? *$",
    r"header of (?:the|your) (?:original )?message:? *$",
    r"received: ?(?:from|by|\()",
    r"return-path: ?<",
    r"x-(?:google-smtp-source|received|originating-ip|apparently-to):",
    r"dkim-signature: ",
    r"content-type: *(?:message/rfc822|text/rfc822-headers)",
)
"""Regular expressions for the beginning of a line with which the returned mail begins; case is ignored."""

RULE_BOUNCERS: str = r"^reporting-mta:[ \t]*dns;[ \t]*inbound-smtp\.[\w-]{1,40}\.amazonaws\.com"
"""Reporting-MTA of systems that bounce by a rule of the receiver's after they had accepted (Amazon SES receiving).

Their "mailbox does not exist" is the rule author's wording, not the knowledge of a mail server.
"""

SENDMAIL_UNKNOWN = r"<?[^\s<>@]{1,64}@[^\s<>@]{1,253}>? *(?:\.\.\.|:) *(?:unknown user|user unknown|no such user)(?: here)?[.!]?[ \t]*$"
"""A regular expression for the end of a line that names, as Sendmail does, an address and its unknown user."""

NAMED_UNKNOWN = (
    r"^[ \t]*(?:[\w.+-]{1,64}(?:@[\w.-]{1,253})? \(user not found\)[ \t]*$"
    r"|(?:unknown user|user unknown): ?<?[^\s<>@]{1,64}@[^\s<>@]{1,253}>?[ \t]*$"
    rf"|{SENDMAIL_UNKNOWN})"
)
"""A regular expression for the lines of GroupWise, IMail and T-Online that name who is unknown, with no word and no code besides."""
