"""Messages to learn from: what phrases and examples may say, and what people wrote, each as words and sounds."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from base.spelling import normalise
from bot.understanding.guessing import SEVERAL, WEIGHTS
from bot.understanding.intents import INTENTS
from bot.understanding.names import ATTRIBUTE_OF, INDEX_OF, LANGUAGE_OF, METHOD_OF
from bot.understanding.organizer_frame import framed_text
from bot.understanding.organizer_spelling import respelled
from bot.understanding.phrasebook import PIECE, UNLESS, is_sign, read_phrases
from bot.understanding.traits import CODE, FIGURES, HOUR, MEASURE, OWN, OWN_WORD, PHONE, PLACE, signs_of
from tests.learning import tables

EXAMPLES = Path(__file__).parent / "examples"
PHRASES = WEIGHTS.parent / "phrases"
UNKNOWN = "unknown"
SEED = 20_210_816
_MOST_OF_A_LINE = 60  # messages that one line of alternatives gives
_OF_AN_EXAMPLE = 6
_OF_A_ROW = {"buyer": 3, "vendor": 5, "organizer": 5}  # of a table


@dataclass(frozen=True)
class Message:
    """`words` with kinds in place of figures and own words, `typed` as all of it was, and whether it asks."""

    words: tuple[str, ...]
    typed: tuple[str, ...]
    asks: bool
    signs: tuple[str, ...] = ()


_IN_SLOT: dict[str, Sequence[str]] = {
    **dict.fromkeys(
        ("product", "searched", "some_words", "name", "workshop", "reason", "carrier"), (OWN, f"{OWN} {OWN}")
    ),
    "priced": (f"{OWN} max #4", f"{OWN} moins de #4", f"{OWN} entre #4 et #4", f"{OWN} a partir de #4"),
    **dict.fromkeys(
        ("items", "bare_items"), ("#1 *", "#1 sac de *", "#1 * et #1 *", "#2 *", "#1 * #1 *", "un *", "des *")
    ),
    "kin": ("ma soeur", "mon frere", "mon mari", "ma femme", "mon fils", "ma fille", "ma mere", "mon petit"),
    "list_items": ("* #1", "* #1 * #1", "* #1 paquets"),
    "quantity": ("#1", "#1", "#2", "une douzaine"),
    "order": ("#c", "#4"),
    "place": ("@", "@", "*"),
    "located": ("@", "@ derriere la pharmacie", "derriere la pharmacie *", "@ a cote de *", "en face de la station *"),
    "when": ("demain", "ce soir", "aujourd hui", "avant #h", "demain matin", "samedi", "a #h"),
    "price": ("#4", "#3", "#1 mille"),
    "percent": ("#2",),
    "hours": ("#h a #h", "#1 h a #1 h", "#h #h"),
    "phone": ("#t",),
    "reference": ("#c",),
    "receipt": ("#c",),
    "size": ("#3", "#u", "l", "xl", "#3"),
    "colour": ("rouge", "noir", "bleu", "blanc", "vert"),
    "method": tuple(METHOD_OF),
    "other_method": tuple(METHOD_OF),
    "language": tuple(LANGUAGE_OF),
    "other_language": tuple(LANGUAGE_OF),
    "attribute": tuple(ATTRIBUTE_OF),
    "index": ("#1", *INDEX_OF),
    "workshop_number": ("#1", "atelier #1", "session #1"),
    **dict.fromkeys(("access", "erase", "correct"), ("",)),
    "at_the_door": ("le client n a pas pris",),
    "came_back": ("revenu",),
    "period": ("aujourd hui", "la semaine", "du mois"),
}
KINDS = {OWN, PLACE, PHONE, CODE, HOUR, MEASURE, *FIGURES}
_GAP = ("", "", OWN)
SHORT = {"#": "#1", "##": "#4"}  # as examples are written


def sources(role: str) -> list[Path]:
    """Every file that messages of a role come from."""
    return [
        *(PHRASES / f"{name}.txt" for name in (role, "everyone")),
        *sorted((EXAMPLES / role).glob("*.txt")),
        *tables.paths(role),
    ]


def messages(role: str, draw: int) -> dict[str, list[Message]]:
    """Invented messages of every intent of a role, and of `unknown`; other ones in every draw."""
    more = (SEVERAL,) if role == "vendor" else ()
    found: dict[str, list[Message]] = {intent: [] for intent in (*INTENTS[role], UNKNOWN, *more)}
    everyone = read_phrases("everyone")
    for pages in (read_phrases(role, everyone.shorthands), everyone):
        for heading, lines in pages.phrases.items():
            intent = heading.removesuffix("?")
            if intent in found:
                found[intent] += [m for line in lines for m in _spoken(line, draw, _count(line))]
    for path in sorted((EXAMPLES / role).glob("*.txt")):
        for heading, lines in read_phrases(path.stem, folder=path.parent).phrases.items():
            found[heading] += [m for line in lines for m in _spoken(line, draw, max(_OF_AN_EXAMPLE, _count(line)))]
    rows = [row for path in tables.paths(role) for row in tables.read_table(path)]
    if role == "organizer":
        rows = list(map(_framed, rows))
    goods = sorted({row.slots["product"] for row in rows if row.slots.get("product")}) if role == "vendor" else []
    for row in rows:
        for intent in (one for one in row.intents if one in found):
            found[intent] += _written(row, draw, _OF_A_ROW[role], goods)
    return found


def _framed(row: tables.Row) -> tables.Row:
    """An organizer's row as a guess looks at it, with its own words in plain letters."""
    slots = {name: respelled(value) if isinstance(value, str) else value for name, value in row.slots.items()}
    return tables.Row(framed_text(row.message), row.intents, slots)


