"""How the threads of a process share its interpreter, and what the death of one means."""

import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from base.log import logger, place_of

log = logger(__name__)

EACH: Final = 0.0015  # seconds
WAKES_AGAIN: Final = 0.02  # seconds, while the main thread has not answered
WAKE: Final = signal.SIGURG  # nobody else's here, and where Python has let go of it the system passes it over


def take_short_turns() -> None:
    """Let each thread run for a millisecond and a half while others want to.

    A thread that comes back from a store waits that long for a busy one, at each of a turn's calls; Python's own five
    milliseconds are longer than all the rest of such a call. A third of this would have the threads of a crowded
    process change places so often that a turn costs a fifteenth more.
    """
    sys.setswitchinterval(EACH)


def show_when_asked() -> None:
    """Of a process that hangs: `kill -USR1` writes where each of its threads is to stderr, files and lines alone.

    One that is already at its own end, where Python has let go of the signal, passes it over.
    """
    faulthandler.unregister(signal.SIGUSR1)  # a fork has its parent's, and would keep what is said next instead
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    faulthandler.register(signal.SIGUSR1, file=sys.__stderr__ or sys.stderr, all_threads=True)


def hear_every_signal() -> None:
    """From the main thread of a process that sleeps there while others work: what is told to any of them wakes it.

    The system gives a signal to whichever thread looks first, as one does that begins; what answers it runs in the main
    one alone, which such a signal does not wake. A busy process that was asked to stop would go on until it is killed.
    """
    heard, told = os.pipe()
    answers: list[int] = []
    os.set_blocking(told, False)
    signal.signal(WAKE, lambda number, _: answers.append(number))
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=_wake_at_each, args=(heard, answers), name="signals", daemon=True).start()


def _wake_at_each(heard: int, answers: list[int]) -> None:
    while number := os.read(heard, 1):
        if number[0] != WAKE:
            _wake_main(answers)


def _wake_main(answers: list[int]) -> None:
    """Until it says that it is: one that was told just before it lay down sleeps on."""
    answers.clear()
    while (main := threading.main_thread().ident) and not answers:
        signal.pthread_kill(main, WAKE)
        time.sleep(WAKES_AGAIN)


def end_where_one_dies(end: Callable[[], None]) -> None:
    """A bug in any thread calls `end`, for a process that is started again: without the thread it would look alive."""

    def died(told: threading.ExceptHookArgs) -> None:
        thread = told.thread.name if told.thread else ""
        log.error("thread_died", thread=thread, error=place_of(told.exc_value) if told.exc_value else "")
        end()

    threading.excepthook = died
