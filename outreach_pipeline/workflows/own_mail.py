"""A person's own mail to a contact, found in Sent: the contact's sequences wait, lest two voices speak at once.

Belongs here: that one effect. Does not: reading Sent (workflows.imap_sync), letting sequences go on (workflows.fleet).
"""

from __future__ import annotations

from datetime import datetime

from outreach_pipeline.workflows.installation import Installation, Tenant

_BATCH = 500


def pause_for_own_mail(installation: Installation, tenant: Tenant, *, now: datetime) -> int:
    """Pause the running sequences of contacts whom a person wrote to by hand after they were enrolled.

    Each mail is looked at once: who resumes a sequence does not see it pause again for the same mail.

    Args:
        installation: where.
        tenant: whose.
        now: business time.

    Returns:
        How many contacts wait now that did not.
    """
    paused = 0
    while True:
        with installation.database.tenant(tenant.id) as transaction:
            ids = transaction.values("receive/take_own_mail", most=_BATCH, now=now)
            contacts = transaction.values("receive/pause_for_own_mail", ids=ids, now=now) if ids else []
            if contacts:
                transaction.run("receive/cancel_paused", contact_ids=contacts)
        paused += len(contacts)
        if len(ids) < _BATCH:
            return paused
