"""Slots of a message whose intent was guessed: its own words, figures and names, read by the readers of slots."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base.money import find_bounds, read_amount
from base.phones import read_phone
from base.places import find_places
from bot.understanding import marking
from bot.understanding.goods import (
    ARTICLES,
    Item,
    is_measure,
    is_no_name,
    is_separator,
    is_size,
    unit_typed,
    with_behind,
)
from bot.understanding.guessing import model
from bot.understanding.marking import Run, runs
from bot.understanding.message import Span
from bot.understanding.names import ATTRIBUTE_OF, COLOURS, INDEX_OF, LANGUAGE_OF, METHOD_OF
from bot.understanding.quantities import is_dozen, is_number_word, read_quantity
from bot.understanding.slots import KINDS_OF_DATA, WHEN, only_order, read_reference
from bot.understanding.traits import HOUR, MEASURE, OWN, PLACE, tokens_of

Values = dict[str, Any]

_HALVES = frozenset({"demi", "demie", "demis"})
_MONEY = frozenset("f fcfa cfa franc francs frs fr".split())
_AND = frozenset({"et", "plus", "puis", "and"})
_SMALL = frozenset("de d du a au aux en l la le les des pour avec et sans".split())


def filled(role: str, intent: str, bare: Span, said: Span) -> Values:
    """The slots that an intent has and the message holds: `said` as typed, `bare` without politeness, as it sounds."""
    reader = _READERS.get(intent)
    return {**(reader(bare) if reader else {}), **own_words(role, intent, said)}


def own_words(role: str, intent: str, said: Span) -> Values:
    """The slots that hold a person's own words, by the marks of the words; {} where no word is marked."""
    found = [run for run in runs(role, intent, said) if not _is_refused(said, run) and not _is_no_name(said, run)]
    if intent in _OF_ITEMS:
        listed = [item.as_slot() for item in _items(said, found)]
        return {"items": listed, **(listed[0] if len(listed) == 1 else {})} if listed else {}
    slot, mark = _OWN.get(intent, ("", ""))
    is_sought = intent == "search"
    return next(({slot: _typed(said, run, is_sought=is_sought)} for run in found if run.mark == mark), {})


def _is_refused(said: Span, run: Run) -> bool:
    """`pas de riz`, `sans riz`: goods that are not wanted."""
    before = said.normal[max(run.first - 2, 0) : run.first]
    return run.mark == marking.GOODS and (before[-1:] == ("sans",) or before in (("pas", "de"), ("pas", "d")))


def _is_no_name(said: Span, run: Run) -> bool:
    """`les deux`, `5 de chaque`: goods are called by no such word."""
    return run.mark == marking.GOODS and all(map(is_no_name, said.normal[run.first : run.end]))


def _typed(said: Span, run: Run, *, is_sought: bool = False) -> str:
    """The words of a run; goods with the size behind them: `riz 25 kg`, `robe taille 40`."""
    return said.part(run.first, _end(said, run, is_sought=is_sought)).typed


def _end(said: Span, run: Run, *, is_sought: bool = False) -> int:
    """Where a run ends, with what is told behind goods; `taille` alone is no part of them."""
    is_named = run.mark == marking.GOODS and run.end - run.first > 1 and is_size(said.normal[run.end - 1])
    return with_behind(said, run.end - is_named, is_sought=is_sought) if run.mark == marking.GOODS else run.end


def _items(said: Span, found: Sequence[Run]) -> Iterator[Item]:
    """Goods, each with what counts it: before it (`2 sacs de riz`), or behind it (`riz 2 sacs`)."""
    goods = [run for run in found if run.mark == marking.GOODS]
    told = [_Told(_typed(said, run)) for run in goods]
    for run in found:
        behind = sum(one.first < run.first for one in goods) - 1
        is_size = behind >= 0 and run.first < _end(said, goods[behind])
        if run.mark != marking.GOODS and goods and not is_size:
            place = behind + _counts_what_follows(said, found, goods, run, behind)
            told[place].count(said, run)
    if told and is_halved(said):
        told[-1].quantity = None
    return (one.item() for one in told)


