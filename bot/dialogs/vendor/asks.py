"""One change of a vendor's goods as his message asks it, and all that the message asks, kept until it is clear."""

from typing import Final, Literal, NotRequired, TypedDict

from bot.dialogs.vendor.price_moves import Move
from catalog.adjusting import Kind

Need = Literal["which", "dozen", "unit", "pack", "price", "move", "amount"]
AskedKind = Literal["count", "more", "less", "out", "back", "price", "step", "hide"]
Asked = tuple[int, Kind, int, int]
"""A change that is clear: product, kind, value, and from how many units on."""

UNSAID: Final = -1  # units, or F CFA, that were not said
STOCK_KINDS: Final = frozenset({"count", "more", "less"})


Kept = tuple[Kind, str, str, int, int, int]
"""What is so already: its kind, the good's name and unit, its figure, units of it that are promised, from how many."""


class Ask(TypedDict):
    """One asked change: its good (0: in doubt, `ids` are those it may be), `value` in units or F CFA.

    `unit` is one that is not the good's own, of `pack` units each where that was said (0: not said). `is_cost`: the
    price may be what he paid. `is_dozen`: the value was said in dozens. `move` where a price is moved, not said. Of a
    step `quantity` are the units from which it counts (0: not said), `below` what it has to be less than, `is_off`
    where it is taken away.
    """

    kind: AskedKind
    words: str
    value: int
    product: int
    ids: list[int]
    unit: str
    pack: int
    is_cost: bool
    is_dozen: NotRequired[bool]
    move: NotRequired[Move]
    quantity: NotRequired[int]
    below: NotRequired[int]
    is_off: NotRequired[bool]


class Draft(TypedDict):
    """All that a message asks: what is clear, what is in doubt, the words nothing is called.

    `is_sure`: read and found without any doubt. `adjustment` once it is shown whole, `card` for a product's card.
    `by_voice` where some of it was typed of a voice note: such is never done unasked. `older`: so many of the lines are
    of messages before the last. `unread`: words with a figure that nothing was made of. `undone`: names of goods that
    an older one would have changed, had it been answered. `rest`: what the newest message says beside stock.
    `news`: what is told of goods that nothing is called, which may be put up. `no_steps`: names of goods that have no
    price for many to be taken away. `same`: what is as it shall be already. `other`: a figure, the places of the
    lines that it may be meant for, and the figure that it takes the place of (None: none was said).
    """

    lines: list[Asked]
    todo: list[Ask]
    unknown: list[str]
    is_sure: bool
    adjustment: NotRequired[int]
    by_voice: NotRequired[bool]
    card: NotRequired[bool]
    older: NotRequired[int]
    unread: NotRequired[list[str]]
    undone: NotRequired[list[str]]
    rest: NotRequired[str]
    news: NotRequired[list[Ask]]
    no_steps: NotRequired[list[str]]
    same: NotRequired[list[Kept]]
    other: NotRequired[tuple[int, list[int], int | None]]
