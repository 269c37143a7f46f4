"""Slots of a message whose intent was guessed: its own words, figures and names, read by the readers of slots."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from base.money import find_bounds, read_amount
from base.phones import read_phone
from base.places import find_places
from bot.understanding.goods import ARTICLES, UNIT_OF, read_asked_product, read_items, read_product
from bot.understanding.guessing import model
from bot.understanding.message import Span
from bot.understanding.names import ATTRIBUTE_OF, COLOURS, INDEX_OF, LANGUAGE_OF, METHOD_OF
from bot.understanding.quantities import read_quantity
from bot.understanding.slots import KINDS_OF_DATA, WHEN, only_order, read_reference, read_workshop
from bot.understanding.traits import FIGURES, GOODS, HOUR, MEASURE, OWN, PLACE, tokens_of

Values = dict[str, Any]

_NO_GOODS = frozenset(
    "moi toi vous nous lui ma mon mes sa son ses la le les l un une des ce cette combien livraison livrer payer gros"
    " detail plus temps stock quoi tout bon bonne partir savoir venir plusieurs place".split()
)
_JOINERS = frozenset("de d du a au aux en l la le les des pour avec et sans".split())
_COUNTED = frozenset((*FIGURES, MEASURE))


def filled(intent: str, said: Span) -> Mapping[str, Any]:
    """The slots that an intent has and the message holds."""
    reader = _READERS.get(intent)
    return reader(said) if reader else {}


def _kinds(said: Span) -> list[str]:
    """For each word its token, one each."""
    learned = model("buyer")
    known: Collection[str] = learned.known if learned else ()
    return [tokens_of([word], known)[0] for word in said.normal]


def is_own_alone(said: Span) -> bool:
    """Whether no word of the message but an article is one that phrases or examples have."""
    kinds = zip(said.normal, _kinds(said), strict=True)
    return not any(kind == PLACE or (kind.isalpha() and word not in ARTICLES) for word, kind in kinds)


def _is_own(said: Span, kinds: list[str], place: int) -> bool:
    word = said.normal[place]
    return kinds[place] in (OWN, MEASURE) or word in GOODS or word in COLOURS or word in UNIT_OF


def _goes_on(normal: tuple[str, ...], place: int) -> bool:
    """`robe de soirée`, `lait en poudre`: the word behind a small one belongs to the goods."""
    return normal[place - 1] in ("de", "d", "en") and normal[place] not in _NO_GOODS and normal[place].isalpha()


def own_words(said: Span) -> Span | None:
    """The longest run of the person's own words, small words between them allowed; None without any."""
    kinds = _kinds(said)
    runs: list[tuple[int, int, int]] = []
    first = end = own = 0
    for place in range(len(said.words) + 1):
        if place < len(said.words) and _is_own(said, kinds, place):
            if not own:
                first = place
            own, end = own + (kinds[place] == OWN or said.normal[place] in GOODS), place + 1
            continue
        if own and place < len(said.words) and _goes_on(said.normal, place):
            end = place + 1
            continue
        is_joiner = place < len(said.words) and (
            said.normal[place] in _JOINERS or (kinds[place] in _COUNTED and own > 0) or kinds[place] == PLACE
        )
        if not is_joiner or "\n" in said.gap_before(place):
            if own:
                runs.append((own, first, end))
            own = 0
            first = place + 1
        elif not own:
            first = place + 1
    best = max(runs, key=lambda run: run[0], default=None)
    return said.part(best[1], best[2]) if best else None


def _product(said: Span) -> Values:
    own = own_words(said)
    product = own and (read_asked_product(own) or read_product(own))
    return {"product": product} if product else {}


def _searched(said: Span) -> Values:
    return {**_product(said), **find_bounds(said.text)}


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


def _items(said: Span) -> Values:
    """From the first figure or article before own words on; else the own words alone."""
    kinds = _kinds(said)
    for first in range(len(said.words)):
        counted = read_quantity(said.normal[first:])[0]
        if counted and first + 1 < len(said.words):
            items = read_items(said.part(first)) or read_items(_until_known(said, kinds, first))
            if items:
                listed = [item.as_slot() for item in items]
                return {"items": listed, **(listed[0] if len(listed) == 1 else {})}
    product = _product(said).get("product")
    if not product:
        return {}
    item = {"product": product, "quantity": None, "unit": None}
    return {"items": [item], **item}


def _until_known(said: Span, kinds: list[str], first: int) -> Span:
    """What is ordered ends where the frame begins again: `2 sacs de riz pour demain`."""
    end = first + 1
    while end < len(said.words) and (
        _is_own(said, kinds, end) or kinds[end] in _COUNTED or said.normal[end] in _JOINERS | ARTICLES
    ):
        end += 1
    while end > first + 1 and said.normal[end - 1] in _JOINERS:
        end -= 1
    return said.part(first, end)


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
    typed = _typed_place(said) or _behind_preposition(said)
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


def _typed_place(said: Span) -> str:
    """The fewest words that still name a place."""
    for length in (1, 2, 3, 4):
        for first in range(len(said.words) - length + 1):
            part = said.part(first, first + length)
            if (
                part.normal[0] not in _JOINERS
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


def _name(said: Span) -> Values:
    own = own_words(said)
    return ({"name": own.typed} if own else {}) | _phone(said)


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


def _workshop(said: Span) -> Values:
    own = own_words(said)
    return dict(read_workshop(own) or {}) if own else {}


_READERS: Mapping[str, Callable[[Span], Values]] = {
    "search": _searched,
    **dict.fromkeys(("ask_price", "ask_stock", "ask_photo", "alert_me", "remove_item"), _product),
    "ask_variant": _variant,
    "negotiate": _price,
    "order": _items,
    "change_quantity": _quantity,
    "ask_delivery": _place,
    "give_name": _name,
    "give_phone": _phone,
    "ask_payment": _method,
    "choose_payment": lambda said: {**_method(said), **_phone(said)},
    "payment_claim": _reference,
    **dict.fromkeys(("track", "cancel_order"), _order),
    "choose": _index,
    "language": _language,
    "data_request": _data,
    "event_register": _workshop,
}