def _counts_what_follows(said: Span, found: Sequence[Run], goods: Sequence[Run], run: Run, behind: int) -> bool:
    """Whether a count belongs to the goods after it; where nothing parts it from either, as the message began."""
    if behind < 0 or behind + 1 == len(goods):
        return behind < 0
    if _are_parted(said, goods[behind].end, run.first):
        return True
    return not _are_parted(said, run.end, goods[behind + 1].first) and found[0].mark != marking.GOODS


def _are_parted(said: Span, end: int, first: int) -> bool:
    """Whether a comma, a line's end or an `et` stands between the word before `end` and the one at `first`."""
    gaps = (said.gap_before(place) for place in range(end, first + 1))
    return not _AND.isdisjoint(said.normal[end:first]) or any(is_separator(gap) for gap in gaps)


@dataclass
class _Told:
    """What was told of one of the items; `sizes` are measures behind its unit: `2 sacs de 50 kg`."""

    goods: str
    quantity: int | None = None
    unit: str | None = None
    pending: str = ""
    sizes: str = ""

    def count(self, said: Span, run: Run) -> None:
        """A run says how many, or in which unit; what is counted twice is first counted, then measured."""
        typed = said.part(run.first, run.end).typed
        if run.mark == marking.QUANTITY and not self.unit:
            self.quantity = _how_many(said, run) or self.quantity
        elif run.mark == marking.QUANTITY:
            self.pending = typed
        elif run.mark == marking.UNIT and self.pending:
            self.sizes += f" {self.pending} {typed}"
        elif run.mark == marking.UNIT and not is_dozen(said.normal[run.first]):
            self.unit = unit_typed(typed)

    def item(self) -> Item:
        """The item as told."""
        return Item(self.goods + self.sizes, self.quantity, self.unit)


def is_halved(said: Span) -> bool:
    """Whether a message tells of a half of something, which cannot be counted: `un demi sac`, `un sac et demi`."""
    places = [place for place, word in enumerate(said.normal) if word in _HALVES]
    return any(not any(map(is_dozen, said.normal[place + 1 : place + 2])) for place in places)


def _how_many(said: Span, run: Run) -> int:
    """The quantity that the run is, or is the end of: of `vingt-cinq` the model may have marked the `cinq`.

    0 where it is a half of something or an amount of money, which is asked.
    """
    first = run.first
    while first and is_number_word(said.normal[first - 1]) and read_quantity(said.normal[first - 1 :])[1] > 1:
        first -= 1
    quantity, length = read_quantity(said.normal[first:])
    behind = said.normal[first + length : first + length + 1]
    is_half = not _HALVES.isdisjoint(said.normal[max(first - 1, 0) : first + length + 1]) and not (
        first + length <= len(said.normal) and is_dozen(said.normal[first + length - 1])
    )
    return 0 if is_half or (behind and behind[0] in _MONEY) else quantity


def _kinds(said: Span, role: str = "buyer") -> list[str]:
    """For each word its token, one each."""
    learned = model(role)
    known: Collection[str] = learned.known if learned else ()
    return [tokens_of([word], known)[0] for word in said.normal]


def is_own_alone(said: Span, role: str = "buyer") -> bool:
    """Whether no word of the message but an article is one that phrases or examples have."""
    kinds = zip(said.normal, _kinds(said, role), strict=True)
    return not any(
        kind == PLACE or (kind.isalpha() and word not in ARTICLES and not is_measure(word)) for word, kind in kinds
    )


def _searched(said: Span) -> Values:
    return dict(find_bounds(said.text))


def _variant(said: Span) -> Values:
    joined = said.normal
    attribute = next((ATTRIBUTE_OF[word] for word in joined if word in ATTRIBUTE_OF), "")
    size = next(
        (word.typed for word in map(said.part, range(len(joined)), range(1, len(joined) + 1)) if _is_size(word)), ""
    )
    if size:
        return {"size": size}
    if attribute or not COLOURS.isdisjoint(joined):
        return {"attribute": attribute or "couleur"}
    return {}


def _is_size(word: Span) -> bool:
    plain = word.normal[0]
    is_number = plain.isdigit() and len(plain) == 2
    return is_number or plain in ("xs", "s", "m", "l", "xl", "xxl", "xxxl") or tokens_of([plain], ())[0] == MEASURE


def _price(said: Span) -> Values:
    for length in (4, 3, 2, 1):
        for first in range(len(said.words) - length + 1):
            amount = read_amount(said.part(first, first + length).typed)
            if amount and amount >= 100:
                return {"price": amount}
    return {}


