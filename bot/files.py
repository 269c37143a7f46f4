"""Files for one person at signed addresses, `/documents/<kind>/<token>`: made when they are asked for, kept nowhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pydantic import JsonValue

from base import clock, tokens
from base.db import Db
from base.secret import Secret


@dataclass(frozen=True)
class Document:
    """The name it is saved by, its type, its bytes; a page of ours is shown and not saved.

    What takes long to draw has what draws it in the place of its bytes: then no connection is held meanwhile.
    """

    name: str
    mime: str
    source: bytes | Callable[[], bytes]
    is_page: bool = False

    @cached_property
    def content(self) -> bytes:
        """Its bytes; drawn when they are first asked for."""
        return self.source() if callable(self.source) else self.source


Maker = Callable[[Db, JsonValue], Document | None]
"""Makes a file by the payload of its token; None when there is nothing any more."""


def path_to(kind: str, secret: Secret, payload: JsonValue, until: datetime) -> str:
    """The public path of a file, good until a moment."""
    return f"/documents/{kind}/{tokens.sign(secret, kind, payload, until)}"


def find(db: Db, makers: Mapping[str, Maker], secret: Secret, kind: str, token: str) -> Document | None:
    """The file at an address; None when we have not made it, or its time is over."""
    if kind not in makers:
        return None
    payload = tokens.read(secret, kind, token, clock.now(db))
    return None if payload is None else makers[kind](db, payload)
