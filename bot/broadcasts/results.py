"""What became of a broadcast: while it goes on, at its end, and a row for each of its recipients."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from base.db import Db

WITHIN_HOURS = 72  # in which what people do afterwards is counted


@dataclass(frozen=True)
class Progress:
    """Where a broadcast stands. `counts` are recipients by state: planned, queued, sent, delivered, read, failed,
    skipped, uncertain; `done_at` is when it will be done at this pace, None when nobody can tell; `next_on` the day of
    its next slice, when today's is done."""

    state: str
    pause_reason: str
    counts: Mapping[str, int]
    total: int
    left: int
    done_at: datetime | None
    next_on: date | None


@dataclass(frozen=True)
class OfVendor:
    """What recipients ordered of one shop within 72 h: orders, and F CFA of goods."""

    vendor_id: int
    name: str
    orders: int
    amount: int


@dataclass(frozen=True)
class Result:
    """How it ended: `reasons` are of who was skipped or failed ("skipped.no_consent" -> people), texts
    `broadcast.why.<reason>`; replies, opt-outs and orders within 72 h of who was told."""

    counts: Mapping[str, int]
    reasons: Mapping[str, int]
    replies: int
    opt_outs: int
    orders: int
    amount: int
    vendors: Sequence[OfVendor]


def progress(db: Db, broadcast_id: int) -> Progress:
    """How far it is. Raises LookupError."""
    raise NotImplementedError


def result(db: Db, broadcast_id: int) -> Result:
    """What became of it, and what people did then. Raises LookupError."""
    raise NotImplementedError


def header(language: str) -> list[str]:
    """The titles of an export's columns."""
    raise NotImplementedError


def lines(db: Db, broadcast_id: int, language: str) -> Iterator[list[str]]:
    """A line for each recipient, in words, read in pieces: person, channel, state, way, reason, moments in Lomé."""
    raise NotImplementedError


def as_csv(db: Db, broadcast_id: int, language: str) -> Iterator[bytes]:
    """The export as CSV (UTF-8 with its mark, `;`), piece by piece; no cell is a formula."""
    raise NotImplementedError


def as_workbook(db: Db, broadcast_id: int, language: str) -> bytes:
    """The export as XLSX; no cell is a formula."""
    raise NotImplementedError
