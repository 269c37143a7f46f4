"""The terms a market sells on: what orders need from the settings."""

from dataclasses import dataclass, field

from base.secret import Secret
from base.timing import Timing
from catalog.vendors import MARKET_BANDS, Bands
from orders.codes import Codes


@dataclass(frozen=True)
class Terms:
    """Made once from the settings; durations in seconds."""

    codes: Codes
    hold: float  # how long a recap keeps its units
    unanswered: float  # how long a vendor may be silent
    bands: Bands = field(default=MARKET_BANDS)

    @classmethod
    def of(cls, secret_key: Secret, timing: Timing, bands: Bands = MARKET_BANDS) -> "Terms":
        """The terms of these settings."""
        return cls(Codes(secret_key), timing.hold, timing.unanswered_order, bands)
