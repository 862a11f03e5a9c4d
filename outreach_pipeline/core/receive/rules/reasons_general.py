"""General words: an unknown user, and what else is looked for last, in this order."""

from __future__ import annotations

GENERAL: tuple[tuple[str, str], ...] = (
    (
        "spamdetected",
        """
            spam | spammy | junk
        """,
    ),
    (
        "rejected",
        """
            sender address rejected | sender rejected | sender denied | sender verify failed | sender domain
            sender email address rejected | sender not allowed | sender address is not allowed | sender address not allowed | sender is unauthenticated | sender * rejected
            sender address has been blacklisted | sender is not allowed | invalid sender | invalid domain, see
            unroutable sender | unrouteable sender | backscatter protection | bounce messages not accepted
            null sender | empty envelope senders not allowed | error: no valid senders | mail from * rejected
            mail from address * rejected | domain of sender | sender domain is empty | unable to verify sender
            the sender | your address | sending this from a different address | envelope sender | return path
            email address * domain * you sent * not allowed | you are not allowed to post | not authorized to post
            don't have permission to post | rejected because sender | sender's address | access denied: sender
            restricted sender | not allowed to send | can't verify your sender
        """,
    ),
    (
        "userunknown",
        """
            user unknown | unknown user | unknown recipient | recipient unknown | unknown address | address unknown
            unknown mailbox | unknown account | unknown local-part | unknown local part | unknown email address
            unknown rcpt | account unknown | addressee unknown | mailbox unknown | no such user | no such recipient
            no such mailbox | no such address | no such person | no such account | no such email
            no such local user | no such | no account by that name | no account * found | no mailbox
            no mailbox here by that name | no user here | no user by that name | no valid recipient*
            no valid cellphone | no valid hosts | no one by that name | no thank you rejected: account unavailable
            user not found | user not exist | user not local | user not known | user not listed
            user does not exist | user doesn't exist | user doesn't have a * account | user is unknown
            user is invalid | user * was not found | user * not found | user * does not exist | user * doesn't exist
            user * not listed | not listed in | not listed in domino directory
            not listed in public name & address book | not a valid mailbox | not a valid recipient
            not a valid user | not a known user | not a local user | not found in directory | not have an account
            not have a mailbox | doesn't exist here | does not exist | doesn't exist | do not exist | not exist
            doesn't have a * account | recipient not found | recipient not exist | recipient does not exist
            recipient is not exist | recipient is not local | recipient not ok | recipient invalid
            recipient name is not recognized | recipient address rejected: user unknown
            recipient address rejected: undeliverable address | recipient address rejected: mailbox unavailable
            recipient address rejected: unlisted | recipient address rejected: aol will not accept
            recipient could not be verified | undeliverable address: * unknown | invalid address
            invalid recipient* | invalid mailbox | invalid user | invalid local address | invalid local-part
            invalid local part | invalid final delivery user | invalid login | invalid e-mail address
            invalid email address | bad recipient | bad address | bad destination mailbox | bad rcpt
            mailbox not found | mailbox not present | mailbox does not exist | mailbox doesn't exist
            mailbox unavailable or not local | mailbox * not found | mailbox for * does not exist
            account not found | account does not exist | account doesn't exist | account not available
            account is unavailable | account unavailable | account has been closed | account closed
            address does not exist | address doesn't exist | address not found | address not known
            address is unknown | address error | address no longer valid | address is not valid
            address was not found | address you entered couldn't be found | address couldn't be found
            address wasn't found | email address wasn't found | email address could not be found
            couldn't be found at | wasn't found at | was not found at | can't be found | could not be found
            didn't find a user | delivery is not possible to this address | is not a user | is not a user here
            is not a valid | is not a known | is not known | is not recognized | is not listed | is unknown
            is invalid | isn't a valid | non-existent user | nonexistent user | non-existent | nosuchuser
            deleted account | been deleted | has been removed | no longer available | no longer at
            no longer active | no longer exists | no longer valid | no longer works | not active | left the company
            said: 550 user unknown | rcpt (* ) does not exist | unable to find user | can't find user
            can't accept user | unable to chdir to maildir | unexisting | name not found | name is not
            nicht gefunden | empfaenger unbekannt | empfänger unbekannt
            adresse d au moins un destinataire invalide | adresse * invalide | destinataire inconnu
            utilisateur inconnu | usuario desconocido | usuario no existe | no existe | utente sconosciuto
            utilizador desconhecido | usuario inexistente | usuário desconhecido | onbekende gebruiker
            nieznany uzytkownik | пользователь * не найден | нет такого пользователя | такого пользователя нет | 不存在
            该用户 | ユーザが存在しません | 宛先が見つかりません
        """,
    ),
    (
        "policyviolation",
        """
            policy | policies | not permitted by | violates | violation | prohibited
            because the recipient is not accepting mail with | not accepting mail with attachments
            mail rejected by * rule* | rule * | local administrative | administratively | administrative prohibition
            poison pill | header are not accepted | blocked attachments
            message bounced due to organizational settings
        """,
    ),
    (
        "notcompliantrfc",
        """
            not rfc compliant | rfc compliant | rfc 5322 | rfc5322 | rfc 2822 | rfc 822 | not compliant
            multiple from headers | duplicate header | message-id header | missing message-id | bare lf
            bare carriage
        """,
    ),
    (
        "contenterror",
        """
            loop back | improper use of 8-bit | message header | mime | missing headers
            header error | wrong header | charset not supported | has an illegal
        """,
    ),
    (
        "expired",
        """
            envelope expired | connection timed out | operation timed out | could not find a gateway for | delivery time expired
            delivery expired | delivery timed out | failed to deliver to domain * after | giving up on
            have been failing for a long time | has been delayed | it has not been collected after | message expired
            expired after | message timed out | retry time not reached | retry timeout exceeded
            retry time exceeded | undeliverable in time | unable to deliver message after multiple retries
            unable to deliver in | too long | in the queue too long | been in the queue | for more than * hours
            cannot send message for | could not be delivered for | could not be delivered within
            was not deliverable within | delivery attempts | has not been delivered * yet | still being retried
            will be retried | stopped trying | time out | timeout | timed out | not yet been delivered
            host not reachable | queue.expired | maximum retry time | lifetime | deferred: *
        """,
    ),
    (
        "networkerror",
        """
            connection refused | connection reset | connection lost | connection dropped | connection was dropped
            connection broken | could not connect | couldn't connect | couldn't establish connection
            wasn't able to establish an smtp connection | unable to connect | did not accept our requests to connect
            communication failure | no route to host | network is unreachable | network unreachable | network error
            host is unreachable | host is down | host is not reachable | hop count exceeded | too many hops
            mail loop | loop detected | routing loop | message looping | message is looping
            this message is looping | loops back to myself | mail forwarding loop | maximum hop | too many received
            dns * fail* | dns error | dns server returned | name server timeout
            name server: * host name lookup failure | host name lookup failure | name service error
            temporary failure in name resolution | no network error | socket error | all hosts
            malformed name server reply | mx records point to | no smtp server | lookup failed | lookup failure
            unable to resolve | tried to deliver your message, but * unreachable | couldn't find any mail server
            remote server unavailable | malformed or unexpected name server reply
        """,
    ),
    (
        "systemfull",
        """
            disk full | mail system full | no space left | system storage
            requested mail action aborted: exceeded storage | insufficient disk space | insufficient system storage
            insufficient system resources
        """,
    ),
    (
        "mailererror",
        """
            x-unix;
            unknown mailer error | mailer error | command failed: | command died with status
            command time limit exceeded | command output: | child process | local delivery fail* | procmail
            permission denied | x-unix; * | exit * | returned error *
        """,
    ),
    (
        "syntaxerror",
        """
            syntax error | unrecognized command | command not recognized | command unrecognized
            command not implemented | bad sequence of commands | sequence error | pipelining
        """,
    ),
    (
        "securityerror",
        """
            authentication failed | authentication required | authentication turned on | authentication failure
            account is subject to suspension | codes d'authentification invalide | executable files are not allowed
            insecure | message refused | message not authorized | not authorized | not authenticated
            unauthenticated senders | unauthorized | access denied | verification failure | please authenticate
            you are not authorized | recipients has restricted
        """,
    ),
    (
        "systemerror",
        """
            duplicated message-id
            service currently unavailable | service unavailable | service temporarily unavailable
            service not available | temporary local problem | temporary failure | temporary error
            temporarily unavailable | temporary system problem | temporary server error | server error | server busy
            server configuration error | system error | system config error | system not accepting
            local configuration error | local error | internal error | internal server error
            internal software error | configuration error | could not load * file | can't create user output file
            cannot create | out of memory | resources temporarily unavailable | insufficient resources
            mail service not available | mail system error | mail transport unavailable | unable to process
            interrupted | proxy session setup failed | pam failure | timeout waiting for input | unexpected failure
            delivery error | error in processing | aliasing/forwarding loop broken | dns server failure
            failed to connect to mailbox | reinjection failure
        """,
    ),
    (
        "onhold",
        """
            on hold | recipient error. please try again
        """,
    ),
    (
        "filtered",
        """
            mailbox unavailable | mailbox not available | recipient address rejected | recipient rejected
            rcpt rejected | address rejected | refused by recipient | recipient refuse*
            because the recipient * not accept | recipient is not accepting | recipient not accepted
            not accepting messages | message rejected | rejected message | rejected your message | user refused
            user reject* | not willing to accept | domain restrictions | only accept | group * may not exist
            due to extended inactivity | this user cannot be reached | undeliverable as addressed
            requested action not taken | we failed to deliver mail because | transaction failed | cannot deliver
        """,
    ),
)

