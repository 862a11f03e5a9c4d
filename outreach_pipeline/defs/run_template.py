"""What the process that runs are forked from holds: all that a run imports, loaded once.

Belongs here: imports. Does not: what opens a connection or starts a thread; neither outlives a fork.
"""

import gc
import importlib

for _name in (
    "outreach_pipeline.definitions",
    "dagster._grpc.impl",
    "dagster_postgres",
    "outreach_pipeline.defs.code_server",
):
    importlib.import_module(_name)
# A later collection would write to every object, and so copy the memory that the runs share.
gc.collect()
gc.freeze()
