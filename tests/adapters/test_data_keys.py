"""A data key is made once, however many come for it at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from outreach_pipeline.workflows.installation import check_master_key


def test_all_who_come_at_once_for_the_first_key_get_the_same(installation, admin):
    at_once = 6
    for _ in range(10):
        admin.execute("delete from outreach.data_keys where tenant_id is null")
        barrier = Barrier(at_once)

        def come(barrier: Barrier = barrier) -> tuple[int, bytes]:
            with installation.database.operator() as transaction:
                barrier.wait(10)
                return installation.tenant_key(transaction, None)

        with ThreadPoolExecutor(at_once) as pool:
            keys = {future.result() for future in [pool.submit(come) for _ in range(at_once)]}
        assert len(keys) == 1
    check_master_key(installation)
