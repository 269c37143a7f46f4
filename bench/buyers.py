"""One buyer's way through the market: what he does next, by what he was offered."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from bench.provider import Inbound, Phones, Said

# thirty turns: 9 browse, 9 open a product, 6 say a quantity, 3 look at the basket, 3 recap and order
FIRST: Final = "menu browse category product product product add amount basket"
NEXT: Final = "go_on more product others product product add amount basket"
ROUND: Final = (*FIRST.split(), *NEXT.split(), *NEXT.split(), *"checkout address confirm".split())
KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("menu", "browse", "category", "go_on", "more", "others"), "browse"),
    "product": "product",
    **dict.fromkeys(("add", "variant", "amount"), "quantity"),
    "basket": "basket",
    **dict.fromkeys(("checkout", "address", "confirm"), "order"),
}
# the questions whose offers an answer may show; '' is a question without offers
# (a checkout leads to the recap where the market knows where to: the floor always asks)
LEADS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(states.split("|"))
    for name, states in {
        "menu": "menu", "browse": "categories", "category": "products", "product": "card", "go_on": "products",
        "more": "products", "others": "products", "add": "|variant", "variant": "|variant", "amount": "added",
        "basket": "basket_shown", "checkout": "same_address|recap", "address": "recap", "confirm": "placed",
    }.items()
}  # fmt: skip
# a pick's rows: any of them will do
ROWS: Final = {"category": "categories", "product": "products", "address": "same_address"}
NO_ROWS: Final = ("+", "other_address")  # what else a pick offers: the next page, another address
NUMBERS: Final = 0.3  # the share of choices that are answered by number instead of a tap
QUARTER, RECIPIENT, PHONE = "Bè-Kpota", "Awa Mensah", "+22890000001"


@dataclass(frozen=True)
class Offered:
    """One offer that was seen: its id, its question, its choice, its number in that question."""

    id: str
    state: str
    choice: str
    number: int


def seen(said: Said) -> tuple[Offered, ...]:
    """The offers of a message; ids are `dialog.state=choice`, with ~ and more behind."""
    found = []
    for number, text in enumerate(said.offers, 1):
        place, _, rest = text.partition("=")
        found.append(Offered(text, place.partition(".")[2], rest.partition("~")[0], number))
    return tuple(found)


@dataclass
class Buyer:
    """One person with a phone. `open` is the turn under way: its step, its moment of sending in seconds."""

    phone: str
    phones: Phones
    chance: random.Random
    now: tuple[Offered, ...] = ()
    rows: dict[str, tuple[Offered, ...]] = field(default_factory=dict)  # lasting lists by question
    plan: Iterator[str] = field(default_factory=lambda: iter(()))
    step: str = ""
    words: str = ""  # of the last message

    def next(self) -> Inbound:
        """The next message of the round."""
        self.step = next(self.plan, "")
        if not self.step:
            self.plan = iter(ROUND)
            self.step = next(self.plan)
        if self.step == "amount" and self.is_asked_which():
            self.plan, self.step = chain(("amount",), self.plan), "variant"
        if self.step == "address" and self.is_asked_to_confirm():
            self.step = next(self.plan)
        return self._message(self.step)

    def is_asked_which(self) -> bool:
        """Whether the product comes in sizes or colours, one of which is asked before the quantity."""
        return bool(self.now) and self.now[0].state == "variant"

    def is_asked_to_confirm(self) -> bool:
        """Whether the recap is before him, as he had said where to when he began anew: that is not asked again."""
        return bool(self.now) and self.now[0].state == "recap"

    def goods(self) -> tuple[Offered, ...]:
        """The products of his last list, any of which can be opened at any time."""
        return tuple(o for o in self.rows.get("products", ()) if not o.choice.startswith("+"))

    def reopen(self, row: Offered) -> Inbound:
        """A tap on one of them."""
        self.step = "reopen"
        return self.phones.say(self.phone, "oui", row.id)

    def astray(self) -> None:
        """Begin again."""
        self.plan, self.now = iter(ROUND), ()

    def hear(self, said: Said) -> bool:
        """See a message; whether it is what the step leads to."""
        self.now, self.words = seen(said), said.words
        state = self.now[0].state if self.now else ""
        if state in ROWS.values():
            self.rows[state] = self.now
        return state in LEADS[self.step] if self.step in LEADS else True

    def _message(self, step: str) -> Inbound:
        if step == "amount":
            return self.phones.say(self.phone, str(self.chance.randint(1, 3)))
        offered = self._chosen(step)
        if offered is None:
            return self.phones.say(self.phone, "menu")
        if offered in self.now and self.chance.random() < NUMBERS:
            return self.phones.say(self.phone, str(offered.number))
        return self.phones.say(self.phone, "oui", offered.id)

    def _chosen(self, step: str) -> Offered | None:
        if step in ROWS:
            return self._row(self.rows.get(ROWS[step], ()))
        if step == "variant":
            return self._row(self.now)
        wanted = [o for o in self.now if o.choice.partition(".")[0] == step]
        if step == "more":
            wanted = [o for o in self.now if o.choice.startswith("+")]
            # a short category has one page: its first list is looked at again
            wanted = wanted or [o for o in self.now if not o.choice.startswith("+")]
        return wanted[0] if wanted else None

    def _row(self, rows: tuple[Offered, ...]) -> Offered | None:
        goods = [o for o in rows if not o.choice.startswith(NO_ROWS)]
        return self.chance.choice(goods) if goods else None


ANSWERS: Final = ("confirm", "my_number", "myself", "skip")


def first_purchase(buyer: Buyer) -> Iterator[tuple[str, Inbound]]:
    """The first order of a buyer, who is asked for everything; each message follows what he was just shown."""
    for step in ("menu", "browse", "category", "product", "add", "amount", "checkout"):
        while step == "amount" and buyer.is_asked_which():
            buyer.step = "first variant"
            yield "variant", buyer._message("variant")
        buyer.step = f"first {step}"
        yield step, buyer._message(step)
    asked = iter((QUARTER, RECIPIENT, PHONE))
    while "track" not in (choices := {o.choice: o for o in buyer.now}):
        answer = next((choices[name] for name in ANSWERS if name in choices), None)
        buyer.step = "first address"
        if buyer.now and buyer.now[0].state == ROWS["address"]:
            yield "address", buyer._message("address")
        elif answer:
            yield answer.choice, buyer.phones.say(buyer.phone, "oui", answer.id)
        else:
            yield "asked", buyer.phones.say(buyer.phone, next(asked))
    buyer.step = "first menu"  # before which the market asks something, once
    yield "menu", buyer.phones.say(buyer.phone, "menu")
