"""An event as a file describes it: names, days, phases, its place with a pin, partners and a note; checked whole."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from base.mappings import NoMapping, read_file
from base.places import is_in_togo

MOST_DAYS: Final = 366
MOST_PARTS: Final = 50  # phases, or partners
UNWRITABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
NOT_HERE: Final[Mapping[str, str]] = {
    "workshops": "no part of this file; sessions come from a CSV or XLSX file, by `cli.py programme`",
    "state": "no part of this file; see `cli.py event open` and `close`",
}

SAID: Final[Mapping[str, str]] = {
    "missing": "it must be there",
    "model_type": "it should be parts with their values, like {name: Ecobank}",
    "string_pattern_mismatch": "it should be small letters, figures and hyphens, like semaine-2027",
}


class BadEvent(Exception):
    """A file that describes no event; each line names the part that is wrong, and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def _line(value: str) -> str:
    line = " ".join(value.split())
    if UNWRITABLE.search(line):
        raise ValueError("it has a sign that cannot be written")
    return line


def _name(value: str) -> str:
    if not (line := _line(value)):
        raise ValueError("it should not be empty")
    return line


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError("it should be a day like 2027-08-16") from error


def _pin(value: tuple[float, float]) -> tuple[float, float]:
    if not is_in_togo(*value):
        raise ValueError("it lies outside Togo; it should be latitude and longitude in degrees, like [6.1266, 1.2265]")
    return value


Line = Annotated[str, AfterValidator(_line)]
Name = Annotated[str, AfterValidator(_name), Field(max_length=80)]
Day = Annotated[date, BeforeValidator(_day)]
Pin = Annotated[tuple[float, float], AfterValidator(_pin)]


class _Part(BaseModel):
    """A part of the file: it does not change and knows no other key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DescribedPhase(_Part):
    """A part of the event with days of its own."""

    name: Name
    starts_on: Day
    ends_on: Day


class DescribedPartner(_Part):
    """Who bears it, and how."""

    name: Name
    role: Annotated[Line, Field(max_length=80)] = ""


class Described(_Part):
    """The whole event; `slug` says which one it is, `pin` is latitude and longitude in degrees of its place."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    name: Name
    theme: Annotated[Line, Field(max_length=120)] = ""
    organiser: Annotated[Line, Field(max_length=80)] = ""
    city: Annotated[Line, Field(max_length=60)] = ""
    place: Annotated[Line, Field(max_length=80)] = ""
    pin: Pin | None = None
    starts_on: Day
    ends_on: Day
    note: Annotated[Line, Field(max_length=200)] = ""
    phases: Annotated[tuple[DescribedPhase, ...], Field(max_length=MOST_PARTS)] = ()
    partners: Annotated[tuple[DescribedPartner, ...], Field(max_length=MOST_PARTS)] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> "Described":
        if faults := [*self._faults()]:
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if not 0 <= (self.ends_on - self.starts_on).days < MOST_DAYS:
            yield f"ends_on should be starts_on or one of the {MOST_DAYS - 1} days after it"
        for number, phase in enumerate(self.phases):
            if not self.starts_on <= phase.starts_on <= phase.ends_on <= self.ends_on:
                yield f"phases.{number} should begin before it ends, within the event's days"


def read_event(path: Path) -> Described:
    """The event that a file of YAML describes. Raises BadEvent, which names all that is wrong."""
    try:
        return described(read_file(path, "an event's parts"))
    except NoMapping as error:
        raise BadEvent([str(error)]) from error


def described(tree: Mapping[str, Any]) -> Described:
    """The same of the mapping that a file holds. Raises BadEvent."""
    try:
        return Described.model_validate(dict(tree))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        raise BadEvent([_told(detail["loc"], detail["type"], detail["msg"]) for detail in details]) from error


def _told(loc: tuple[str | int, ...], kind: str, message: str) -> str:
    where = ".".join(UNWRITABLE.sub("?", str(part))[:60] for part in loc)
    if kind == "extra_forbidden":
        return f"{where}: {NOT_HERE.get(where, 'no such part')}"
    said = SAID.get(kind) or message.removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
