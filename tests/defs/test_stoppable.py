"""The work of an op is waited for, whenever and however often its run is interrupted."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from dagster import DagsterExecutionInterruptedError
from dagster._core.errors import raise_execution_interrupts

from outreach_pipeline.defs.stoppable import run_stoppable


@pytest.fixture
def interrupt_after():
    """Send this process signals, each at its second, while a test waits."""
    timers: list[threading.Timer] = []

    def arm(*seconds: float, number: int = signal.SIGINT) -> None:
        for each in seconds:
            timers.append(threading.Timer(each, os.kill, (os.getpid(), number)))
            timers[-1].start()

    # Whoever runs the tests in the background of a script ignores SIGINT.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield arm
    for timer in timers:
        timer.join()
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupts_in_the_middle_of_the_wait_let_the_work_end_and_then_raise(interrupt_after, number):
    ended: list[bool] = []

    def work(stop: threading.Event) -> list[bool]:
        ended.append(stop.wait(30))
        time.sleep(2)
        ended.append(True)
        return ended

    with raise_execution_interrupts():
        handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
        # The second and third come while the work is being waited for.
        interrupt_after(0.5, 1.0, 1.5, number=number)
        told: list[list[bool]] = []
        with pytest.raises(DagsterExecutionInterruptedError):
            run_stoppable(work, name="test", tell=told.append)
        assert told == [ended] == [[True, True]]
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers


def test_what_the_work_raises_is_raised_and_kept_beside_an_interrupt(interrupt_after):
    def fail(_: threading.Event) -> None:
        raise LookupError("of the work")

    def fail_when_stopped(stop: threading.Event) -> None:
        stop.wait(30)
        raise LookupError("of the work")

    with pytest.raises(LookupError, match="of the work"):
        run_stoppable(fail, name="test")
    interrupt_after(0.5)
    with pytest.raises(KeyboardInterrupt) as caught:
        run_stoppable(fail_when_stopped, name="test")
    assert isinstance(caught.value.__context__, LookupError)


def test_work_that_is_not_interrupted_gives_its_result_in_any_thread():
    assert run_stoppable(lambda stop: stop.is_set(), name="test") is False
    results: list[int] = []
    other = threading.Thread(target=lambda: results.append(run_stoppable(lambda _: 7, name="test")))
    other.start()
    other.join()
    assert results == [7]


def test_an_interrupt_that_is_ignored_stays_so(interrupt_after):
    def work(stop: threading.Event) -> bool:
        return stop.wait(1.5)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interrupt_after(0.3)
    assert run_stoppable(work, name="test") is False
