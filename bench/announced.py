"""What stands in for three providers while something is announced: takes, says 429, refuses some for good."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from bench.wire import Answer

STOP: Final = "STOP"  # stands in every announcement, and in no greeting
BUSY: Final[Mapping[str, Answer]] = {
    "twilio": (429, b'{"code": 20429, "message": "Too Many Requests", "status": 429}'),
    "whatsapp": (400, b'{"error": {"code": 130429, "message": "Rate limit hit"}}'),
    "messenger": (429, b"{}"),
}
GONE: Final[Mapping[str, Answer]] = {
    "twilio": (400, b'{"code": 63024, "message": "Invalid message recipient", "status": 400}'),
    "whatsapp": (400, b'{"error": {"code": 131026, "message": "Message undeliverable"}}'),
    "messenger": (400, b'{"error": {"code": 551, "message": "This person isn\'t available"}}'),
}


@dataclass
class StandIn:
    """Every so many announcements of a channel meet a 429; every so many people of it are never reached.

    `allowed`: how many it takes a second, and at once after a second of silence; the others meet a 429. 0: any number.
    """

    busy_every: int
    gone_every: int
    allowed: int = 0
    taken: Counter[str] = field(default_factory=Counter)  # announcements by person
    gone: Counter[str] = field(default_factory=Counter)
    met_busy: Counter[str] = field(default_factory=Counter)  # by channel
    tries: Counter[str] = field(default_factory=Counter)
    heard: dict[str, float] = field(default_factory=dict)  # who was answered, when (monotonic seconds)
    taken_at: list[float] = field(default_factory=list)
    left: float = 0.0  # of what is allowed, at `left_at` (monotonic seconds)
    left_at: float = float("-inf")

    def begin(self) -> int:
        """Another announcement begins: what was counted of the one before is forgotten, but how many were answered."""
        for counted in (self.taken, self.gone, self.taken_at):
            counted.clear()
        return len(self.heard)

    def handle(self, method: str, target: str, body: bytes) -> Answer:
        """One request of the program."""
        path = urlsplit(target).path
        if method != "POST":
            return 200, b'{"data": [], "messages": [], "contents": [], "next_page_uri": null, "meta": {}}'
        if path.endswith("/Messages.json"):
            form = dict(parse_qsl(body.decode(), keep_blank_values=True))
            return self._take("twilio", form["To"].removeprefix("whatsapp:"), form.get("Body", ""))
        if not path.endswith("/messages"):
            return 200, b"{}"
        told: dict[str, Any] = json.loads(body)
        if "messaging_product" in told:
            return self._take("whatsapp", str(told.get("to", "")), json.dumps(told))
        return self._take("messenger", str(told.get("recipient", {}).get("id", "")), json.dumps(told))

    def _take(self, channel: str, to: str, words: str) -> Answer:
        if STOP not in words:
            self.heard[to] = time.monotonic()
            return self._accepted(channel)
        self.tries[channel] += 1
        if (self.busy_every and self.tries[channel] % self.busy_every == 0) or self._is_too_fast():
            self.met_busy[channel] += 1
            return BUSY[channel]
        if self.gone_every and int(to[-7:]) % self.gone_every == 0:
            self.gone[to] += 1
            return GONE[channel]
        self.taken[to] += 1
        self.taken_at.append(time.monotonic())
        return self._accepted(channel)

    def _is_too_fast(self) -> bool:
        now = time.monotonic()
        self.left = min(self.allowed, self.left + (now - self.left_at) * self.allowed) if self.allowed else 1
        self.left_at = now
        if self.left < 1:
            return True
        self.left -= 1
        return False

    def _accepted(self, channel: str) -> Answer:
        number = sum(self.tries.values()) + len(self.heard)
        if channel == "twilio":
            return 201, json.dumps({"sid": f"SM{number:032x}", "status": "queued"}).encode()
        if channel == "whatsapp":
            return 200, json.dumps({"messages": [{"id": f"wamid.{number}"}]}).encode()
        return 200, json.dumps({"recipient_id": "1", "message_id": f"m_{number}"}).encode()


@dataclass(frozen=True)
class Recipients:
    """The people of a broadcast as their provider names them: who was left out, who is said to be told, who was to be.

    `in_doubt`: whose message a killed worker had in hand. Nobody is told twice for that, so some are told nothing.
    """

    silent: Set[str]
    told: Set[str]
    meant: Set[str]
    in_doubt: Set[str]

    def untold(self, stand_in: StandIn) -> Set[str]:
        """Who was to be told, and was neither told nor refused for good."""
        return self.meant - stand_in.taken.keys() - stand_in.gone.keys()

    def wrong(self, stand_in: StandIn) -> list[str]:
        """What the stand-in knows better."""
        faults = {
            "were told twice": sum(1 for times in stand_in.taken.values() if times > 1),
            "were told against their will": len(self.silent & stand_in.taken.keys()),
            "are said to be told and were not": len(self.told - stand_in.taken.keys()),
            "were told nothing, and are not said to be in doubt": len(self.untold(stand_in) - self.in_doubt),
        }
        return [f"{people} people {what}" for what, people in faults.items() if people]
