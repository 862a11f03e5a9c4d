"""Raw mail on disk."""

from __future__ import annotations

import stat
from uuid import UUID

from outreach_pipeline.adapters.blobs import Blobs


def test_mail_is_nobody_else_s_to_read(tmp_path):
    folder = tmp_path / "home" / "blobs"
    blobs = Blobs(str(folder))
    tenant_id = UUID(int=1)
    digest = blobs.put(tenant_id, b"Subject: x\r\n\r\nhello")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert blobs.get(tenant_id, digest) == b"Subject: x\r\n\r\nhello"
    assert blobs.put(tenant_id, b"Subject: x\r\n\r\nhello") == digest
