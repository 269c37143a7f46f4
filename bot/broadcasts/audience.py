"""Who is meant by an announcement: a query that is kept with it, as one condition of SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal

from base.places import Place, find_places, places

Role = Literal["all", "buyers", "vendors", "attendees", "organizers"]
ROLES: Final[tuple[Role, ...]] = ("all", "buyers", "vendors", "attendees", "organizers")


@dataclass(frozen=True)
class Audience:
    """A query about people; what is not said narrows nothing.

    `zone` are slugs of base.places, one of which is where he lives or sells (`zone_of` reads one from words); `channel`
    is a kind of account; `workshop` a workshop's number, of whom has a place there (role `attendees` alone: any place);
    `ordered` whether he ever ordered, within the last `ordered_days` where those are told; `category` a category's
    slug, of which he sells or has bought something; `not_seen_days`: he has written nothing for so many days.
    Left out are, where it is said: who is in conversation now, who was told an announcement in the last
    `skip_told_days`, who has an open complaint.
    """

    role: Role = "all"
    zone: tuple[str, ...] = ()
    language: str = ""
    channel: str = ""
    workshop: int | None = None
    ordered: bool | None = None
    ordered_days: int | None = None
    category: str = ""
    not_seen_days: int | None = None
    skip_talking: bool = False
    skip_told_days: int | None = None
    skip_complaint: bool = False


def to_json(audience: Audience) -> dict[str, Any]:
    """As a jsonb column holds it: only what is said."""
    told = {name: value for name, value in asdict(audience).items() if value not in (None, "", (), False)}
    return told | ({"ordered": False} if audience.ordered is False else {})


def from_json(document: Mapping[str, Any]) -> Audience:
    """What `to_json` wrote; whatever an older or newer program has written besides narrows nothing."""
    known = {field.name for field in fields(Audience)} & document.keys()
    values = {name: document[name] for name in known}
    return Audience(**{**values, "zone": tuple(values.get("zone", ()))})


def zone_of(words: str) -> tuple[str, ...]:
    """The slugs of the places that words name: all of Grand Lomé, of a commune, one quarter or town; () for none."""
    raise NotImplementedError
