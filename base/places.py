"""The gazetteer: quartiers of Grand Lomé, places just outside and towns, found under the spellings people use."""

import csv
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import fmean
from typing import Literal, cast

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from base.spelling import Word, fold, spelled

CREDIT = "© OpenStreetMap contributors; towns: GeoNames (CC BY 4.0)"
"""To be shown wherever the gazetteer is: OpenStreetMap data is under the ODbL."""

Kind = Literal["quartier", "outside", "town"]

_EARTH_RADIUS_KM = 6371.0
_MOST_WORDS = 40
_WIDEST_NAME = 4
_SHORTEST_GUESSED = 4
_SHORTEST_GUESSED_IN_A_SENTENCE = 5
_LONGEST_GUESSED = 30
_OPTIONAL_FIRST = frozenset("agoe agoue be tokoin quartier cote".split())
_ARTICLES = frozenset("de du des d la le l les au".split())
_TOWARDS = frozenset(("a", "au", "aux"))
RELATIONS = frozenset(
    "derriere devant face cote pres loin avant apres entre carrefour route voie von rue descente immeuble portail"
    " maison pharmacie marche ecole lycee eglise temple mosquee station bar hotel hopital clinique banque stade".split()
)
"""Words that say where something lies, or that it is a landmark: what follows names no quarter."""
_FILLERS = _ARTICLES | frozenset(
    "je suis j habite on est nous vous sommes c moi chez a aux vers dans ici quartier livrez livrer livraison"
    " pour svp mon ma adresse lome en sur par cote et il y faut envoyez que".split()
)
_COLLISIONS = {
    "klikame": ("be-klikame", "klikame-sanguera"),
    "elavagnon": ("tokoin-elavagnon", "agoe-elavagnon"),
    "kleve": ("kleve", "agoe-kleve"),
    "kove": ("sogbossito", "kovie"),
    "totsi": ("totsi", "totsi-kpatefi"),
    "attiegou": ("attiegou", "attiegouvi"),
    "kegue": ("kegue", "kelegouvi"),
    "aflao": ("aflao-gakli", "sagbado"),
    "kpota": ("be-kpota", "akodessewa-kpota"),
    "tokoin": ("tokoin-hopital", "tokoin-lycee", "tokoin-forever", "tokoin-gbadago", "tokoin-wuiti", "tokoin-tame"),
}
"""Names that several places bear: asked, never guessed (the first is the likeliest)."""

