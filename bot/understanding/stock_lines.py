"""The exact grammar of a vendor's stock: lines of goods with a count, a movement, a price, sizes or nothing left.

`riz 20` sets, a sign or a verb of movement changes, a word of money or a colon before an amount prices.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from base.sounds import sound
from bot.messages import LONGEST_HEARD, Heard
from bot.understanding.late_verbs import is_either_way, with_verb_last
from bot.understanding.price_moves import LOWER, RAISE, moved, moving
from bot.understanding.quantities import MOST_COUNTED
from bot.understanding.sized import is_size, sized
from bot.understanding.stock_runs import pieces_of
from bot.understanding.stock_shapes import DOUBTED, LIKELY, SURE, goes_on, goods_named, joined_kinds, shaped
from bot.understanding.stock_words import ADD, BACK, CLOSES, CLOSING, NEW, OPENING, OPENS, OUT, PRICE, REMOVE, SET
from bot.understanding.traits import GOODS
from bot.understanding.typed_numbers import COUNT, ODD, Token, tokens_of
from bot.understanding.typed_numbers import PRICE as MONEY

_PARTS: Final = re.compile(
    r"\n|;|,(?!\d)|(?<!\d),|•|(?<=\d)\s+[/–-]\s+(?=[^\W\d]{3})|\s/\s+(?=\d+\s[^\W\d])|\s(?=\d{1,2}\)\s?[^\W\d])"
)
_BULLET: Final = re.compile(
    r"\s*(?:[-–*·•>✅👉🔹▪]\s+(?=\D)|[-–*·•]\s+(?=\d+\s+[^\W\d])|\(?\d{1,2}\s?(?:[.)°]|-\s)\s*(?=[^\W\d]))"
)
_AND: Final = re.compile(r"\s(?:et|mais|puis|ni|and|but|&)\s", re.IGNORECASE)
_OR_PLUS: Final = re.compile(r"\s(?:et|mais|puis|plus|ni|and|but|&)\s", re.IGNORECASE)
_MOST_PARTS, _MOST_TOKENS = 40, 24
_LEAST_PRICE = 100
_LISTED: Final = frozenset({ADD, REMOVE, PRICE, SET, NEW, OUT, BACK, RAISE, LOWER})
"""What goes on over the goods behind it."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A reading, and the part of the message that it was read in."""

    typed: str
    heard: Heard


@dataclass(frozen=True, slots=True)
class _Line:
    """One line read: its parts, and what opened it."""

    parts: tuple[Heard, ...]
    kind: str


def read_stock_lines(text: str) -> tuple[Stated, ...]:
    """What every line of `text` does to a vendor's goods; () where one of them, or the only one, is no stock line.

    Slots are those of `set_stock{product,quantity,unit}`, `set_price{product,price}` and so on; whole F CFA. 0.95 is
    sure; less where a figure may be another thing. Pure and quick; never raises.
    """
    if len(text) > LONGEST_HEARD:
        return ()
    parts = [part for part in _PARTS.split(text) if part.strip(" .!\t\r")]
    if not parts or len(parts) > _MOST_PARTS:
        return ()
    read = _together(text, _gathered(parts))
    return () if any((one.heard.slots.get("quantity") or 0) > MOST_COUNTED for one in read) else read


def _gathered(parts: Sequence[str]) -> list[str]:
    """The parts, each with those behind it that have no goods of their own: `montre 7500`, `10 pieces`."""
    found: list[str] = []
    for part in parts:
        if found and goes_on(tokens_of(part)):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def _together(text: str, parts: Sequence[str]) -> tuple[Stated, ...]:
    """The parts in order; a heading (`arrivage:`) or a verb goes on over them, talk without a figure is passed over.

    Goods alone beside a verb are meant by it too: nothing is left of them where none are left, else they are counted.
    """
    found: list[Stated] = []
    alone: list[tuple[int, str]] = []
    kind = told = ""
    talk = False
    lines = "\n" in text
    signed = any(part.lstrip().startswith("+") for part in parts)
    for part in parts:
        opened = _heading(part)
        if opened and len(parts) > 1:
            kind = opened
            continue
        read = _read(part, kind, is_listed=len(parts) > 1 and not signed)
        if not read and _alone(part, OUT):
            alone.append((len(found), part))
        elif not read and (any(letter.isdigit() for letter in part) or len(parts) > _MOST_WITH_TALK):
            return ()
        elif not read:
            talk = True
        for line in read:
            told = told or line.kind
            found += [Stated(part, one) for one in line.parts]
            kind = line.kind if line.kind in _LISTED and not lines else kind
    under = _under(found, told) if alone else ""
    if (talk or (alone and not under)) and (len(found) != 1 or not told):
        return ()
    most = LIKELY if talk or alone else SURE
    all_of_it = _with_those_alone(found, alone, under) if under else found
    return tuple(
        replace(one, heard=replace(one.heard, confidence=min(one.heard.confidence, most))) for one in all_of_it
    )


