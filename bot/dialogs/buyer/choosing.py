"""Which one of a group is meant: its sizes, colours or units, asked one attribute after another, or told in words."""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from base.spelling import fold, normalise
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.texts import has, say
from bot.turn import Turn
from catalog import products as goods
from catalog.products import Product

PAGE = 8  # beside the option to leave a line of a list out
BESIDE = frozenset(
    "le la les l un une en de du d des au aux a et pour il reste encore vous avez avez ya y svp je veux prends prendre"
    " donnez moi numero n celui celle the in size".split()
)
"""Words that may stand beside a value without saying of what: `en 42`, `le rouge`."""
_SIZE, _COLOUR = frozenset({"taille", "pointure", "size"}), frozenset({"couleur", "color", "colour"})
SAME = {"taille": _SIZE, "pointure": _SIZE, "couleur": _COLOUR}
"""Attribute -> the words that people call it by."""
Begun = Literal["several", "one"]
Fixed = Sequence[Sequence[object]]  # [[place of an attribute, its value], …]


class Asked(TypedDict):
    """What is asked of a group; `attribute` as it is asked for: `Quelle taille`."""

    name: str
    attribute: str
    product: NotRequired[int]


def open_choice(turn: Turn, group: Product, narrowed: Sequence[Product] | None = None) -> Begun:
    """Begin to choose among a group's variants that can be had, or among those that words have left.

    one: only one is possible, and it is on show now.
    """
    possible = [one for one in narrowed or goods.variants(turn.db, group.id) if one.available]
    if len(possible) == 1:
        turn.memory["product"] = possible[0].id
        return "one"
    turn.memory["product"] = group.id
    turn.memory["fixed"] = fixed(possible) if narrowed else []
    return "several"


def fixed(variants: Sequence[Product]) -> Fixed:
    """The attributes, by their place, that these variants share, with the value."""
    if not variants:
        return []
    return [
        [place, value]
        for place, (_, value) in enumerate(variants[0].choice)
        if all(one.choice[place][1] == value for one in variants)
    ]


def left(turn: Turn) -> list[Product]:
    """The variants of the group on show that can be had and that what was chosen so far leaves."""
    return left_of(turn, number_of(turn.memory.get("product", "")), turn.memory.get("fixed", []))


def left_of(turn: Turn, group_id: int, fixed: Fixed) -> list[Product]:
    """The variants of a group that can be had and have the values that are fixed."""
    return [one for one in goods.variants(turn.db, group_id) if one.available and _has(one, fixed)]


def _has(variant: Product, fixed: Fixed) -> bool:
    values = [[place, value] for place, (_, value) in enumerate(variant.choice)]
    return all(list(one) in values for one in fixed)


def asked_place(variants: Sequence[Product]) -> int:
    """The place of the attribute that is asked next: the first in which these differ."""
    places = range(len(variants[0].choice)) if variants else range(0)
    return next((place for place in places if len({one.choice[place] for one in variants}) > 1), 0)


def rows(turn: Turn, after: str) -> Page:
    """The values of the attribute that is asked of the group on show."""
    return rows_of(turn, left(turn), after)


def rows_of(turn: Turn, variants: Sequence[Product], after: str) -> Page:
    """The values in which these variants differ; a row's id is the first variant that has it, and the place asked."""
    first = number_of(after)
    place = asked_place(variants)
    by_value: dict[str, list[Product]] = {}
    for one in variants:
        by_value.setdefault(one.choice[place][1], []).append(one)
    shown = list(by_value.items())[first : first + PAGE]
    found = tuple(Row(f"{place}.{own[0].id}", value, _detail(turn, own)) for value, own in shown)
    return Page(found, str(first + PAGE) if len(by_value) > first + PAGE else "")


def _detail(turn: Turn, own: Sequence[Product]) -> str:
    """What a value costs, and how many are left where it names one variant."""
    least = min(own, key=lambda one: one.price)
    key = "buyer.product_detail" if len(own) == 1 else "buyer.group_detail"
    return words(turn, key, price=least.price, unit=least.unit, available=least.available)


def take(turn: Turn, row: str) -> Literal["one", "several", "gone"]:
    """One value was chosen of the group on show.

    one: that decides it, and the variant is on show. several: another attribute must be asked.
    """
    chosen = chosen_of(turn, row, number_of(turn.memory.get("product", "")), turn.memory.get("fixed", []))
    if chosen is None:
        return "gone"
    turn.memory["product"], turn.memory["fixed"] = chosen
    return "several" if goods.variants(turn.db, chosen[0]) else "one"


def chosen_of(turn: Turn, row: str, group_id: int, fixed: Fixed) -> tuple[int, Fixed] | None:
    """What a row leaves: a variant, or a group and what is fixed of it; None when nothing of it can be had.

    The row names its variant, so an older question's row still means the same group.
    """
    place, _, product_id = row.partition(".")
    variant = goods.product(turn.db, number_of(product_id))
    if variant is None or variant.good_id is None or not place.isdecimal() or int(place) >= len(variant.choice):
        return None
    kept = [one for one in fixed if one[0] != int(place)] if group_id == variant.good_id else []
    chosen: Fixed = [*kept, [int(place), variant.choice[int(place)][1]]]
    variants = left_of(turn, variant.good_id, chosen)
    if len(variants) == 1:
        return variants[0].id, []
    return (variant.good_id, chosen) if variants else None