def _quantity(said: Span) -> Values:
    """The new one: not the one behind `au lieu de`, `pas`."""
    before = ""
    for place, word in enumerate(said.normal):
        quantity = read_quantity(said.normal[place:])[0]
        if quantity and before not in ("de", "pas", "non") and word not in ("un", "une"):
            return {"quantity": quantity}
        before = word
    return {}


def _place(said: Span) -> Values:
    typed = typed_place(said) or _behind_preposition(said)
    return ({"place": typed} if typed else {}) | ({WHEN: said.typed} if _has_time(said) else {})


def _behind_preposition(said: Span) -> str:
    """A place that the gazetteer lacks: own words behind `à`, `vers`, `pour`."""
    kinds = _kinds(said)
    for place in range(1, len(said.words)):
        if said.normal[place - 1] in ("a", "au", "vers", "jusqu", "pour", "to", "livraison") and kinds[place] == OWN:
            return said.part(place, place + 1).typed
    return ""


def _has_time(said: Span) -> bool:
    return HOUR in _kinds(said) or not _TIMES.isdisjoint(said.normal)


_TIMES = frozenset(
    "demain aujourd soir matin midi lundi mardi mercredi jeudi vendredi samedi dimanche maintenant urgent".split()
)


def typed_place(said: Span) -> str:
    """The fewest words that still name a place."""
    for length in (1, 2, 3, 4):
        for first in range(len(said.words) - length + 1):
            part = said.part(first, first + length)
            if (
                part.normal[0] not in _SMALL
                and find_places(part.typed).rest == ""
                and (find_places(part.typed).exact or find_places(part.typed).candidates)
            ):
                return _widest(said, first, length)
    return ""


def _is_a_place(part: Span) -> bool:
    found = find_places(part.typed)
    return not found.rest and bool(found.exact or found.candidates)


def _widest(said: Span, first: int, length: int) -> str:
    """`Agoè` grows to `Agoè Assiyéyé` where that is a place too."""
    for longer in (3, 2, 1):
        part = said.part(first, first + length + longer)
        if len(part.words) == length + longer and _is_a_place(part):
            return part.typed
    return said.part(first, first + length).typed


def _method(said: Span) -> Values:
    joined = said.joined()
    named = [name for name in METHOD_OF if f" {name} " in f" {joined}"]
    return {"method": METHOD_OF[max(named, key=len)]} if named else {}


def _phone(said: Span) -> Values:
    phone = read_phone(said.text)
    return {"phone": phone} if phone else {}


def _order(said: Span) -> Values:
    order = only_order(said)
    return {"order": order} if order else {}


def _reference(said: Span) -> Values:
    reference = read_reference(said)
    return {"reference": reference} if reference else {}


def _index(said: Span) -> Values:
    for word in said.normal:
        place = int(word) if word.isdigit() and len(word) < 3 else INDEX_OF.get(word, 0)
        if place and word not in ("un", "une"):
            return {"index": place}
    return {}


def _language(said: Span) -> Values:
    named = [LANGUAGE_OF[word] for word in said.normal if word in LANGUAGE_OF]
    return {"language": named[-1]} if named else {}


def _data(said: Span) -> Values:
    words = set(said.normal)
    return {"kind": next((kind for kind, signs in KINDS_OF_DATA.items() if signs & words), "access")}


_READERS: Mapping[str, Callable[[Span], Values]] = {
    "search": _searched,
    "ask_variant": _variant,
    "negotiate": _price,
    "change_quantity": _quantity,
    "ask_delivery": _place,
    "give_name": _phone,
    "give_phone": _phone,
    "ask_payment": _method,
    "choose_payment": lambda said: {**_method(said), **_phone(said)},
    "payment_claim": _reference,
    **dict.fromkeys(("track", "cancel_order"), _order),
    "choose": _index,
    "language": _language,
    "data_request": _data,
}
_OWN: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("search", "ask_price", "ask_stock", "ask_photo", "alert_me", "remove_item"), ("product", marking.GOODS)
    ),
    "ask_delivery": ("place", marking.PLACE),
    "give_name": ("name", marking.NAME),
    "event_register": ("workshop", marking.WORKSHOP),
}
_OF_ITEMS = frozenset({"order"})
