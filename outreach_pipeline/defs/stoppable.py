"""Work of an op that ends in order when its run is cancelled.

Belongs here: the thread it has, and what becomes of the interrupt meanwhile. Does not: what it does.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

Result = TypeVar("Result")
_PATIENCE_SECONDS = 30.0
_LOOK_EVERY_SECONDS = 0.1


def run_stoppable(
    work: Callable[[threading.Event], Result], *, name: str, tell: Callable[[Result], None] = lambda _: None
) -> Result:
    """Do work in a thread of its own; the interrupt of a cancelled run asks it to stop, and is raised when it has ended.

    Args:
        work: ends soon after the event that it is given is set.
        name: of the thread.
        tell: is called with what the work returns, before an interrupt is raised, too.

    Returns:
        What the work returns, if no interrupt came.

    Raises:
        BaseException: what the interrupt raises (Dagster's DagsterExecutionInterruptedError), at the latest 30 seconds after
            it; else what the work raises.
    """
    stop = threading.Event()
    results: list[Result] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work(stop))
        except BaseException as error:  # noqa: BLE001  handed to the op's own thread below
            problems.append(error)

    gives_up = float("inf")
    with _noted_interrupts() as interrupts:
        threading.Thread(target=run, name=name, daemon=True).start()
        # No join and no lock: CPython 3.11 takes a thread for ended when an exception strikes where it waits for it.
        while not (results or problems) and time.monotonic() < gives_up:
            time.sleep(_LOOK_EVERY_SECONDS)
            if interrupts and not stop.is_set():
                gives_up = time.monotonic() + _PATIENCE_SECONDS
                stop.set()
    try:
        if problems:
            raise problems[0]
        if results:
            tell(results[0])
    finally:
        if interrupts:
            signal.raise_signal(interrupts[0])
    return results[0]


@contextmanager
def _noted_interrupts() -> Iterator[list[int]]:
    """Note SIGINT and SIGTERM, however often they come, in place of what they would do; elsewhere than in the main thread, none.

    An interrupt that raises could strike anywhere, also where another one is being dealt with.
    """
    noted: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        noted.append(number)

    before = []
    try:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                # What a script runs in its background has SIGINT ignored, and keeps it so.
                if (handler := signal.getsignal(number)) is not signal.SIG_IGN:
                    before.append((number, handler))
                    signal.signal(number, note)
        yield noted
    finally:
        for number, handler in before:
            signal.signal(number, handler)
