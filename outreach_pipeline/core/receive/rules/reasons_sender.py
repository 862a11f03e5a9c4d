"""Words by which a site refuses the sender, its host or its content."""

from __future__ import annotations

SENDER: tuple[tuple[str, str], ...] = (
    (
        "policyviolation",
        """
            allowlist only | allow-list only | whitelist only | white-list only | not on * allowlist | not on * whitelist | not in * allowlist | not in * whitelist | external senders | external sender not | senders outside * organi* | internal senders only | only internal senders
            from outside the organi* | recipient preferences
        """,
    ),
    (
        "networkerror",
        """
            host not found, try again | dns timeout | dns time-out | dns timed out | temporary dns | dns * temporar* | temporarily unable to resolve | temporary lookup failure | temporary resolution
        """,
    ),
    (
        "hostunknown",
        """
            domain is not reachable | host unknown | host not found | unknown host | unknown domain | domain unknown | no such domain
            no such host | domain not found | domain does not exist | domain is invalid | domain must resolve
            domain mentioned in email address is unknown | domain * not exist | invalid domain | non-existent domain
            nonexistent domain | nxdomain | bad destination host | bad destination | name or service not known
            name service error * host not found | illegal host | host * unreachable domain | unrouteable address
            unroutable address | all relevant mx records point to non-existent hosts | couldn't find any host
            couldn't find a host | could not find any host | recipient domain must exist
            recipient address rejected: unknown domain name | recipient address rejected: domain not found
            the account or domain may not exist | no mx or a records | no mx record found for domain
            550 host unknown | mail receiving disabled * domain | unknown mail host | could not be resolved
            does not exist (mx | res_search
        """,
    ),
    (
        "notaccept",
        """
            null mx | nullmx | does not accept mail | domain does not accept mail | does not accept any mail
            host/domain does not accept mail | no longer accepts mail
            name service error * malformed or unexpected name server reply | mail protocol * not supported
            smtp protocol returned a permanent error | this server does not accept mail | does not receive mail
            no mx host
        """,
    ),
    (
        "toomanyconn",
        """
            too many connections | too many concurrent | too many sessions | too many simultaneous
            too many smtp sessions | too many invalid recipients | maximum number of connections
            concurrent connection* | connection limit | connection rate limit | connection number of exceeded
            exceeds per-domain connection limit | domain and has exceeded | no. of connections exceeded
            unknown connection limit | trop de connexions
        """,
    ),
    (
        "virusdetected",
        """
            virus | virus detected | malware | infected | dangerous extension | executable attachment
            attachment * not allowed | potentially executable | zip attachment | contains a file with a dangerous
            worm | banned file
        """,
    ),
    (
        "spamdetected",
        """
            spam message | spam detected | spam score | spam content | spam filter | spam signature | spam-like
            spam email | spam mail | spam rejected | spam refused | spam assassin | spamassassin | considered spam
            considered to be spam | considered as spam | considered unsolicited | classified as spam
            identified as spam | identified * spam | detected as spam | detected to be spam | marked as spam
            tagged as spam | looks like spam | appears to be spam | appears to be unsolicited | appears to be junk
            believed to be spam | is spam | as spam | probable spam | possible spam | contains spam
            because of spam | due to spam | likely spam | likely unsolicited | likely suspicious | spam-related
            spam not accepted | spamming not allowed | no spam | spam restriction* | anti-spam | antispam
            unsolicited | uce | bulk email filter | content restrictions | content rejected | content * rejected
            message content | message contained unsafe content | message contains unacceptable content
            message contains suspicious | blocked by our spam firewall | blocked by our bulk email filter
            blocked by * spam | blocked by filter | rejected by content filter | rejected due to content
            rejected as junk | junk mail | bulk mail | mail rejete | mail rejected. ofr_506
            high probability of spam | suspected spam | suspect spam | reject bulk | message filtered
            message was rejected by recurrent pattern detection | message refused by mailmarshal | scored * spam
            eigenschaft spam | als spam | comme spam | como spam | come spam | our filters rate *
            blocked using * spam | dt:spm | spambouncer | message has been rejected because spam
            mail content denied | triggered a burl block | url block | burl | cloudmark | bogofilter | pattern match
            rule imposed mailbox access
        """,
    ),
    (
        "badreputation",
        """
            reputation | low reputation | poor reputation | bad reputation | senderbase | senderscore | sender score
            sbrs | has a low reputation
        """,
    ),
    (
        "greylisted",
        """
            greylist* | graylist* | grey-list* | gray-list* | grey listed | gray listed | postgrey
        """,
    ),
    (
        "blocked",
        """
            blacklist* | black list* | black-list* | blocklist* | block list* | block-list | dnsbl | rbl | spamhaus
            spamcop | sorbs | abuseat | barracudacentral | uceprotect | zen.spamhaus.org | client host * blocked
            client host rejected | client host * rejected | blocked using | blocked by | listed in | listed by
            listed at | is blocked | been blocked | ip blocked | ip address blocked | blocked - see
            blocked for abuse | bad sender ip | bad ip | your ip | your ip address | ip address is not
            ip * not allowed | ip address * not permitted | your network | banned sending ip | banned
            refused to talk to me | connection refused by | connection rejected | connection not accepted
            connections not accepted | connections from * rejected | connections will not be accepted from
            connecting host | refuse connections from | we do not accept mail from | mail from your
            mail from * refused | access denied. ip name lookup failed | access denied...
            access denied (in reply to | access from ip | access forbidden | access to this server is restricted
            no access from mail server | not allowed to connect | adresse ip | dynamic ip | dynamic address | dialup
            dial-up | dynamic/residential | generic hostname | temporarily deferred due to user complaints
            user complaints | temporarily deferred | service refused | server refused | not permitted to connect
            go away | get out | hosts with dynamic | helo command rejected | helo/ehlo | bogus helo | invalid helo
            helo invalid | is prohibited from connecting | ratelimited by ip | ip frequency limited
            554 5.7.1 service unavailable | service unavailable; client | service unavailable; host
            message sent from * refused | blocked due to | your mail server | your email server | bounce address tag
        """,
    ),
    (
        "ratelimited",
        """
            rate limit* | rate-limit* | ratelimit* | throttl* | too many messages | too many emails | too many mail
            too many recipients | too much email | message limit | exceeded the * limit | exceeded * sending limit
            sending limit | sending quota | daily * limit | daily * quota | hourly * limit | unusual rate
            exceeded * rate | submission quota | temporary rate | receiving mail at a rate
            receiving mail too quickly | mail sent too fast | frequency limited | sent too many | sending too many
            tenant exceeded | max message per connection
        """,
    ),
    (
        "speeding",
        """
            too fast | slow down | please slow down | try again later after | connection frequency | excessive rate
            sending rate
        """,
    ),
    (
        "failedstarttls",
        """
            must issue a starttls | starttls command first | starttls is required | starttls required | tls required | tls is required | tls negotiation | tls handshake | tls session | ssl_connect
            cannot start tls | encryption required | require tls | requires tls
        """,
    ),
)

