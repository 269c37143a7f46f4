"""The terms a market sells on: what orders need from the settings."""

from dataclasses import dataclass

from base.hours import DAYTIME, Hours
from base.secret import Secret
from base.timing import Timing
from catalog.vendors import Bands
from orders.codes import Codes
from orders.delivery import MarketFees


@dataclass(frozen=True)
class Terms:
    """Made once from the settings; durations in seconds."""

    codes: Codes
    hold: float  # how long a recap keeps its units
    unanswered: float  # how long a vendor may be silent
    fees: MarketFees  # the market's own prices
    hours: Hours = DAYTIME  # of shops that have told none
    reminded: float = 15 * 60  # opening time after which a silent vendor is reminded
    offered: float = 60 * 60  # opening time after which his buyer is offered another shop
    answered: float = 2 * 3600  # opening time that a vendor has to answer, however long he may be silent
    rest_kept: float = 2 * 3600  # opening time that a buyer has to let go of what a shop can serve of his part

    @classmethod
    def of(
        cls, lasting_key: Secret, timing: Timing, bands: Bands, parcel_fee: int = 2000, hours: Hours = DAYTIME
    ) -> "Terms":
        """The terms of these settings."""
        return cls(
            Codes(lasting_key),
            timing.hold,
            timing.unanswered_order,
            MarketFees(bands, parcel_fee),
            hours,
            timing.vendor_reminded,
            timing.another_offered,
            timing.answer_opening,
            timing.rest_kept,
        )
