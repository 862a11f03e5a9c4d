"""The files that campaign steps carry: read beside the configuration when it is applied, kept as blobs, read again to send.

Belongs here: files and blobs. Does not: how a message carries them (core.send.message).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.core.configuration import Configuration, Step, TenantSection
from outreach_pipeline.core.errors import ConfigurationError, TransientError
from outreach_pipeline.core.send.gate import MOST_CHARACTERS
from outreach_pipeline.core.send.message import Attachment, encoded_size


class AttachmentMissingError(ConfigurationError):
    """A step's file is not in the blob store, or does not read."""


def read_files(document: Configuration, *, folder: Path) -> dict[str, bytes]:
    """Return the content of every file that steps name, by its path as written.

    Raises:
        ConfigurationError: each that is missing, outside the folder, empty or too large for a message, with its place.
    """
    files: dict[str, bytes] = {}
    problems: list[str] = []
    for place, step in _steps(document):
        room = MOST_CHARACTERS - len(step.text) - len(step.html or "")
        for number, attached in enumerate(step.attachments):
            at = f"{place}.attachments[{number}].file"
            path = (folder / attached.file).resolve()
            if not path.is_relative_to(folder.resolve()):
                problems.append(f"{at}: {attached.file} is not under the configuration's folder: put the file there.")
                continue
            try:
                size = path.stat().st_size
                if size == 0:
                    problems.append(f"{at}: {attached.file} is empty.")
                    continue
                room -= encoded_size(size)
                if room < 0:
                    problems.append(
                        f"{at}: with {attached.file} ({size} bytes) the message is over {MOST_CHARACTERS} bytes as it is"
                        " sent: take a smaller file, or link to it."
                    )
                    continue
                files[attached.file] = path.read_bytes()
            except OSError as error:
                problems.append(f"{at}: {attached.file} cannot be read: {error.strerror}.")
    if problems:
        raise ConfigurationError(*problems)
    return files


def fields_of(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return hash and size of files, as steps keep them."""
    return {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
        for name, content in files.items()
    }


def keep_files(blobs: Blobs, tenant_id: UUID, section: TenantSection, files: Mapping[str, bytes]) -> None:
    """Put what a tenant's steps carry into the blob store, also what it has lost.

    Raises:
        TransientError: the store refuses, for want of space or rights.
    """
    for campaign in section.campaigns:
        for attached in (each for step in campaign.steps for each in step.attachments):
            try:
                blobs.put(tenant_id, files[attached.file])
            except OSError as error:
                raise TransientError(
                    f"{attached.file} of the campaign {campaign.slug} cannot be kept in the blob store (OUTREACH_BLOB_URL):"
                    f" {error.strerror or error}. Nothing of the tenant {section.slug} was changed; make room or give the"
                    " right to write, and apply again."
                ) from error


def attachments_of(blobs: Blobs, tenant_id: UUID, kept: Sequence[Mapping[str, Any]]) -> tuple[Attachment, ...]:
    """Return what a step keeps of its files as attachments; a blob is read when its bytes are asked for.

    Reading raises AttachmentMissingError.
    """
    return tuple(
        Attachment(**each, read=partial(_read, blobs, tenant_id, str(each["sha256"]), str(each["name"])))
        for each in kept
    )


def _read(blobs: Blobs, tenant_id: UUID, sha256: str, name: str) -> bytes:
    try:
        return blobs.get(tenant_id, sha256)
    except FileNotFoundError as error:
        raise AttachmentMissingError(
            f"The attachment {name} is not in the blob store ({sha256[:12]}…): apply the configuration again."
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise AttachmentMissingError(
            f"The attachment {name} does not read ({error}): see to the blob store."
        ) from error


def _steps(document: Configuration) -> Iterator[tuple[str, Step]]:
    for t, tenant in enumerate(document.tenants):
        for c, campaign in enumerate(tenant.campaigns):
            for s, step in enumerate(campaign.steps):
                yield f"tenants[{t}].campaigns[{c}].steps[{s}]", step