SENDER_CHECKS: tuple[tuple[str, str], ...] = (
    (
        "rejected",
        """
            callout verification | callback verification | verification failed for | sending domain | sending host
            domain of sender | domain of the sender | domain of * sender address | sender domain | sender's domain | sender host
            sender's address | sender's account | sender's mailbox | sender's email | sender email address | sender * does not exist
            mail from domain | envelope sender domain | return path domain | return-path domain
        """,
    ),
)
"""Words that a site checked the sender: with them a domain or user that does not exist is the sender's."""

_NAMED = (
    r"(?:sender|originator|return[ -]path|reverse[ -]path|envelope[ -](?:from|sender)|mail from|from address|from:)"
    r"(?: (?:e-?mail|address|addr|mailbox|account|user|domain|host))*(?: <?[^\s<>]{1,64}@[^\s<>]{1,253}>?)?:?"
)
_CHECKED = r"(?:verif\w*|call-?(?:back|out)|rejected|refused|denied|unknown|invalid|unroutable|unrouteable|not (?:verified|found|known|valid|exist\w*)|(?:n't|not) exist)"
SENDER_CHECKED: str = (
    rf"\b{_NAMED}(?: (?:is|was|has|been|could|can|cannot|does|do|not|be|n't|\w+n't)){{0,4}} {_CHECKED}"
    rf"|\b(?:unknown|invalid|bad|unroutable|unrouteable|(?:verif\w*|call-?(?:back|out))(?: (?:of|for|your|the|failed)){{0,3}}) {_NAMED}"
)
"""A regular expression for a sender or a return path that was verified, rejected or not found, whichever is named first."""

RECIPIENT_BLOCKED: str = (
    r"(?<!\w)(?<!\bto )(?<!\bfor )(?<!\bby )(?<!\bfrom )(?<!\byour )(?<!\bsender )(?<!\bsender's )(?<!\bsending )(?<!\bthis )(?<!\bthe )(?<!\bthat )"
    r"(?:(?:this|the|that|recipient(?:'s)?|user(?:'s)?|destination|target|e-?mail|mail) )*(?:mailbox|account|user|recipient)"
    r"(?: <?[^\s<>]{1,64}@[^\s<>]{1,253}>?)? (?:(?:is|was|has|have|been|currently|temporarily|permanently|temporary) )*blocked"
    r"(?! (?:you|your|from|using|by (?:spam|rbl|dnsbl|ip)))"
)
"""A regular expression for a mailbox or an account of the recipient that is blocked, which says nothing of who sent."""
