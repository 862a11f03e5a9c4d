"""What the reading of mailboxes has done, as commands and runs tell it.

Belongs here: counting. Does not: reading (imap_sync).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from outreach_pipeline.workflows.imap_reading import Found


@dataclass(slots=True)
class SyncOutcome:
    """What was done.

    Attributes:
        passes: how often the mailboxes were gone over.
        mailboxes: how many were read, once each.
        failures: cause by address, as it was last.
        causes: failures by kind.
        no_place: mailboxes that had to wait for a connection longer than the time that was there.
        new_by_role: new mails by what their folder or label says.
        refused_mails: mails that a server lists and does not give.
        missing_folders: by address, folders that should be there and are not.
        logins: connections that were opened; all other readings went over kept ones.
        proven_sent, proven_failed: unknown outcomes that were settled.
        seconds: wall time.
    """

    passes: int = 0
    mailboxes: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    causes: Counter[str] = field(default_factory=Counter)
    no_place: int = 0
    new_by_role: Counter[str] = field(default_factory=Counter)
    refused_mails: int = 0
    missing_folders: dict[str, list[str]] = field(default_factory=dict)
    logins: int = 0
    proven_sent: int = 0
    proven_failed: int = 0
    seconds: float = 0.0

    def count(self, address: str, found: Found | None, *, problem: str) -> None:
        """Count one reading of a mailbox: what was found, or the problem."""
        if found is None:
            self.failures[address] = problem
            return
        self.mailboxes += 1
        self.failures.pop(address, None)
        self.logins += found.is_new_login
        self.new_by_role.update(found.new_by_role)
        self.proven_sent += found.proven_sent
        self.proven_failed += found.proven_failed
        self.refused_mails += found.refused_mails
        if found.missing_folders:
            self.missing_folders[address] = list(found.missing_folders)
        else:
            self.missing_folders.pop(address, None)
