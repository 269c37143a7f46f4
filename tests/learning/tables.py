"""Tables of what people wrote: message, the intents that are right, slots."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "tables"
OWN_WORDS = ("product", "name", "workshop", "title", "vendor", "shop", "speakers")  # slots of a person's own words


@dataclass(frozen=True)
class Row:
    """A message as it was typed, with what it means."""

    message: str
    intents: tuple[str, ...]
    slots: Mapping[str, Any]

    def without_own_words(self, mark: str) -> str:
        """The message with `mark` in place of every word that only this person says."""
        told = self.message
        for own in sorted(set(self._own()), key=len, reverse=True):
            told = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", f" {mark} ", told, flags=re.IGNORECASE)
        return told

    def _own(self) -> Iterator[str]:
        for slots in (self.slots, *self.slots.get("items", ())):
            yield from (slots[name] for name in OWN_WORDS if isinstance(slots.get(name), str))


def read_table(path: Path) -> list[Row]:
    """The rows of one table."""
    lines = (line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    told = (line.rsplit(" | ", 2) for line in lines)
    return [Row(message.replace("\\n", "\n"), tuple(i.split("/")), json.loads(slots)) for message, i, slots in told]


def paths(role: str) -> list[Path]:
    """The tables of a role."""
    return sorted((TABLES / role).glob("*.txt"))
