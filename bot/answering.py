"""A door's own answers: they go out of the process that has stored, taken and answered the message."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.posting import Posting
from bot.sending import Sending
from bot.taking import Taking


@dataclass
class Answering:
    """Sends what the turns of its process say, from when the database is there until the process ends.

    `make` needs the database. What else waits it finds as a worker does; announcements are a worker's, as long as
    one lives.
    """

    make: Callable[[], Posting]
    sending: Sending | None = None

    def sender(self) -> Posting:
        """For the taker of this process."""
        sending = Sending(self.make())
        sending.start()
        self.sending = sending
        return sending.posting

    def end_with_the_process(self, taking: Taking, seconds: float) -> None:
        """A thread that the interpreter waits for: at its end a turn is finished and sends are settled in this time."""

        def end() -> None:
            threading.main_thread().join()
            self.end(taking, seconds)

        threading.Thread(target=end, name="end").start()

    def end(self, taking: Taking, seconds: float) -> None:
        """Finish what is under way, also by a sender that was still being made at the first look."""
        end = time.monotonic() + seconds
        taking.end()
        if self.sending:
            self.sending.end(seconds)
        if taking.is_over(end - time.monotonic()) and self.sending:
            if not self.sending.is_settled:
                self.sending.end(max(0.0, end - time.monotonic()))
            self.sending.give_back()