def asked(turn: Turn) -> Asked:
    """Values of the question which one."""
    return asked_of(turn, number_of(turn.memory.get("product", "")), left(turn))


def asked_of(turn: Turn, group_id: int, variants: Sequence[Product]) -> Asked:
    """Values of the question which of these variants of a group."""
    group = goods.product(turn.db, group_id)
    attribute = variants[0].choice[asked_place(variants)][0] if variants else ""
    values: Asked = {"name": group.name if group else "", "attribute": which(turn, attribute)}
    if group:
        values["product"] = group.id
    return values


def which(turn: Turn, attribute: str) -> str:
    """`Quelle taille`: how an attribute is asked for."""
    key = f"which.{fold(attribute)}"
    return say(turn.person.language, key if has("fr", key) else "which.other", {})


def attribute_named(turn: Turn, attribute: str, count: int = 1) -> str:
    """An attribute as people call it: `taille`, `tailles`; its own name where the texts do not know it."""
    key = f"attribute.{fold(attribute)}"
    return say(turn.person.language, key, {"count": count}) if has("fr", key) else attribute


def choices_line(turn: Turn, variants: Sequence[Product]) -> str:
    """`Tailles : 40, 41, 43. Couleurs : rouge, bleu.`, of what can be had; with its price where one costs more."""
    possible = [one for one in variants if one.available]
    least = min((one.price for one in possible), default=0)
    lines = []
    for place in range(len(possible[0].choice) if possible else 0):
        cheapest: dict[str, int] = {}
        for one in possible:
            value = one.choice[place][1]
            cheapest[value] = min(one.price, cheapest.get(value, one.price))
        told = (v if p == least else words(turn, "buyer.value_price", value=v, price=p) for v, p in cheapest.items())
        name = attribute_named(turn, possible[0].choice[place][0], len(cheapest))
        lines.append(words(turn, "buyer.values", attribute=name[:1].upper() + name[1:], values=", ".join(told)))
    return " ".join(lines)


def named(said: str, variants: Sequence[Product]) -> list[Product] | None:
    """The variants that some words leave (`rouge`, `taille 42`); None when a value is said that none has, or nothing.

    [] is never returned: words that leave no variant name a value that none has.
    """
    tokens = _tokens(said)
    found, is_said = list(variants), False
    for place in range(len(variants[0].choice) if variants else 0):
        values = {one.choice[place][1] for one in variants}
        matching = {value for value in values if _says(tokens, value)}
        if matching:
            found = [one for one in found if one.choice[place][1] in matching]
            is_said = True
    return found if is_said and found else None


def names_only(said: str, variants: Sequence[Product]) -> bool:
    """Whether words are nothing but values and names of these variants' attributes, and what may stand beside them."""
    rest = [token for token in _tokens(said) if token not in BESIDE]
    values = {token for one in variants for _, value in one.choice for token in _tokens(value)}
    names = {name for one in variants for attribute, _ in one.choice for name in _names(attribute)}
    known = [token for token in rest if _is_one(token, values)]
    return bool(known) and all(_is_one(token, values) or token.removesuffix("s") in names for token in rest)


def counted(said: str, variants: Sequence[Product]) -> list[tuple[list[Product], int, str]]:
    """`2 rouge 1 bleu taille 40`: the variants each count leaves, how many, and its words; [] when it is none.

    What is said behind an attribute's name holds for all counts.
    """
    tokens = [token for token in _tokens(said) if token not in BESIDE]
    values = {token for one in variants for _, value in one.choice for token in _tokens(value)}
    names = {name for one in variants for attribute, _ in one.choice for name in _names(attribute)}
    shared, counts, place = list[str](), list[tuple[int, str]](), 0
    while place + 1 < len(tokens):
        here, following = tokens[place], tokens[place + 1]
        if here.removesuffix("s") in names and _is_one(following, values):
            shared.append(following)
        elif (
            here.isdecimal()
            and 0 < int(here) < 1000
            and not _is_one(here, values)
            and _is_one(following, values)
            and not following.isdecimal()
        ):
            counts.append((int(here), following))
        else:
            return []
        place += 2
    if place < len(tokens) or not counts:
        return []
    found = [(named(" ".join((value, *shared)), variants), count, value) for count, value in counts]
    return [(left_over, count, " ".join((value, *shared))) for left_over, count, value in found if left_over]


def _tokens(words_said: str) -> list[str]:
    return normalise(words_said).split()


def _names(attribute: str) -> frozenset[str]:
    return SAME.get(fold(attribute), frozenset({fold(attribute)}))


def without_names(said: str) -> str:
    """Words to search by: `baskets pointure 42` looks for baskets 42, as no product is called a pointure."""
    kept = [word for word in said.split() if fold(word).removesuffix("s") not in _SIZE | _COLOUR]
    return " ".join(kept) or said


def _says(tokens: Sequence[str], value: str) -> bool:
    """Whether a value's words are among what was said, in any gender and number."""
    wanted = _tokens(value)
    return bool(wanted) and all(any(_is_same(token, part) for token in tokens) for part in wanted)


def _is_one(token: str, values: set[str]) -> bool:
    return any(_is_same(token, value) for value in values)


def _is_same(token: str, value: str) -> bool:
    """Equal but for the ending of gender and number: `noires` is `noir`."""
    if token == value:
        return True
    longer, shorter = (token, value) if len(token) > len(value) else (value, token)
    return len(shorter) > 2 and shorter.isalpha() and longer in (f"{shorter}s", f"{shorter}e", f"{shorter}es")