_SAME_SOUND = (
    (re.compile(r"^x"), "h"),
    (re.compile(r"dz|dj"), "dj"),
    (re.compile(r"ou"), "u"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One place; `commune` is empty outside Grand Lomé, degrees are None where no point is known."""

    slug: str
    name: str
    commune: str
    latitude: float | None
    longitude: float | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Found:
    """What a text says of a place: one place, or several to ask about, and the rest of the text (a landmark)."""

    exact: Place | None
    candidates: tuple[Place, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class _Hit:
    """The places that the words `first` to `end` (not included) may name."""

    first: int
    end: int
    places: tuple[Place, ...]


def place(slug: str) -> Place:
    """Return the place of that slug; KeyError when there is none."""
    return _PLACES[slug]


def name_of(slug: str | None) -> str:
    """Return a place's name; '' for none, the slug itself when the gazetteer lost it."""
    known = _PLACES.get(slug or "")
    return known.name if known else slug or ""


def address_of(quarter: str | None, landmark: str | None) -> str:
    """Return a quarter, by its slug, and a landmark as one line; what is not known is left out."""
    return ", ".join(one for one in (name_of(quarter), landmark) if one)


def places() -> tuple[Place, ...]:
    """Return every place of the gazetteer, in its order."""
    return tuple(_PLACES.values())


def find_places(text: str, limit: int = 3) -> Found:
    """Find the place that `text` names, alone or inside a sentence, with spelling mistakes allowed. Never raises.

    `exact` is set only when one place is meant; else `candidates` has up to `limit` places to offer, likeliest first.
    """
    typed = spelled(text[:400])[:_MOST_WORDS]
    hit = _known(typed) or _guessed(typed)
    if hit is None:
        return Found(None, (), text.strip())
    exact = hit.places[0] if len(hit.places) == 1 else None
    return Found(exact, hit.places[:limit], _rest(text, typed, hit))


def is_place(text: str) -> bool:
    """Whether a text is the name of a place, in any of its spellings, and nothing else."""
    return _key(text) in _BY_KEY


def names_place(normal: Sequence[str]) -> bool:
    """Whether some words of a normalised message are a place's name, spelled as it is known."""
    return any(
        _key("".join(normal[first:end])) in _BY_KEY
        for first in range(len(normal))
        for end in range(first + 1, min(first + _WIDEST_NAME, len(normal)) + 1)
    )


def map_address(latitude: float, longitude: float) -> str:
    """Where a map opens at a point, to the metre; the same in words and below them, so that it is told once."""
    return f"https://maps.google.com/?q={latitude:.5f},{longitude:.5f}"


def position(where: Place) -> tuple[float, float]:
    """Return (latitude, longitude) in degrees; without a known point, the mean of its commune or prefecture."""
    if where.latitude is not None and where.longitude is not None:
        return where.latitude, where.longitude
    return _mean_point(where.commune) or _mean_point(where.commune.rsplit(" ", 1)[0]) or _mean_point("") or (0.0, 0.0)


def distance_km(from_latitude: float, from_longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the straight distance over the globe in kilometres (haversine); degrees in."""
    north, south = math.radians(from_latitude), math.radians(to_latitude)
    half_height = math.sin((south - north) / 2)
    half_width = math.sin(math.radians(to_longitude - from_longitude) / 2)
    chord = half_height**2 + math.cos(north) * math.cos(south) * half_width**2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def nearest(latitude: float, longitude: float) -> Place:
    """Return the place with a known point that is nearest to a pin."""
    return min(_with_point(_PLACES.values()), key=lambda known: distance_km(latitude, longitude, *position(known)))


def nearest_town(latitude: float, longitude: float) -> Place:
    """Return the town whose middle is nearest: where a bus stops."""
    towns = [known for known in _PLACES.values() if known.kind == "town"]
    return min(towns, key=lambda known: distance_km(latitude, longitude, *position(known)))


def is_in_togo(latitude: float, longitude: float) -> bool:
    """Tell whether a pin lies in the box around Togo: latitude 6.10–11.14, longitude -0.15–1.81."""
    return 6.10 <= latitude <= 11.14 and -0.15 <= longitude <= 1.81


def is_in_grand_lome(latitude: float, longitude: float) -> bool:
    """Tell whether a pin lies in the box around Grand Lomé: latitude 6.10–6.36, longitude 1.05–1.42."""
    return 6.10 <= latitude <= 6.36 and 1.05 <= longitude <= 1.42


def _known(typed: Sequence[Word]) -> _Hit | None:
    """Prefer the first name that is not told as a landmark; further words may make it more precise."""
    hits = list(_known_hits(typed))
    named = [hit for hit in hits if not _is_landmark(typed, hit)]
    chosen = (named or hits)[:1]
    return _narrowed(chosen[0], named) if chosen else None


def _narrowed(chosen: _Hit, named: Sequence[_Hit]) -> _Hit:
    """Two places named one after the other are one when the names agree, else a question."""
    for other in named:
        if other.first == chosen.end:
            both = tuple(known for known in chosen.places if known in other.places)
            return _Hit(chosen.first, other.end, both or chosen.places + other.places)
    return chosen


def _known_hits(typed: Sequence[Word]) -> Iterator[_Hit]:
    first = 0
    while first < len(typed):
        hit = None if typed[first].normal in _TOWARDS else _hit_at(typed, first)
        if hit:
            yield hit
        first = hit.end if hit else first + 1


def _hit_at(typed: Sequence[Word], first: int) -> _Hit | None:
    """Try the longest name first; `be`, `agoe` and the like alone only when nothing that follows completes them."""
    for end in range(min(len(typed), first + _WIDEST_NAME), first + 1, -1):
        key = _key_of(typed[first:end])
        found = _BY_KEY.get(key)
        if found and key != _key_of(typed[first : end - 1]):  # `Bè-Kpota, à` sounds like `Bè-Kpota`
            return _Hit(first, end, found)
    alone = _BY_KEY.get(_key_of(typed[first : first + 1]))
    if typed[first].normal in _OPTIONAL_FIRST:
        completed = _hit_without_first_word(typed, first) or _misspelt_completion(typed, first)
        if completed:
            return completed
    return _Hit(first, first + 1, alone) if alone else None


def _misspelt_completion(typed: Sequence[Word], first: int) -> _Hit | None:
    following = typed[first + 1 : first + 2]
    if not following or following[0].normal in _FILLERS | RELATIONS:
        return None
    return _near(typed, first, first + 2)


def _hit_without_first_word(typed: Sequence[Word], first: int) -> _Hit | None:
    for end in range(min(len(typed), first + _WIDEST_NAME + 1), first + 1, -1):
        found = _BY_SHORT_KEY.get(_key_of(typed[first + 1 : end]))
        if found:
            return _Hit(first, end, found)
    return None


def _is_landmark(typed: Sequence[Word], hit: _Hit) -> bool:
    before = [word.normal for word in typed[: hit.first]]
    while before and before[-1] in _ARTICLES:
        before.pop()
    return bool(before) and before[-1] in RELATIONS


def _guessed(typed: Sequence[Word]) -> _Hit | None:
    """Try the words before the first landmark, all, then shorter pieces: near spellings, then beginnings."""
    told = _before_landmarks(typed)
    alone = [index for index, word in enumerate(told) if word.normal not in _FILLERS]
    if not alone:
        return None
    whole = (alone[0], alone[-1] + 1)
    hits = [hit for hit in (_near(told, *whole), *(_near(told, *span) for span in _spans(alone))) if hit]
    beginnings = (_beginning(told, *span) for span in (whole, *((index, index + 1) for index in alone)))
    return min(hits, key=lambda hit: len(hit.places), default=None) or next((hit for hit in beginnings if hit), None)


def _before_landmarks(typed: Sequence[Word]) -> Sequence[Word]:
    end = next((index for index, word in enumerate(typed) if index and word.normal in RELATIONS - {"cote"}), len(typed))
    return typed[:end]


def _spans(alone: Sequence[int]) -> Iterator[tuple[int, int]]:
    for first in alone[:8]:
        for end in (first + 3, first + 2, first + 1):
            if end - 1 in alone:
                yield first, end


def _near(typed: Sequence[Word], first: int, end: int) -> _Hit | None:
    key = _key_of(typed[first:end])
    if (
        len(key) < (_SHORTEST_GUESSED if len(typed) == 1 else _SHORTEST_GUESSED_IN_A_SENTENCE)
        or len(key) > _LONGEST_GUESSED
    ):
        return None
    return _hit_of_keys(_near_keys(key), first, end)


@lru_cache(maxsize=4096)
def _near_keys(key: str) -> tuple[str, ...]:
    """The known spellings at the least distance, at most 1 letter up to 6 letters, at most 2 above."""
    most = 1 if len(key) <= 6 else 2
    near = process.extract(key, _GUESSABLE_KEYS, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=12)
    least = min((distance for _, distance, _ in near), default=0)
    return tuple(found for found, distance, _ in near if distance == least)


def _beginning(typed: Sequence[Word], first: int, end: int) -> _Hit | None:
    key = _key_of(typed[first:end])
    if len(key) < _SHORTEST_GUESSED_IN_A_SENTENCE:
        return None
    hit = _hit_of_keys((known for known in _GUESSABLE_KEYS if known.startswith(key)), first, end)
    return hit if hit and len(hit.places) <= _WIDEST_NAME else None


def _hit_of_keys(keys: Iterable[str], first: int, end: int) -> _Hit | None:
    found = dict.fromkeys(known for key in keys for known in _BY_KEY.get(key) or _BY_SHORT_KEY[key])
    return _Hit(first, end, tuple(found)) if found else None


def _rest(text: str, typed: Sequence[Word], hit: _Hit) -> str:
    before = list(typed[: hit.first])
    while before and before[-1].normal in _FILLERS:
        before.pop()
    kept = text[before[0].start : before[-1].end] if before else ""
    return " ".join(part for part in (kept, text[typed[hit.end - 1].end :].strip(" ,;:.?!-\n")) if part)


def _key_of(typed: Sequence[Word]) -> str:
    return _key("".join(word.normal for word in typed))


@lru_cache(maxsize=1024)  # each reader of a message asks for its words
def _key(name: str) -> str:
    """One key for all spellings of a name: letters and figures only, and one letter for one sound."""
    key = fold(name).replace(" ", "")
    for sound, letter in _SAME_SOUND:
        key = sound.sub(letter, key)
    return key


def _mean_point(commune: str) -> tuple[float, float] | None:
    known = [
        position(p) for p in _with_point(_PLACES.values()) if p.kind == "quartier" and p.commune.startswith(commune)
    ]
    return (fmean(at[0] for at in known), fmean(at[1] for at in known)) if known else None


def _with_point(among: Iterable[Place]) -> Iterator[Place]:
    return (known for known in among if known.latitude is not None)


def _load() -> tuple[dict[str, Place], dict[str, tuple[str, ...]]]:
    with (Path(__file__).parent / "gazetteer.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = {row["slug"]: _place_of(row) for row in rows}
    return known, {row["slug"]: (row["name"], *filter(None, row["spellings"].split("|"))) for row in rows}


def _place_of(row: dict[str, str]) -> Place:
    latitude, longitude = (float(row[name]) if row[name] else None for name in ("latitude", "longitude"))
    return Place(row["slug"], row["name"], row["commune"], latitude, longitude, cast(Kind, row["kind"]))


def _index() -> dict[str, tuple[Place, ...]]:
    found: dict[str, dict[Place, None]] = {}
    for slug, spellings in _SPELLINGS.items():
        for spelling in spellings:
            found.setdefault(_key(spelling), {})[_PLACES[slug]] = None
    asked = {_key(name): tuple(_PLACES[slug] for slug in slugs) for name, slugs in _COLLISIONS.items()}
    return {key: tuple(named) for key, named in found.items()} | asked


def _short_index() -> dict[str, tuple[Place, ...]]:
    """The same without a leading `agoe`, `be`, `tokoin` …: the second pass."""
    found: dict[str, dict[Place, None]] = {}
    for slug, spellings in _SPELLINGS.items():
        for first, *others in (fold(spelling).split() for spelling in spellings):
            short = _key("".join(others if others and first in _OPTIONAL_FIRST else (first, *others)))
            found.setdefault(short, {})[_PLACES[slug]] = None
    return {key: tuple(named) for key, named in found.items() if key not in _BY_KEY} | _BY_KEY


_PLACES, _SPELLINGS = _load()
_BY_KEY = _index()
_BY_SHORT_KEY = _short_index()
_GUESSABLE_KEYS = tuple(key for key in {**_BY_KEY, **_BY_SHORT_KEY} if len(key) >= _SHORTEST_GUESSED_IN_A_SENTENCE)
