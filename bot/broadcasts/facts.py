"""What happens to a broadcast that somebody must hear of."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class BroadcastPaused:
    """It has stopped by itself; `reason`: errors, template, restricted, account, file, late, moved."""

    broadcast_id: int
    reason: str


@dataclass(frozen=True)
class BroadcastDone:
    """Everybody was told, or never will be."""

    broadcast_id: int


@dataclass(frozen=True)
class BroadcastCounted:
    """A job has counted whom it reaches, for those who wait for it in these chats."""

    broadcast_id: int
    conversation_ids: tuple[int, ...]


@dataclass(frozen=True)
class Seconded:
    """Another organizer has answered whether it shall go; `outcome`: started, scheduled, late (it needs another time),
    refused."""

    broadcast_id: int
    contact_id: int
    outcome: Literal["started", "scheduled", "late", "refused"]
