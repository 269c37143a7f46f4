"""What an organizer is announcing, as his chat remembers it until his OUI, and the same in words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from bot.broadcasts import audience, drafts, zones
from bot.broadcasts.audience import Audience, Role
from bot.broadcasts.drafts import Attached, Draft
from bot.texts import FIRST, say
from bot.turn import Turn

KEY: Final = "announcing"  # in memory
OPEN: Final = "organizer.ann_"  # how the states begin in which something is being announced
LANGUAGES: Final = ("fr", "en", "ee", "kbp")  # French, English, Ewe, Kabiyè; nobody translates them but people
BESIDE: Final = ("ee", "kbp")  # that no chat is in: they stand below the French words
REPEATS: Final[Mapping[str, drafts.Repeat]] = {"": "", "day": "daily", "week": "weekly"}


@dataclass(frozen=True)
class Wanted:
    """An announcement that is being made.

    `who` is '' until it is told; `places` are names, None until it is known whether there are any; `workshop` is a
    number, 0 for all of them, None until it is told; `at` an ISO moment, '' for now. `row` is its broadcast, 0 before
    it was counted; `count` whom it reaches as last shown; `version` grows with each summary, so that an old button is
    known; `is_new` whether its words have changed since they were shown.
    """

    who: str = ""
    places: tuple[str, ...] | None = None
    workshop: int | None = None
    query: Mapping[str, Any] = field(default_factory=dict)  # other fields of its Audience
    texts: Mapping[str, str] = field(default_factory=dict)
    file: tuple[str, int, int] | None = None  # kind, inbox row, place there
    language: str = FIRST  # in which the next text is
    at: str = ""
    every: str = ""
    until: str = ""
    is_quiet_overridden: bool = False
    is_weekly_overridden: bool = False
    row: int = 0
    count: int = 0
    version: int = 0
    is_new: bool = True

    @property
    def has_text(self) -> bool:
        """Whether there is something to announce."""
        return bool(self.texts.get(FIRST) or self.file)

    @property
    def due_at(self) -> datetime | None:
        """When it begins; None: at once."""
        return datetime.fromisoformat(self.at) if self.at else None


def wanted(turn: Turn) -> Wanted | None:
    """What is being announced in this chat; None for nothing."""
    kept = turn.memory.get(KEY)
    if not isinstance(kept, dict):
        return None
    places, file = kept.get("places"), kept.get("file")
    return Wanted(
        **{
            **kept,
            "places": None if places is None else tuple(places),
            "file": (str(file[0]), int(file[1]), int(file[2])) if file else None,
        }
    )


def keep(turn: Turn, one: Wanted) -> Wanted:
    """Remember it."""
    turn.memory[KEY] = asdict(one)
    return one


def change(turn: Turn, **values: Any) -> Wanted:
    """Change what is being announced; a new one where nothing is."""
    return keep(turn, replace(wanted(turn) or Wanted(), **values))


def forget(turn: Turn) -> None:
    """Nothing is being announced here any more."""
    turn.memory.pop(KEY, None)


def audience_of(one: Wanted) -> Audience:
    """Whom it is for, as a query."""
    zone = tuple(dict.fromkeys(slug for name in one.places or () for slug in zones.zone_of(name)))
    role: Role = next((role for role in audience.ROLES if role == one.who), "all")
    return replace(audience.from_json(one.query), role=role, zone=zone, workshop=one.workshop or None)


def draft_of(turn: Turn, one: Wanted) -> Draft:
    """It as a broadcast; of a voice note without words its words say what it is."""
    kind, inbox_id, place = one.file or ("", 0, 0)
    attached = Attached("audio" if kind == "audio" else "image", inbox_id, place) if kind else None
    return Draft(
        texts_of(one),
        audience_of(one),
        attached,
        one.due_at,
        REPEATS[one.every],
        date.fromisoformat(one.until) if one.until and one.every else None,
        one.is_quiet_overridden,
        one.is_weekly_overridden,
    )


def texts_of(one: Wanted) -> dict[str, str]:
    """Its words by the language of their readers: what is in Ewe or Kabiyè is read with the French, below it."""
    first = one.texts.get(FIRST, "") or words_of_file(one.file[0] if one.file else "")
    whole = "\n\n".join(text for text in (first, *(one.texts.get(language, "") for language in BESIDE)) if text)
    others = {language: text for language, text in one.texts.items() if text and language not in (FIRST, *BESIDE)}
    return {FIRST: whole, **others}


def words_of_file(kind: str) -> str:
    """What stands with a file that came without words: who cannot see it in a shut window reads them."""
    return say(FIRST, f"announce.only_{kind}", {}) if kind else ""


def is_open(turn: Turn) -> bool:
    """Whether what was asked last is about it."""
    return turn.asked.startswith(OPEN)