_MOST_WITH_TALK: Final = 3  # parts


def _under(found: Sequence[Stated], told: str) -> str:
    """What is said of goods that stand alone beside those that were found; '' for nothing."""
    if told in _ALSO_ALONE:
        return told
    return SET if found and all(one.heard.intent == SET for one in found) else ""


_ALSO_ALONE: Final = frozenset({OUT, BACK, ADD, REMOVE, PRICE})


def _with_those_alone(found: Sequence[Stated], alone: Sequence[tuple[int, str]], told: str) -> list[Stated]:
    """The readings with the goods that stood alone between them, under what was told beside them."""
    under = [(at, Stated(part, heard)) for at, part in alone for heard in _alone(part, told)]
    merged = list(found)
    for at, one in reversed(under):
        merged.insert(at, one)
    return merged


def _alone(part: str, kind: str) -> tuple[Heard, ...]:
    """A part that is nothing but goods, under a verb: gone, back, or moved by what will be asked; () for talk."""
    told = _bare(tokens_of(part))
    goods = goods_named(part, told) if told and not any(one.is_figure for one in told) else None
    if goods is None or len(goods.split()) > _MOST_ALONE:
        return ()
    return (Heard(kind, {"product": goods}, LIKELY if kind in (OUT, BACK) else DOUBTED),)


_MOST_ALONE: Final = 3  # words


def _read(part: str, kind: str, *, is_listed: bool) -> tuple[_Line, ...]:
    """A part as one line, or as the lines that an `et` parts."""
    is_minus = not is_listed and part.lstrip().startswith("-")
    bare = _BULLET.sub("", part, count=1) if _BULLET.match(part) and not is_minus else part
    one = _line(bare, kind) or (_line(bare, "") if kind in (OUT, BACK) else None)
    told = _halves(_AND.split(bare), kind) or _halves(_OR_PLUS.split(bare), kind)
    return told or ((one,) if one else ())


def _halves(halves: Sequence[str], kind: str) -> tuple[_Line, ...]:
    """Each half as a line, the later ones under what the one before said too; () where one of them is none."""
    if not 1 < len(halves) < _MOST_PARTS:
        return ()
    told: list[_Line] = []
    for half in halves:
        before = told[-1].kind if told and told[-1].kind in _LISTED else kind
        line = _line(half, before) or (_line(half, "") if before in (OUT, BACK) else None)
        if line is None:
            return ()
        told.append(line)
    return tuple(told)


def _heading(part: str) -> str:
    """`arrivage :`, `vendu aujourd'hui`, `stock du jour`: what the lines below it do; '' for none."""
    rest = _bare(tokens_of(_DATED.sub("", part.rstrip(" :"))))
    joined = joined_kinds(rest)
    if not joined:
        return ""
    return next(
        (kind for kind, way in _opens() if kind in _LISTED and way.fullmatch(re.sub("(?:du|de) jour $", "", joined))),
        "",
    )


_DATED: Final = re.compile(
    r"\s*(?:\b(?:du|le|au)\s+)?(?:\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s+)?"
    r"\b\d{1,2}(?:er)?(?:\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{2,4})?|\s(?:janvier|f[eé]vrier|mars|avril|mai|juin|juillet"
    r"|ao[uû]t|septembre|octobre|novembre|d[eé]cembre)(?:\s\d{4})?)\s*$",
    re.IGNORECASE,
)
"""The date of a heading: `stock du 28/11`."""


