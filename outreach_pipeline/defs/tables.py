"""Tables that no asset makes, as external assets: without upstream, so that the loop of the day shows and does not close.

Ops fill some of them; `outreach apply` and the imports fill the others, from which the marts are made.
"""

import dagster as dg

_TABLES = {
    "messages": ("send", "The outbox and ledger: one row a message, its state and why."),
    "events": (
        "receive",
        "What happened to messages: sent, deferred, bounced, complaint, reply, auto_reply, unsubscribe …",
    ),
    "event_retractions": ("receive", "Events that count no more, since a person corrected what they were made of."),
    "inbound_messages": ("receive", "Every mail found in the mailboxes, what it is and which message it answers."),
    "mailbox_checks": ("watch", "Logins by SMTP and IMAP: how far they came, and why not further."),
    "domain_checks": ("watch", "SPF, DKIM, DMARC and MX of the sending domains."),
    "tenants": ("configuration", "The clients."),
    "sending_domains": ("configuration", "The domains that tenants send from, and their link hosts."),
    "sending_policies": ("configuration", "Named limits, windows and retries of a tenant."),
    "mailboxes": ("configuration", "The mailboxes, where they log in, and where they are in their life."),
    "campaigns": ("configuration", "What is sent to whom: pools, priorities, accepted lawful bases."),
    "contact_lists": ("configuration", "One import of contacts each, with where they come from."),
    "enrollments": ("configuration", "A contact in a campaign: its next step, when that is due, and why it stopped."),
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
