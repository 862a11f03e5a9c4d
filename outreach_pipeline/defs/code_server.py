"""Dagster's code server, whose runs are forked from a process that has loaded everything already.

Dagster spawns a new interpreter for each run: four seconds of CPU and 200 MB to import the definitions. Here multiprocessing's
fork server imports them once; a run starts within a second and shares that memory.

Belongs here: how the processes of runs come to be. Does not: anything that a run does, or who starts this server (cli).
"""

import multiprocessing
import signal
import sys
from multiprocessing import forkserver
from multiprocessing.context import BaseContext

from dagster._cli import main

RUN_TEMPLATE = "outreach_pipeline.defs.run_template"


def fork_runs() -> None:
    """Make forks of a process that holds ``RUN_TEMPLATE`` out of what this process asks multiprocessing to spawn.

    Dagster's server asks for the context "spawn" by name and has no setting for it. The process that is forked has one
    thread and no connection, so that nothing of it is torn by a fork; it ends with this one.
    """
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([RUN_TEMPLATE])
    forkserver.ensure_running()
    get_context = multiprocessing.get_context

    def get(method: str | None = None) -> BaseContext:
        return forking if method == "spawn" else get_context(method)

    multiprocessing.get_context = get


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # So a script starts what runs in its background; but Dagster ends by an interrupt, also on SIGTERM.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    fork_runs()
    sys.argv[1:1] = ["api", "grpc", "--module-name", "outreach_pipeline.definitions"]
    sys.exit(main())
