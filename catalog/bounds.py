"""What the figures of goods keep to; a process that reads sheets knows them without the database."""

from typing import Final

MOST_UNITS: Final = 1_000_000  # of a stock
MOST_PRICE: Final = 100_000_000  # F CFA
LEAST_OF_STEP, MOST_OF_STEP = 2, 99_999  # units from which a price for many may count