CLEARLY_UNKNOWN: tuple[tuple[str, str], ...] = (
    (
        "userunknown",
        """
            user unknown | unknown user | user is unknown | user not found | user not known | user does not exist
            user doesn't exist | user * does not exist | user * doesn't exist | user * not found | user not exist
            no such user | no such local user | no such recipient | no such mailbox | no such address | no such account
            no such person | no user by that name | no mailbox here by that name | no mailbox by that name
            unknown recipient | recipient unknown | recipient not found | recipient does not exist
            recipient doesn't exist | invalid recipient* | recipient invalid | unknown mailbox | mailbox unknown
            mailbox not found | mailbox does not exist | mailbox doesn't exist | mailbox * does not exist | invalid mailbox
            not a valid mailbox | not a valid recipient | not a valid user | not a known user | account unknown
            unknown account | account not found | account does not exist | account doesn't exist | address unknown
            unknown address | address not found | address does not exist | address doesn't exist | invalid user
            unknown local part | unknown local-part | non-existent user | nonexistent user | nosuchuser
            unknown email address | addressee unknown
        """,
    ),
)
"""English words that can only mean that there is no such user, whichever command they answered; part of what ``GENERAL`` has."""

NO_MAILBOX = (
    r"\b550[\s-]\s*(?:5\.[05]\.0\s+)?requested\s+action\s+not\s+taken:\s+mailbox\s+unavailable"
    r"(?:[\s.;]*(?:\((?:(?!https?:)[^()]){1,200}\)|\[(?:(?!https?:)[^\[\]]){1,200}\]))*"
    r"[.;'\")\]]*[ \t]*(?:\Z|\n(?![ \t]*550\b|[ \t]+\S))"
)
"""A regular expression for RFC 5321's own text of 550 with nothing but brackets behind it.

With it Outlook.com, GMX and WEB.DE say that there is no such mailbox; what else they refuse they name behind it.
"""
