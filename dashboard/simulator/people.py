"""Who can be chosen on the simulator's page, and where they can stand."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Person:
    """An invented person: `role` is buyer, vendor or organizer; `phone` in E.164."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class Spot:
    """A place to send as a pin: WGS 84 degrees."""

    label: str
    latitude: float
    longitude: float


SPOTS: Final = (
    Spot("Bè", 6.1386, 1.2467),
    Spot("Tokoin", 6.1520, 1.2190),
    Spot("Adidogomé", 6.1850, 1.1700),
    Spot("Agoè-Nyivé", 6.2230, 1.2080),
    Spot("Baguida", 6.1630, 1.3180),
)