def _line(typed: str, kind: str) -> _Line | None:
    told = _bare([_by_ear(one) for one in tokens_of(typed)])
    if not told or len(told) > _MOST_TOKENS:
        return None
    undone = _corrected(told)
    if undone:
        return undone
    told = _without_takings(told, kind)
    moves = moved(told, kind, lambda goods: goods_named(typed, goods))
    if moves:
        return _Line((moves[1],), moves[0])
    return _framed(typed, told, kind) or _moves(typed, told) or _run(typed, told, kind)


def _without_takings(told: list[Token], kind: str) -> list[Token]:
    """`vendu 3 savon 750f`, `3 savon vendu a 250`: without what they were sold for, which changes no price."""
    figures = [one for one in told if one.kind in (COUNT, MONEY)]
    found = _TAKINGS.search(joined_kinds(told))
    if not found or len(figures) < _COUNT_AND_PRICE or not (kind == REMOVE or _SOLD.intersection(o.kind for o in told)):
        return told
    is_price = figures[-1].kind == MONEY or figures[-1].value >= _LEAST_PRICE
    return told[: joined_kinds(told).count(" ", 0, found.start())] if is_price else told


_TAKINGS: Final = re.compile(
    r"(?<= )(?:(?:a|pour|at|for|:) )*[NP] (?:(?:f|fcfa|cfa|francs) )?"
    r"(?:(?:chacune?|piece|l unite|le tout|en tout|net) )?$"
)
_SOLD: Final = frozenset("vendu vendus vendue vendues sold".split())
_COUNT_AND_PRICE: Final = 2


def _moves(typed: str, told: Sequence[Token]) -> _Line | None:
    """Prices that are moved in a row: `baisse riz 500 huile 200`."""
    kind, rest = moving(told)

    def read(piece: Sequence[Token]) -> tuple[str, Heard] | None:
        return moved(piece, kind, lambda goods: goods_named(typed, goods))

    pieces = pieces_of(rest, lambda piece: read(piece) is not None) if kind and rest else ()
    parts = tuple(found[1] for piece in pieces if (found := read(piece)))
    return _Line(parts, kind) if parts else None


def _framed(typed: str, told: Sequence[Token], kind: str) -> _Line | None:
    """A line of one good by what opens or closes it, else by what did the line before."""
    is_doubtful, told = is_either_way(told), with_verb_last(told)
    for opened, closed, rest in _frames(told):
        of_line = opened or closed
        line = _shaped(typed, rest, of_line, of_line or kind)
        if line:
            return _doubted(line) if is_doubtful else line
    return None


def _doubted(line: _Line) -> _Line:
    return replace(line, parts=tuple(replace(one, confidence=min(one.confidence, LIKELY)) for one in line.parts))


def _run(typed: str, told: Sequence[Token], kind: str) -> _Line | None:
    """Goods in a row with nothing between them, all under what opens or closes the line or each under its own."""
    if moving(told)[0]:
        return None
    for opened, closed, rest in _frames(told):
        of_line = opened or closed

        def read(piece: Sequence[Token], by: str = of_line) -> _Line | None:
            piece = _without_takings(list(piece), by or kind)
            is_alone = piece[0].kind in _OWN or not by
            return _framed(typed, piece, by or kind) if is_alone else _shaped(typed, piece, by, by)

        pieces = pieces_of(rest, lambda piece: read(piece) is not None) if rest else ()
        lines = [line for piece in pieces if (line := read(piece))]
        if lines:
            parts = (replace(p, confidence=min(p.confidence, LIKELY)) for line in lines for p in line.parts)
            return _Line(tuple(parts), of_line or lines[-1].kind)
    return None


_OWN: Final = frozenset({"+", "-", "vendu", "recu", "rupture", "ajoute", "enleve", "retire", "sold", "received"})
"""What begins a piece that is read by itself."""


def _by_ear(one: Token) -> Token:
    """A verb as it sounds: `vandu`, `stok`."""
    word = one.kind
    meant = _VERBS.get(sound(word), word) if len(word) > 3 and word.isalpha() and word not in GOODS else word
    return replace(one, kind=meant) if meant != word else one


