"""What vendors' short messages say, remembered: most of them write the same few words."""

from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Final

from bot.messages import Heard
from bot.understanding import hearing
from bot.understanding.hearing import NO_CLOCK, VENDOR, AsksClock

SHORT: Final = 60  # letters
_MOST: Final = 2_048  # messages


def phrased(role: str, text: str, now: datetime | None = None) -> tuple[Heard, ...]:
    """What phrases say, and of a vendor's message its stock lines and its several commands."""
    if role == VENDOR and len(text) <= SHORT:
        with suppress(AsksClock):
            return _of_few_words(text)
    return hearing.phrased(role, text, now)


@lru_cache(maxsize=_MOST)
def _of_few_words(text: str) -> tuple[Heard, ...]:
    return hearing.phrased(VENDOR, text, NO_CLOCK)
