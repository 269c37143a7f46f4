"""Links that people share: what is behind Facebook's own redirect, and the place that a map's address tells."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from bot.messages import Location
from handlers.messenger.fields import url_in
from handlers.words import degrees_in

REDIRECTS: Final = ("l.facebook.com", "lm.facebook.com", "l.messenger.com")
# Google's, Apple's, OpenStreetMap's, Waze's; Bing's is how Messenger itself writes a pin (unconfirmed)
MAPS: Final = re.compile(
    r"((www|maps)\.)?google\.[a-z]{2,3}(\.[a-z]{2})?|maps\.app\.goo\.gl|maps\.apple\.com|(www\.)?bing\.com"
    r"|(www\.)?openstreetmap\.org|(www\.)?waze\.com|ul\.waze\.com"
)
_PAIR: Final = r"(-?[0-9]{1,3}\.[0-9]{1,20}|-?[0-9]{1,3})"
# a pin, then where a map is centred
IN_PATH: Final = (
    re.compile(rf"!3d{_PAIR}!4d{_PAIR}"),
    re.compile(rf"/(?:place|search|dir/[^/]*)/{_PAIR},\s?{_PAIR}(?:/|$)"),
    re.compile(rf"@{_PAIR},{_PAIR}"),
)
NAMES: Final = ("where1", "q", "query", "ll", "daddr", "destination", "center", "sll")
VALUE: Final = re.compile(rf"(?:loc:)?\s*{_PAIR}\s*,\s*{_PAIR}\s*(?:\(.{{0,200}}\))?")
MOST_FIELDS: Final = 50


def behind(url: str) -> str:
    """The address behind Facebook's redirect (`l.facebook.com/l.php?u=…`); any other as it is."""
    if _host_of(url) not in REDIRECTS:
        return url
    return next((url_in(value) for name, value in _fields(url) if name == "u"), "") or url


def place_of(url: str) -> Location | None:
    """The coordinates in the address of a map; None when it is no map's, or holds none."""
    if not MAPS.fullmatch(_host_of(url)):
        return None
    fields = dict(reversed([*_fields(url)]))
    told = [found for name in NAMES if (found := VALUE.fullmatch(fields.get(name, "")))]
    path = unquote_plus(url.partition("?")[0])
    told += [found for pattern in IN_PATH if (found := pattern.search(path))]
    return next((place for found in told if (place := _location(found[1], found[2]))), None) or _marked(fields)


def _marked(fields: dict[str, str]) -> Location | None:
    """OpenStreetMap's pin: mlat and mlon."""
    return _location(fields.get("mlat", ""), fields.get("mlon", ""))


def _location(latitude: str, longitude: str) -> Location | None:
    north, east = degrees_in(latitude, 90), degrees_in(longitude, 180)
    return None if north is None or east is None else Location(north, east)


def _host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _fields(url: str) -> Iterator[tuple[str, str]]:
    try:
        yield from parse_qsl(urlsplit(url).query, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        return
