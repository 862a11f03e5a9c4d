"""The Message-ID that a relay has put in the place of ours, where its answer to the message names one.

Belongs here: which relays name it how. Does not: what the copy in Sent shows (workflows.imap_sync).
"""

from __future__ import annotations

import re

# Microsoft 365 and Outlook.com: «250 2.0.0 OK <id> [Hostname=AM0PR….eurprd05.prod.outlook.com]».
_OUTLOOK = re.compile(r"<([^<>\s]{1,900}@[^<>\s]{1,255})>\s*\[Hostname=[\w.-]+\.outlook\.com\]", re.IGNORECASE)
# Amazon SES: «250 Ok 0102018f…-000000»; the id's domain is the region's (developer guide, "Email sending response").
_SES_HOST = re.compile(r"email-smtp(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com", re.IGNORECASE)
_SES_ID = re.compile(r"\bOk\s+([0-9a-f]{16}-[0-9a-f-]{36}-[0-9]{6})\b", re.IGNORECASE)
_SES_FIRST_REGION = "us-east-1"


def wire_message_id(reply: str, *, host: str, ours: str) -> str | None:
    """Return the Message-ID that recipients see, with its angle brackets, if the reply names one that is not ours.

    Args:
        reply: the text of the 250.
        host: the name of the submission server.
        ours: our Message-ID with its angle brackets.
    """
    if outlook := _OUTLOOK.search(reply):
        named = f"<{outlook[1]}>"
        return named if named != ours else None
    region = _SES_HOST.fullmatch(host)
    if region and (found := _SES_ID.search(reply)):
        where = "email" if region[1].lower() == _SES_FIRST_REGION else region[1].lower()
        return f"<{found[1]}@{where}.amazonses.com>"
    return None
