"""Vendors who keep their stock by message: a line of what came, the preview, the yes, and so on."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.buyers import seen
from bench.load import Crowd, Figures, evenly, knock_with
from bench.provider import Inbound, Phones, Said

PREVIEW: Final = "stock_preview"  # the question whose yes takes a line over
DONE: Final = "C'est noté."  # how the answer to that yes begins
MOST_CAME: Final = 9  # units of a line


@dataclass
class Seller:
    """One vendor: which of his goods a line can name, what is shown to him, and how much his yes took over."""

    phone: str
    phones: Phones
    chance: random.Random
    goods: Sequence[str]
    shown: str = ""  # the id of the yes below the preview that is open
    came: int = 0  # units of the line that it shows
    taken: Counter[str] = field(default_factory=Counter)  # good → units that are known to be taken over
    unsure: Counter[str] = field(default_factory=Counter)  # good → units whose yes was never answered
    good: str = ""

    def give_up(self) -> None:
        """No answer came in time: what a yes was said to may be taken over all the same."""
        if self.shown:
            self.unsure[self.good] += self.came
        self.shown = ""

    def next(self) -> Inbound:
        """A yes where a preview is open, else a line."""
        if self.shown:
            return self.phones.say(self.phone, "Oui", self.shown)
        self.good, self.came = self.chance.choice(self.goods), self.chance.randint(1, MOST_CAME)
        return self.phones.say(self.phone, f"+{self.came} {self.good}")

    def hear(self, said: Said) -> bool:
        """Whether a message answers what he wrote; a notice does not."""
        if self.shown:
            if not said.words.startswith(DONE):
                return False
            self.taken[self.good] += self.came
            self.shown = ""
            return True
        self.shown = next((one.id for one in seen(said) if one.state == PREVIEW and one.choice == "yes"), "")
        return bool(self.shown)


class Shops:
    """The vendors beside a crowd of buyers, behind the same provider."""

    def __init__(self, crowd: Crowd, goods: Mapping[str, Sequence[str]]) -> None:
        phones = Phones(crowd.caller.port)
        self.crowd = crowd
        self.sellers = {phone: Seller(phone, phones, random.Random(phone), names) for phone, names in goods.items()}
        self.figures = Figures()
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._to_buyers = crowd.provider.heard
        crowd.provider.heard = self._heard

    def _heard(self, said: Said) -> None:
        seller, waiting = self.sellers.get(said.to), self._waiting.get(said.to)
        if seller is None:
            self._to_buyers(said)
        elif waiting and not waiting.done() and seller.hear(said):
            waiting.set_result(None)

    async def say(self, phone: str, words: str) -> None:
        """Something whose answer nobody waits for by its kind: whatever comes first."""
        await self._post(self.sellers[phone].phones.say(phone, words))

    async def settle_in(self) -> None:
        """One line and its yes of each. Raises RuntimeError when one goes wrong."""
        for _ in range(2):
            await asyncio.gather(*(self.turn(seller) for seller in self.sellers.values()))
        if self.figures.wrong:
            raise RuntimeError(f"the first lines of the vendors went wrong: {dict(self.figures.wrong)}")

    async def at_rate(self, rate: float, seconds: float) -> Figures:
        """`rate` messages a second, evenly, whatever the answers take; one for which no vendor is free is counted."""
        self.figures = figures = Figures()

        def none_is_free() -> None:
            figures.wrong["no vendor free"] += 1

        began = time.monotonic()
        tasks = await evenly(rate, seconds, list(self.sellers.values()), self.turn, none_is_free)
        figures.seconds = time.monotonic() - began
        self.figures = Figures(wrong=figures.wrong)  # what comes later belongs to no rate
        await asyncio.gather(*tasks)
        return figures

    async def turn(self, seller: Seller) -> None:
        """One message and its answer."""
        waiting = self._waiting[seller.phone] = asyncio.get_running_loop().create_future()
        began = time.monotonic()
        try:
            await self._post(seller.next())
            async with asyncio.timeout(self.crowd.patience):
                await waiting
            self.figures.turns += 1
            self.figures.replied.append(time.monotonic() - began)
        except TimeoutError:
            self.figures.wrong["no answer"] += 1
            seller.give_up()
        finally:
            del self._waiting[seller.phone]

    async def _post(self, inbound: Inbound) -> None:
        await knock_with(self.crowd.caller, inbound, self.figures.wrong)
