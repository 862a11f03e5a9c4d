"""Words that tell one reason and cannot mean another: looked for first, in this order."""

from __future__ import annotations

EXACT: tuple[tuple[str, str], ...] = (
    (
        "filtered",
        """
            unknown user * @docomo.ne.jp
        """,
    ),
    (
        "rejected",
        """
            resolver.rst.restrictedtorecipientspermission | resolver.rst.sendernotauthenticatedfor*
            groups.google.com/support | but sender was rejected | from: domain is invalid | no valid senders
        """,
    ),
    (
        "blocked",
        """
            but my name was rejected | not accepting connections | mail originating from your ip
        """,
    ),
    (
        "userunknown",
        """
            not listed in public name | not listed in domino directory
            and other recipients in the same domain | please check if address is correct
            no such user! | invalid final delivery user* | recipient name is not recognized | no valid recipients for this mm
            #5.1.0 address rejected | couldn't be found at | wasn't found at | sorry, no mailbox here by that name | badrcptto | not our customer
            delivery error: dd this user doesn't have a | unknown user: " | unable to find user
            recipient address rejected. | recipient address rejected: access denied | ディレクトリのリストにありません
            recipientnotfound | resolver.adr.recipnotfound | resolver.adr.recipientnotfound
            resolver.adr.exrecipnotfound | email account that you tried to reach does not exist
        """,
    ),
    (
        "requireptr",
        """
            ptr record* | reverse dns | rdns | reverse lookup | reverse hostname | cannot find your hostname
            cannot find your reverse hostname | cannot resolve your address | client host rejected: cannot find *
            ip address does not have a hostname | ip address has no ptr | unresolvable relay host name
            unable to get a ptr | dns pointer | fix reverse dns for *
            the ip address sending this message does not have a ptr | forged hostname | must have ptr
            invalid hostname or dns | forbidden by invalid ip rdns | no matching a record*
            domain name * not resolvable * connecting
        """,
    ),
    (
        "authfailure",
        """
            spf * fail* | fail* * spf | spf check* | spf record* | spf: * | by spf | sender policy framework
            dkim * fail* | dmarc | domain-based message authentication | message is not rfc compliant * dkim
            unauthenticated email from * is not accepted | this message does not pass authentication checks
            does not pass authentication | messages without authentication * not accepted | unauthenticated sender
            unauthenticated email | this mail has been blocked because the sender is unauthenticated | openspf
            is not allowed to send mail from | not authorized to send on behalf of | is not authorized to use
            does not designate * permitted sender | meet the required authentication level | required authentication level
        """,
    ),
    (
        "mailboxfull",
        """
            mailbox exceeded the local limit | recipient's mailbox exceeded | mailbox full | mailbox is full | mailbox was full | mailbox full; | mail box full | mail box is full
            mailfolder is full | inbox is full | inbox full | account is full | folder is full | mbox full
            boite du destinataire pleine | boite * pleine | over quota | overquota | over disk quota | disc quota
            disk quota | quota exceeded | quota exceed | quota exceeds | quota violation | quota full
            quota is full | quota is exhausted | quota limit | exceeded * quota | exceeds * quota | exceed * quota
            exceeding * quota | exceeded * storage | exceeds * storage | exceeds allowed size
            exceeded storage allocation | storage quota | storage limit | storage space | mailbox size limit
            mailbox exceeds | mailbox has exceeded | mailbox would exceed | mailbox size exceeded | mail quota
            mailbox quota | user quota | message quota | not enough storage | not enough space on the disk for *
            insufficient user storage | insufficient mailbox space | out of storage | too much mail
            too many messages in * | too many mails | too many messages on this mailbox | recipient * over quota
            maildir over quota | maildir delivery failed: * disk quota | maildrop * over quota | user over quota
            user is over quota | user * is over * quota | recipient reached disk quota
            recipient rejected: mailbox would exceed | status storage
            errsmtpquota | delivery failed: over quota | has reached * limit of * messages | postfach * voll
            mailbox voll | speicherplatz | buzon lleno | casella * piena | casella piena
            почтовый ящик * переполнен | ящик переполнен | skrzynka * przepelniona | メールボックスがいっぱい | メールボックスの容量
            邮箱空间不足 | 邮箱已满 | 収信箱已满 | used up all * space | out of quota | quota for the user | mail quota exceeded
        """,
    ),
    (
        "mesgtoobig",
        """
            message size exceeds | message too large | message too big | message is too large | message is too big
            message file too big | message length limit | message length exceeds | message exceeded * size
            message exceeds * size | message exceeds * limit | message header size | message size * exceeds
            mail size limit | maximum message size | maximum size | max message size | max size
            size limit exceeded | exceeds size limit | exceeds maximum inbound message size
            exceeded maximum message size | exceeded maximum inbound message size
            larger than the current system limit | line limit exceeded | msg too big | message size limit
            message size violation | data size exceeds maximum permitted | taille * message * depasse
            nachricht * zu gross | nachricht * zu groß | too big message
        """,
    ),
    (
        "suspend",
        """
            account * disabled | account disabled | temporary locked | temporarily locked | temporarily blocked | account has been disabled | account is disabled
            account inactive | account * inactive | account suspended | account * suspended | account is locked
            account deactivated | account not activated | account expired | account closed temporarily
            disabled account | disabled mailbox | inactive account | inactive mailbox | inactive user | dormant
            suspended due to inactivity | mailbox disabled | mailbox is disabled | mailbox * disabled
            mailbox is inactive | mailbox inactive | mailbox * inactive | mailbox currently suspended
            mailbox is frozen | mailbox * frozen | mailbox unavailable or access denied | user suspended
            user is inactive | user is disabled | user disabled | user * disabled | is a deactivated mailbox
            deactivated | email account that you tried to reach is disabled | recipient suspend*
            recipient * is inactive | not accepting mail: inactive | domain is suspended | domain suspended
            unavailable mailbox | vdelivermail: account is locked | has been suspended | is suspended
            temporarily disabled | currently suspended | delivery not authorized, account *
            address no longer accepts mail | discontinued | service suspended | blocked * account | user not active
            boite aux lettres * desactivee | invalid/inactive user | recipient's account is disabled
            this account has been temporarily suspended | account not in use
        """,
    ),
    (
        "hasmoved",
        """
            has moved to | has been moved to | user has moved | address has changed | has changed * address
            has been replaced by | recipient no longer on server | no longer on server | forward path
            please use the new address | mail address changed
        """,
    ),
    (
        "norelaying",
        """
            relay access denied | relaying denied | relay denied | relay not permitted | relay not allowed
            relaying not permitted | relaying not allowed | relaying is not permitted | relaying prohibited
            relaying mail to * is not allowed | unable to relay | no relaying | not an open relay | we do not relay
            we don't relay | we don't handle mail for | that domain isn't in my list of allowed rcpthosts
            isn't in my list of allowed | not in my list of allowed rcpthosts
            mail server requires authentication when attempting to send | insecure mail relay | relay is prohibited
            relay prohibited | relaying * prohibited | user not local, will not relay
            recipient not accepted. (batv: no tag | unrouteable mail domain | not local host
            send to a non-local e-mail address | recipient domain not in * rcpthosts
        """,
    ),
)
