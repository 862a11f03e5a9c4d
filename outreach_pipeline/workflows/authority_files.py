"""The private authorities' files that mailboxes name: found beside the configuration or CSV file, and opened before it is applied.

Belongs here: where such a file lies. Does not: what is made of it (adapters.tls).
"""

from __future__ import annotations

import os
from pathlib import Path

from outreach_pipeline.adapters.tls import tls_context
from outreach_pipeline.core.configuration import Configuration, Mailbox
from outreach_pipeline.core.errors import AuthorityFileError, ConfigurationError


def with_authority_files(document: Configuration, *, folder: Path) -> Configuration:
    """Return the configuration with the absolute path of each ``ca_file``.

    Raises:
        ConfigurationError: each that is missing or holds no certificate, with its place.
    """
    problems: list[str] = []
    tenants = []
    for number, tenant in enumerate(document.tenants):
        mailboxes = []
        for index, mailbox in enumerate(tenant.mailboxes):
            try:
                mailboxes.append(with_authority_file(mailbox, folder=folder))
            except AuthorityFileError as error:
                problems.append(f"tenants[{number}].mailboxes[{index}].ca_file: {error}")
        tenants.append(tenant.model_copy(update={"mailboxes": mailboxes}))
    if problems:
        raise ConfigurationError(*problems)
    return document.model_copy(update={"tenants": tenants})


def with_authority_file(mailbox: Mailbox, *, folder: Path) -> Mailbox:
    """Return the mailbox with the absolute path of its ``ca_file``, if it has one; the file is relative to ``folder``.

    Raises:
        AuthorityFileError: the file is not there, cannot be read, or holds no certificate.
    """
    if mailbox.ca_file is None:
        return mailbox
    # Not resolved: a link may be meant to point elsewhere tomorrow.
    path = os.path.abspath(folder / mailbox.ca_file)  # noqa: PTH100
    tls_context(path)
    return mailbox.model_copy(update={"ca_file": path})
