"""What is said at a workshop's door; `checkin` is its page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """What the page says: the workshop, how many are in, and what the last code was told.

    `outcome` is '' where no code was told, `welcome` for who may come in, else why not.
    """

    title: str
    when: str
    attended: int
    taken: int
    outcome: str = ""
    told: str = ""
