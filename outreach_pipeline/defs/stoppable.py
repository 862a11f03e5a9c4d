"""Work of an op that ends in order when its run is cancelled.

Belongs here: the thread it has. Does not: what it does.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
_PATIENCE_SECONDS = 30.0


def run_stoppable(work: Callable[[threading.Event], Result], *, name: str) -> Result:
    """Do work in a thread of its own, so that the interrupt of a cancelled run reaches this one, which asks it to stop."""
    stop = threading.Event()
    results: list[Result] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work(stop))
        except BaseException as error:  # noqa: BLE001  handed to the op's own thread below
            problems.append(error)

    worker = threading.Thread(target=run, name=name, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.2)
    finally:
        stop.set()
        worker.join(_PATIENCE_SECONDS)
    if problems:
        raise problems[0]
    return results[0]
