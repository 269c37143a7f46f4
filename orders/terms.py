"""The terms a market sells on: what orders need from the settings."""

from dataclasses import dataclass

from base.secret import Secret
from base.timing import Timing
from catalog.vendors import Bands
from orders.codes import Codes


@dataclass(frozen=True)
class Terms:
    """Made once from the settings; durations in seconds."""

    codes: Codes
    hold: float  # how long a recap keeps its units
    unanswered: float  # how long a vendor may be silent
    bands: Bands  # the market's own prices by distance

    @classmethod
    def of(cls, secret_key: Secret, timing: Timing, bands: Bands) -> "Terms":
        """The terms of these settings."""
        return cls(Codes(secret_key), timing.hold, timing.unanswered_order, bands)
