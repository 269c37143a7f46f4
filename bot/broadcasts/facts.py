"""What happens to a broadcast that somebody must hear of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BroadcastPaused:
    """It has stopped by itself; `reason`: errors, template, restricted, account, late, moved."""

    broadcast_id: int
    reason: str


@dataclass(frozen=True)
class BroadcastDone:
    """Everybody was told, or never will be."""

    broadcast_id: int