_VERBS: Final = {
    sound(verb): verb
    for verb in (
        "vendu recu stock rupture ajoute enleve prix reste restent arrivage retire nouveau epuise epuisee promotion"
    ).split()
}


def _corrected(told: Sequence[Token]) -> _Line | None:
    """`non c 2000 pas 20000`: the last change taken back, and the price as it should be."""
    found = re.fullmatch(
        r"(?:non|pardon|erreur|oh|desole) (?:c est|c etait|je voulais dire|plutot|is) [NP] (?:(?:f|et|non) )*"
        r"(?:pas [NP] )?(?:f )?",
        joined_kinds(told),
    )
    figures = [one for one in told if one.kind in (COUNT, MONEY)]
    if not found or not figures or figures[0].value < _LEAST_PRICE:
        return None
    parts = (Heard("undo", {}, DOUBTED), Heard(PRICE, {"price": figures[0].value}, DOUBTED))
    return _Line(parts, PRICE)


def _bare(told: Sequence[Token]) -> list[Token]:
    """Without greetings before and words of time and politeness behind."""
    rest = list(told)
    while rest and rest[0].kind in OPENING and rest[0].kind != "plus":
        rest.pop(0)
    while rest and (length := _closing_length(rest)):
        del rest[-length:]
    return rest


def _closing_length(rest: Sequence[Token]) -> int:
    words = [one.kind for one in rest[-4:]]
    return next((n for n in (4, 3, 2, 1) if n < len(rest) and " ".join(words[-n:]) in _CLOSING_WORDS), 0)


_CLOSING_WORDS: Final = frozenset(CLOSING)


@cache
def _opens() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(rf"(?:{way}) ")) for kind, way in OPENS)


@cache
def _closes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(rf"(?<= )(?:{way}) $")) for kind, way in CLOSES)


def _frames(told: Sequence[Token]) -> Iterator[tuple[str, str, Sequence[Token]]]:
    """The ways to read what opens and closes a line: (opened, closed, the rest), the longest opening first."""
    joined = joined_kinds(told)
    opened = [(len(found[0]), kind) for kind, way in _opens() for found in _matches(way, joined)]
    for length, kind in sorted(opened, key=lambda one: -one[0]):
        rest = told[joined.count(" ", 0, length) :]
        if rest and rest[0].kind == ":":
            rest = rest[1:]
        yield kind, "", _bare(_without_close(_bare(rest), kind))
    closed = [(found.start(), kind) for kind, way in _closes() if (found := way.search(joined))]
    for start, kind in sorted(closed):
        rest = told[: joined.count(" ", 0, start)]
        if rest and rest[-1].kind == ":":
            rest = rest[:-1]
        yield "", kind, _bare(rest)
    yield "", "", told


def _without_close(rest: Sequence[Token], kind: str) -> Sequence[Token]:
    """`j'ai 7 mixeurs qui restent`: what closes a line as its opening told already."""
    joined = joined_kinds(rest)
    ends = [found.start() for one, way in _closes() if one in (kind, SET) and (found := way.search(joined))]
    return rest[: joined.count(" ", 0, min(ends))] if ends else rest


def _matches(way: re.Pattern[str], joined: str) -> Iterator[re.Match[str]]:
    """The longest match, and shorter ones that end at a word before."""
    end = len(joined)
    while (found := way.match(joined, 0, end)) and found[0]:
        yield found
        end = found.end() - 1


def _shaped(typed: str, rest: Sequence[Token], told_kind: str, kind: str) -> _Line | None:
    if kind in (OUT, BACK) and len(rest) > 1 and is_size(rest[-1]):
        size = shaped(typed, [*rest[:-1], replace(rest[-1], kind=str(rest[-1].value))], kind, is_own=bool(told_kind))
        return _doubted(_Line(size, kind)) if size else None
    if not rest or any(one.kind == ODD for one in rest):
        return None
    of_size = sized(typed, rest, kind, is_own=bool(told_kind)) if kind in (ADD, REMOVE) else None
    if of_size:
        return _doubted(_Line((of_size,), kind))
    parts = shaped(typed, rest, kind, is_own=bool(told_kind))
    return _Line(parts, kind) if parts else None
