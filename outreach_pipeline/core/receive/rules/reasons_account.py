"""Words by which a submission server refuses the account that hands a message over: its rights, its quota, its good name.

They say nothing of the recipient, whichever command they answer. Belongs here: what names the sender's own account or address in
so many words. Does not: a refusal that a recipient's site may give as well (``reasons_sender``).

Sources: Microsoft Learn, "Non-delivery reports in Exchange Online", "Fix NDR error 550 5.7.700 through 5.7.750", "Exchange
Online limits" and "Enable or disable authenticated client SMTP submission"; the replies with STOREDRV.Submission as Exchange
Online's users report them; Google Workspace Admin Help 3726730, "Gmail SMTP errors and codes"; Zoho's help and community;
Amazon SES Developer Guide, "SMTP response codes"; SendGrid's and Mailgun's help; the sources of Postfix (smtpd_check.c);
Fastmail's, iCloud's and cPanel's replies as their users report them.
"""

from __future__ import annotations

ACCOUNT: tuple[tuple[str, str], ...] = (
    (
        # The account may not write from this address.
        "rejected",
        """
            client does not have permission* to send as this sender | sendasdenied* | mapiexceptionsendasdenied
            sender address rejected: not owned by user | sender address rejected: not logged in | relaying disallowed as
            email address is not verified. the following identities failed | not match a verified sender identity
            not authori*ed to send from this header address | from address is not one of your addresses
            sender is not allowed to relay emails
        """,
    ),
    (
        # The account's quota.
        "ratelimited",
        """
            submissionquotaexceeded* | submission quota | daily user sending * exceeded | daily smtp relay * exceeded
            reached your daily limit for message recipients | tenant external recipient rate limit
            throttling failure: maximum sending rate | throttling failure: daily message quota | maximum credits exceeded
            exceeded the max emails per hour | exceeded the max defers and failures per hour | sending quota exceeded
        """,
    ),
    (
        "toomanyconn",
        """
            storedrv.clientsubmit; sender thread limit exceeded | concurrent connections limit exceeded
        """,
    ),
    (
        # The account, or the organisation that it belongs to, is blocked for what it has sent.
        "rejected",
        """
            outboundspamexception | wascl useraction verdict | bad outbound sender | sender address blocked
            unusual sending activity | sending suspended for this account | your account * suspended | sender account * suspended
            your account * blocked due to unusual | client blocked from sending from unregistered domain*
            email outgoing blocked | account has been banned due to detected spam
            is not allowed to send: business verification | is not allowed to send: recipient limit exceeded
        """,
    ),
    (
        "badreputation",
        """
            access denied, tenant has exceeded threshold | access denied, traffic not accepted from this ip
        """,
    ),
    (
        # The login.
        "securityerror",
        """
            authentication unsuccessful | smtpclientauthentication is disabled | username and password not accepted
            application-specific password required | please log in via your web browser | too many login attempts
            authentication credentials invalid | client not authenticated to send mail | not loving your login or password
            provided authorization grant is invalid
        """,
    ),
)
"""Reasons with their phrases, by rank, which stand before all others."""
