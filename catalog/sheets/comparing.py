"""A list that was read beside the goods that are sold: what is new, what changes, what stays, what is at fault."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from base.db import Db
from base.spelling import fold
from catalog.figured import STEPS, Line, steps_of
from catalog.sheets.sheet import SheetLine
from catalog.sheets.steps import Steps, changed_steps, is_cheaper, reached

Status = Literal["new", "changed", "same", "faulty"]
LONGEST_NAME: Final = 60  # characters of a new good's name
LONGEST_DESCRIPTION: Final = 200
ANY_UNIT: Final = "pièce"


@dataclass(frozen=True)
class Compared:
    """A line with what becomes of it; `price` in F CFA and `quantity` in units are None where they stay.

    `steps` are the prices for many that change, None where all stay. `…_before` are the figures that it was compared
    with. Faults are tails of text keys `sheet.fault.…`.
    """

    number: int
    cells: tuple[str, ...]
    status: Status
    faults: tuple[str, ...] = ()
    product_id: int | None = None
    vendor_id: int | None = None
    name: str = ""
    price: int | None = None
    quantity: int | None = None
    unit: str = ""
    category_id: int | None = None
    description: str = ""
    price_before: int | None = None
    quantity_before: int | None = None
    steps: Steps | None = None
    steps_before: Steps | None = None

    @property
    def asked(self) -> tuple[Line, ...]:
        """What it asks for of a good that is sold already."""
        if self.product_id is None or self.status != "changed":
            return ()
        price = () if self.price is None else (Line(self.product_id, "price", self.price),)
        steps = tuple(Line(self.product_id, "step", value, units) for units, value in self.steps or ())
        count = () if self.quantity is None else (Line(self.product_id, "count", self.quantity),)
        return (*price, *steps, *count)


def compare(db: Db, vendor_ids: Collection[int], lines: Sequence[SheetLine]) -> tuple[Compared, ...]:
    """Each line beside the goods of these shops, in the list's order; nothing is written."""
    shelf = _shelf(db, vendor_ids)
    return _without_doubles([_beside(shelf, line) for line in lines])


@dataclass(frozen=True)
class _Shelf:
    """What is sold: by slug and by folded name; shops and categories by folded words."""

    by_slug: Mapping[str, Any]
    by_name: Mapping[str, Sequence[Any]]
    shops: Mapping[str, int]
    categories: Mapping[str, int]
    categories_of: Mapping[str, Counter[int]] = field(default_factory=dict)  # first word of a name -> how often which


_GOODS: Final = f"""
select p.id, p.slug, p.vendor_id, p.folded, p.name, p.unit, p.price, p.factor, p.category_id, p.kind,
    {STEPS} as steps, s.on_hand / p.factor as on_hand
from product p join stock s on s.id = p.stock_id
where p.vendor_id = any(%(vendors)s) and p.kind <> 'group' order by p.is_listed desc, p.id
"""


def _shelf(db: Db, vendor_ids: Collection[int]) -> _Shelf:
    goods = db.rows(_GOODS, vendors=list(vendor_ids))
    by_name: dict[str, list[Any]] = {}
    words: dict[str, Counter[int]] = {"": Counter()}
    for good in goods:
        by_name.setdefault(good.folded, []).append(good)
        words.setdefault(good.folded.split(" ")[0], Counter())[good.category_id] += 1
        words[""][good.category_id] += 1
    return _Shelf(
        by_slug={good.slug: good for good in reversed(goods)},
        by_name=by_name,
        shops=_words_of(db.rows("select id, slug, name from vendor where id = any(%(ids)s)", ids=list(vendor_ids))),
        categories=_categories(db),
        categories_of=words,
    )


def _words_of(rows: Iterable[Any]) -> dict[str, int]:
    return {word: row.id for row in rows for word in (fold(row.slug), fold(row.name))}


def _categories(db: Db) -> dict[str, int]:
    rows = db.rows("select id, slug, names from category order by id desc")
    return {_singular(word): row.id for row in rows for word in (row.slug, *row.names.values())}


def _singular(words: str) -> str:
    return " ".join(word.rstrip("s") for word in fold(words).split())


def _beside(shelf: _Shelf, line: SheetLine) -> Compared:
    bare = Compared(line.number, line.cells, "faulty", line.faults, name=line.name)
    found = _found(shelf, line)
    if isinstance(found, str):
        return replace(bare, faults=(*line.faults, found))
    if line.faults:
        return replace(bare, product_id=found.id if found else None)
    return _new(shelf, line, bare) if found is None else _known(line, bare, found)