def _written(row: tables.Row, draw: int, copies: int, goods: Sequence[str]) -> Iterator[Message]:
    """A message of a table, as it is and worn, or worn and about other goods."""
    chance = random.Random(f"{SEED} {draw} {row.message}")
    typed = tuple(normalise(row.message).split())
    words = [OWN if word == OWN_WORD else word for word in normalise(row.without_own_words(OWN_WORD)).split()]
    own = row.slots.get("product")
    for copy in range(copies):
        if goods and copy and own and own in row.message:
            other = row.message.replace(own, chance.choice(goods))
            typed = tuple(normalise(other).split())
            yield Message(tuple(_worn(typed, chance)), typed, "?" in other, signs_of(other))
        else:
            told = tuple(_worn(words, chance)) if copy else tuple(words)
            yield Message(told, typed, "?" in row.message, signs_of(row.message))


def _count(line: str) -> int:
    return min(_MOST_OF_A_LINE, 2 + 2 * line.count("|"))


def _spoken(line: str, draw: int, count: int) -> Iterator[Message]:
    """What a line may say; by its own chance, so that a line more changes no other's."""
    chance = random.Random(f"{SEED} {draw} {line}")
    unless = UNLESS.fullmatch(line)
    wanted = unless[2] if unless else line
    if is_sign(wanted):
        return
    for _ in range(count):
        words = " ".join(_said(wanted, chance)).split()
        asks = "?" in words
        worn = tuple(_worn([word for word in words if word != "?"], chance))
        yield Message(worn, tuple(word for word in worn if word not in KINDS | SHORT.keys()), asks)


def _said(line: str, chance: random.Random) -> Iterator[str]:
    """One way to say a line: of every choice one, of every slot something that fits."""
    pieces = PIECE.findall(line)
    place = 0

    def sequence() -> list[str]:
        nonlocal place
        said: list[str] = []
        while place < len(pieces):
            slot, mark, literal = pieces[place]
            if mark in (")", "]", "|"):
                return said
            place += 1
            if slot:
                said.append(chance.choice(_IN_SLOT[slot]))
            elif mark == "...":
                said.append(chance.choice(_GAP))
            elif mark:
                said += choice(mark)
            else:
                said.append(literal)
        return said

    def choice(opened: str) -> list[str]:
        nonlocal place
        ways: list[list[str]] = [] if opened == "(" else [[]]
        while True:
            ways.append(sequence())
            mark = pieces[place][1]
            place += 1
            if mark in (")", "]"):
                return chance.choice(ways)

    yield from sequence()


def _worn(words: Sequence[str], chance: random.Random) -> Iterator[str]:
    """As people type it: a word of the frame is missing or not recognised now and then, or something stands before."""
    if chance.random() < 0.12:
        yield OWN
    for word in words:
        fate = chance.random()
        if len(words) > 3 and fate < 0.04 and word not in KINDS:
            continue
        yield OWN if len(words) > 2 and fate > 0.97 and word not in KINDS else word
    if chance.random() < 0.12:
        yield OWN
