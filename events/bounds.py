"""What a programme keeps to; a process that reads sheets knows it without the database."""

from typing import Final

MOST_WORKSHOPS: Final = 500  # of an event
