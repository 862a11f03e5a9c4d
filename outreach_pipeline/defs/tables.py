"""The tables that ops fill, as external assets: without upstream, so that the loop of the day shows and does not close."""

import dagster as dg

_TABLES = {
    "messages": ("send", "The outbox and ledger: one row a message, its state and why."),
    "events": (
        "receive",
        "What happened to messages: sent, deferred, bounced, complaint, reply, auto_reply, unsubscribe …",
    ),
    "inbound_messages": ("receive", "Every mail found in the mailboxes, what it is and which message it answers."),
    "mailbox_checks": ("watch", "Logins by SMTP and IMAP: how far they came, and why not further."),
    "domain_checks": ("watch", "SPF, DKIM, DMARC and MX of the sending domains."),
}
TABLES = [
    dg.AssetSpec(
        dg.AssetKey(["outreach", name]),
        group_name=stage,
        kinds={"postgres", "table"},
        owners=["team:deliverability"],
        description=description,
    )
    for name, (stage, description) in _TABLES.items()
]
