"""What sends to the fake Twilio meet by chance: faults, reports that are never made, lists that show them late."""

import random
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Lot:
    """What one send meets: its mode, whether its message is reported, seconds until the list shows it."""

    mode: str
    is_reported: bool = True
    listed_after: float = 0.0


class Moods:
    """`shares`: mode -> its share of all sends; `met` counts them. Each is met once before chance decides.

    `loses`: the share of messages of which no report is made, all of those first ones among them. `listed_within`: the
    list shows a message after at most so many seconds.
    """

    def __init__(self, shares, seed, loses=0.0, listed_within=0.0):
        self.shares, self.loses, self.listed_within = dict(shares), loses, listed_within
        self.met, self._chance = Counter(), random.Random(seed)
        self._first = self._chance.sample(list(shares), len(shares))

    def draw(self):
        """The lot of the next send."""
        is_first = bool(self._first)
        mode = self._first.pop() if is_first else self._drawn()
        if mode != "ok":
            self.met[mode] += 1
        is_lost = (0.0 if is_first else self._chance.random()) < self.loses
        return Lot(mode, not is_lost, self._chance.uniform(0, self.listed_within))

    def _drawn(self):
        place = self._chance.random()
        for mode, share in self.shares.items():
            place -= share
            if place < 0:
                return mode
        return "ok"