def _found(shelf: _Shelf, line: SheetLine) -> Any:
    """The good that a line is about, by its code before its name; None when it is new, else the tail of a fault."""
    by_code = shelf.by_slug.get(line.code.strip().lower()) if line.code else None
    if by_code:
        return by_code
    named = list(shelf.by_name.get(fold(line.name), ())) if line.name else []
    shop = shelf.shops.get(fold(line.shop)) if line.shop else None
    if shop:
        named = [good for good in named if good.vendor_id == shop]
    if not named:
        return "code_unknown" if line.code and not line.name else None
    if line.unit:
        named = [good for good in named if _singular(good.unit) == _singular(line.unit)]
    if not named:
        return "unit_other"
    return named[0] if len(named) == 1 else "several"


def _known(line: SheetLine, bare: Compared, good: Any) -> Compared:
    """One that is sold already: an empty cell leaves its figure as it is."""
    price = line.price if line.price not in (None, good.price) else None
    quantity = line.quantity if line.quantity not in (None, good.on_hand) else None
    now = steps_of(good.steps)
    steps = () if line.steps is None else changed_steps(line.steps, now, are_all=line.are_all_steps)
    about = replace(
        bare,
        product_id=good.id,
        vendor_id=good.vendor_id,
        name=good.name,
        unit=good.unit,
        price_before=good.price,
        quantity_before=good.on_hand,
        steps_before=tuple(sorted(now.items())) if steps else None,
    )
    if quantity is not None and good.factor > 1:
        return replace(about, faults=("shared_stock",))
    is_told = line.steps is not None and (steps or price is not None)
    if is_told and not is_cheaper(line.price or good.price, reached(now, steps)):
        return replace(about, faults=("steps_no_less",))
    is_same = price is None and quantity is None and not steps
    status: Status = "same" if is_same else "changed"
    return replace(about, status=status, price=price, quantity=quantity, steps=steps or None)


def _new(shelf: _Shelf, line: SheetLine, bare: Compared) -> Compared:
    """One that is not sold yet: it needs a name, a price, a category, and a shop where there are several."""
    shops = set(shelf.shops.values())
    shop = shelf.shops.get(fold(line.shop)) if line.shop or len(shops) > 1 else next(iter(shops), None)
    category = _category(shelf, line)
    faults = [
        *(["price_missing"] if line.price is None else []),
        *(["name_long"] if len(line.name) > LONGEST_NAME else []),
        *(["shop_unknown"] if shop is None else []),
        *(["steps_no_less"] if line.steps and not is_cheaper(line.price or 0, reached({}, line.steps)) else []),
        *(["category_unknown" if line.category else "category_missing"] if category is None else []),
    ]
    if faults:
        return replace(bare, faults=tuple(faults))
    return replace(
        bare,
        status="new",
        vendor_id=shop,
        price=line.price,
        quantity=line.quantity or 0,
        unit=line.unit or ANY_UNIT,
        category_id=category,
        description=line.description[:LONGEST_DESCRIPTION],
        steps=tuple((units, value) for units, value in line.steps or () if value) or None,
    )


def _category(shelf: _Shelf, line: SheetLine) -> int | None:
    """The category that is named; without one that of all goods of the shop whose names begin so, or of all its goods.

    Where these differ it is that of the line above, whose cell may be joined with this one, or not guessed.
    """
    if line.category:
        return shelf.categories.get(_singular(line.category))
    first = fold(line.name).split(" ")[0]
    alike = shelf.categories_of.get(first) or shelf.categories_of.get("", Counter())
    return next(iter(alike)) if len(alike) == 1 else shelf.categories.get(_singular(line.group))


def _without_doubles(lines: Sequence[Compared]) -> tuple[Compared, ...]:
    """Two lines of one good say two things: neither is believed."""
    counted = Counter(key for line in lines if (key := _key(line)))
    return tuple(
        replace(line, status="faulty", faults=(*line.faults, "double"))
        if (key := _key(line)) and counted[key] > 1 and "double" not in line.faults
        else line
        for line in lines
    )


def _key(line: Compared) -> object:
    if line.product_id is not None:
        return line.product_id
    return (line.vendor_id, fold(line.name)) if line.status == "new" else None
