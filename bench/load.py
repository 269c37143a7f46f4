"""The load: buyers who send signed webhooks, follow what the provider received, and are timed."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Final, TypeVar

from bench.buyers import KINDS, ROUND, Buyer, Offered, first_purchase
from bench.ledger import Ledger
from bench.provider import Inbound, Phones, Provider, Said
from bench.visiting import Visitor, Visits
from bench.wire import Caller

PATIENCE = 20.0  # seconds after which a reply counts as lost
FLOOD_PATIENCE = 120.0
LONG_PATIENCE = 120.0  # where sends meet faults
REFUSALS: Final = ("answer ", "connection broken", "report: ")  # how what went wrong is named where a door refused
Person = TypeVar("Person")
Card = tuple[Buyer, Offered, str]  # a product in a buyer's list, and the words of its card


@dataclass
class Figures:
    """What one stretch of load saw; times in seconds, counts of what went wrong by its name."""

    seconds: float = 0.0
    turns: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    acknowledged: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds if self.seconds else 0.0


@dataclass
class Open:
    """A turn under way."""

    began: float
    replied: asyncio.Future[None]
    reported: asyncio.Future[None]


async def knock_with(caller: Caller, inbound: Inbound, wrong: Counter[str]) -> None:
    """Deliver a webhook; what is not answered 200 is counted as wrong."""
    if refusal := await caller.refusal(inbound.target, inbound.body, inbound.signature):
        wrong[refusal] += 1


def is_refusal(what: str) -> bool:
    """Whether what went wrong is a webhook, a message's or a report's, that a door did not take."""
    return what.startswith(REFUSALS)


async def evenly(
    rate: float,
    seconds: float,
    people: list[Person],
    turn: Callable[[Person], Awaitable[None]],
    none_is_free: Callable[[], None],
) -> "set[asyncio.Task[None]]":
    """Begin `rate` turns a second, each of somebody who has none under way; those that are still under way then."""
    waiting, tasks, began, count = random.sample(people, len(people)), set[asyncio.Task[None]](), time.monotonic(), 0

    async def one(person: Person) -> None:
        await turn(person)
        waiting.insert(0, person)

    while (now := time.monotonic() - began) < seconds:
        while count < now * rate:
            count += 1
            if not waiting:
                none_is_free()
                continue
            task = asyncio.create_task(one(waiting.pop()))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.sleep(max(0.0005, (count + 1) / rate - now))
    return tasks


class Crowd:
    """All buyers of one system behind one provider."""

    def __init__(self, port: int, count: int, first: int) -> None:
        self.phones = phones = Phones(port)
        numbers = [f"+22891{first + n:06d}" for n in range(count)]
        self.buyers = {phone: Buyer(phone, phones, random.Random(n)) for n, phone in enumerate(numbers)}
        self.visitors: dict[str, Visitor] = {}  # who are here for a visit
        self.provider = Provider(port, self._heard)
        self.provider.done = self._reported
        self.provider.refused = self._report_refused
        self.caller = Caller(port, 4 * count)
        self.figures = Figures()
        self.redelivery = 0.0
        self.patience = PATIENCE
        self._flood: Ledger | None = None
        self._open: dict[str, Open] = {}
        self._again: set[asyncio.Task[None]] = set()

    async def settle_in(self, name: str) -> None:
        """What is not measured: each buyer's first purchase, then as many steps that no two stand at the same place.

        Raises RuntimeError when anything goes wrong.
        """
        self.figures = Figures()
        places = (round(n * len(ROUND) / len(self.buyers)) for n in range(len(self.buyers)))
        await asyncio.gather(
            *(self._first(buyer, steps) for buyer, steps in zip(self.buyers.values(), places, strict=True))
        )
        if self.figures.wrong:
            raise RuntimeError(f"the first purchases at {name} went wrong: {dict(self.figures.wrong)}")

    async def _first(self, buyer: Buyer, steps: int) -> None:
        for step, inbound in first_purchase(buyer):
            if not await self._turn(buyer, step, inbound):
                return
        for _ in range(steps):
            await self._turn(buyer, *self._planned(buyer))

    async def saturate(self, seconds: float, on_start: Callable[[], None], warm: float = 1.0) -> Figures:
        """Every buyer goes on as soon as his last reply is read; `on_start` is called when measuring begins."""
        self.figures = Figures()
        self._stop_at = time.monotonic() + warm + seconds
        tasks = [asyncio.create_task(self._go_on(buyer)) for buyer in self.buyers.values()]
        await asyncio.sleep(warm)
        return await self._measured(tasks, seconds, on_start)

    async def at_rate(self, rate: float, seconds: float, on_start: Callable[[], None], warm: float = 1.0) -> Figures:
        """`rate` turns a second, evenly, whatever the replies take; a turn for which no buyer is free is counted."""
        self.figures = Figures()
        buyers = list(self.buyers.values())

        async def turn(buyer: Buyer) -> None:
            await self._turn(buyer, *self._planned(buyer))

        return await self._timely(self._knock(rate, warm + seconds, buyers, turn), seconds, on_start, warm)

    async def visited(
        self, visits: Visits, rate: float, seconds: float, on_start: Callable[[], None], warm: float = 1.0
    ) -> Figures:
        """The same by people who come for a visit, and then others: as many at once as there are buyers, who rest."""
        self.figures = Figures()

        async def turn(seat: list[Visitor]) -> None:
            if not seat:
                seat.append(visits.begin())
                self.visitors[seat[0].phone] = seat[0]
            await self._turn(seat[0], *self._planned(seat[0]))
            if not seat[0].left:
                visits.end(self.visitors.pop(seat.pop().phone))

        seats: list[list[Visitor]] = [[] for _ in self.buyers]
        figures = await self._timely(self._knock(rate, warm + seconds, seats, turn), seconds, on_start, warm)
        self.visitors.clear()
        return figures

    async def _timely(
        self, knocking: Coroutine[None, None, None], seconds: float, on_start: Callable[[], None], warm: float
    ) -> Figures:
        tasks = [asyncio.create_task(knocking)]
        await asyncio.sleep(warm)
        return await self._measured(tasks, seconds, on_start)

    async def flood(self, rate: float, seconds: float, on_start: Callable[[], None]) -> Figures:
        """`rate` messages a second by people who wait for nothing: each opens a product of his last list again.

        `turns` are the replies that came at all; what has no reply after FLOOD_PATIENCE is missing.
        """
        cards = await self._read_cards()
        asked = itertools.cycle([card for turn in itertools.zip_longest(*cards) for card in turn if card])
        self.figures = figures = Figures()
        self._flood, began, sent = Ledger(), time.monotonic(), 0
        tasks: set[asyncio.Task[None]] = set()
        on_start()
        while (now := time.monotonic() - began) < seconds:
            while sent < now * rate:
                task = asyncio.create_task(self._ask(self._flood, *next(asked)))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                sent += 1
            await asyncio.sleep(0.002)
        figures.seconds = time.monotonic() - began
        on_start()
        end = time.monotonic() + FLOOD_PATIENCE
        while (tasks or figures.turns < sent or self.provider.open_reports) and time.monotonic() < end:
            await asyncio.sleep(0.05)
        figures.kinds["sent"] = sent
        figures.wrong += self._flood.wrong()
        self._flood = None
        for buyer in self.buyers.values():  # nobody has read what he was answered
            buyer.astray()
        return figures

    async def _read_cards(self) -> list[list[Card]]:
        """Each buyer opens each product of his list once: what he is told then is how its answers are known later."""
        self.figures = Figures()
        return list(await asyncio.gather(*(self._cards_of(buyer) for buyer in self.buyers.values())))

    async def _cards_of(self, buyer: Buyer) -> list[Card]:
        cards = []
        for row in buyer.goods():
            if await self._turn(buyer, "reopen", buyer.reopen(row)):
                cards.append((buyer, row, buyer.words))
        return cards

    async def _ask(self, ledger: Ledger, buyer: Buyer, row: Offered, words: str) -> None:
        message = ledger.send((buyer.phone, words), time.monotonic())
        await self._post(buyer.reopen(row), message.began)
        message.acknowledged = time.monotonic()

    async def _measured(
        self, tasks: list["asyncio.Task[None]"], seconds: float, on_start: Callable[[], None]
    ) -> Figures:
        self.figures = figures = Figures(wrong=self.figures.wrong)
        on_start()
        began = time.monotonic()
        await asyncio.sleep(seconds)
        figures.seconds = time.monotonic() - began
        # what comes after this moment belongs to no figure, but what goes wrong then still counts
        self.figures = Figures(wrong=figures.wrong)
        on_start()
        await asyncio.gather(*tasks)
        await self.drain()
        return figures

    async def drain(self) -> None:
        """Wait until nothing is under way."""
        end = time.monotonic() + self.patience
        while (self._open or self.provider.open_reports or self._again) and time.monotonic() < end:
            await asyncio.sleep(0.02)

    async def _go_on(self, buyer: Buyer) -> None:
        while time.monotonic() < self._stop_at:
            await self._turn(buyer, *self._planned(buyer))

    async def _knock(
        self, rate: float, seconds: float, people: list[Person], turn: Callable[[Person], Awaitable[None]]
    ) -> None:
        def none_is_free() -> None:
            self.figures.wrong["no buyer free"] += 1

        await asyncio.gather(*await evenly(rate, seconds, people, turn, none_is_free))

    def _planned(self, buyer: Buyer) -> tuple[str, Inbound]:
        inbound = buyer.next()
        return buyer.step, inbound

    async def _turn(self, buyer: Buyer, step: str, inbound: Inbound) -> bool:
        """One message in, one reply out, its reports taken; whether the reply came."""
        loop = asyncio.get_running_loop()
        turn = Open(time.monotonic(), loop.create_future(), loop.create_future())
        self._open[buyer.phone] = turn
        try:
            await self._post(inbound, turn.began)
            async with asyncio.timeout(self.patience):
                await turn.replied
                self.figures.turns += 1
                self.figures.kinds[KINDS.get(step, step)] += 1
                await turn.reported
        except TimeoutError:
            self.figures.wrong["no reply" if turn.replied.cancelled() else "no report"] += 1
            buyer.astray()
            return False
        finally:
            self._open.pop(buyer.phone, None)
        return True

    async def _post(self, inbound: Inbound, began: float) -> None:
        await knock_with(self.caller, inbound, self.figures.wrong)
        self.figures.acknowledged.append(time.monotonic() - began)
        if random.random() < self.redelivery:
            task = asyncio.create_task(self._deliver_again(inbound))
            self._again.add(task)
            task.add_done_callback(self._again.discard)

    async def _deliver_again(self, inbound: Inbound) -> None:
        await asyncio.sleep(random.random() * 0.05)
        await knock_with(self.caller, inbound, self.figures.wrong)

    def _heard(self, said: Said) -> None:
        buyer = self.buyers.get(said.to) or self.visitors.get(said.to)
        if buyer is None:
            self.figures.kinds["(to shops)"] += 1
            return
        if self._flood is not None:
            self.figures.turns += 1
            self._flood.hear((said.to, said.words), time.monotonic())
            return
        turn = self._open.get(said.to)
        if said.is_copy or turn is None or turn.replied.done():
            self.figures.wrong["said twice" if said.is_copy else "said late, or unasked"] += 1
            return
        self.figures.replied.append(time.monotonic() - turn.began)
        if not buyer.hear(said):
            self.figures.wrong["astray"] += 1
            buyer.astray()
        turn.replied.set_result(None)

    def _reported(self, phone: str) -> None:
        turn = self._open.get(phone)
        if turn and turn.replied.done() and not turn.reported.done():
            turn.reported.set_result(None)

    def _report_refused(self, refusal: str) -> None:
        self.figures.wrong[f"report: {refusal}"] += 1

    def close(self) -> None:
        """Let go of all connections."""
        self.caller.close()
        self.provider.close()
