"""A fair that goes on whatever happens: buyers order and cancel, vendors serve, all of it by chat alone.

Everybody says the next thing when he has been answered, or again when he has waited in vain; nobody looks into the
market's books until it is over.
"""

import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from random import Random

from bot import contacts
from tests.catalog.market import make_category, make_good, make_vendor
from tests.processes.crosswise import REASON as OUT_OF_STOCK
from tests.processes.people import Someone, stock_up
from tests.waiting import wait_for

BUYERS = 3
GOODS = ("Fonio perlé", "Kinkéliba séché")  # one of each shop; no word of theirs is anybody else's
UNITS = 40  # of each at the beginning: few enough that the last ones are fought for
PAUSE = 0.25  # seconds between a look at the phone and the next
PATIENCE = 8.0  # seconds without an answer after which somebody begins anew
FIRST_BUYER, FIRST_VENDOR = 22894000000, 22894500000

PLACED = re.compile(r"Votre commande TG-(\w+) est enregistrée")
TO_ANSWER = re.compile(r"Nouvelle commande TG-(\w+)")
NEXT_STEP = re.compile(r"[Tt]apez : ((?:P|remis|livre) (\w+))")
AT_THE_DOOR = re.compile(r"commande TG-(\w+).*?Code à dire au livreur : (\d{4})", re.S)
DELIVERED = re.compile(r"Commande TG-(\w+) livrée\. Merci")
# what a buyer answers: the title of a button, or what begins a question -> words
TAPPED = ("Confirmer", "Moi-même", "Mon numéro", "Oui", "Commander")
ANSWERED = {"Dans quel quartier": "agoe derrière le marché", "À quelle adresse": "oui"}
CANCELLING, REFUSING, RETURNING, CHANGING_HER_MIND = 0.25, 0.15, 0.3, 0.1


@dataclass(eq=False)
class Person:
    """Somebody with a phone: what it showed and was dealt with, and when he last said something."""

    who: Someone
    chance: Random
    dealt: set = field(default_factory=set)
    said_at: float = float("-inf")
    said: int = 0


def words_of(sent):
    """What a bubble says, with plain spaces before its signs."""
    return sent.body.replace("\u00a0", " ")


class Fair:
    """Its people live from each `with` to its end; `check` then compares what all of them were told with the books."""

    def __init__(self, house, chance, buyers=BUYERS):
        self.house = house
        self.stop, self.failed, self.threads = threading.Event(), [], []
        self.buyers, self.vendors, self.stocks = _settle(house, chance, buyers)
        for one in self.vendors:  # news comes with buttons from now
            self._say(one, self._words(one, "bonjour"))
        house.wait_until_idle()

    def __enter__(self):
        stock_up(self.house, self.stocks, UNITS)
        self.stop.clear()
        lives = dict.fromkeys(self.buyers, self.next_of_buyer) | dict.fromkeys(self.vendors, self.next_of_vendor)
        self.threads = [threading.Thread(target=self._live, args=life, daemon=True) for life in lives.items()]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self.threads)
        assert self.failed == []

    @property
    def said(self):
        """How many messages have been acknowledged."""
        return sum(one.said for one in (*self.buyers, *self.vendors))

    def _live(self, one, next_of):
        try:
            while not self.stop.wait(PAUSE):
                message = next_of(one)
                if message:
                    self._say(one, message)
        except Exception as error:
            self.failed.append(error)
            raise

    def _say(self, one, message):
        """Again and again until it is acknowledged, as a provider delivers."""
        while self.house.provider.knock(message) != 200:
            time.sleep(0.1)
        one.said_at, one.said = time.monotonic(), one.said + 1

    def next_of_buyer(self, one):
        """She answers the question on her phone; when nothing is asked for long, she orders or cancels."""
        shown = self.house.provider.to(one.who.phone)
        fresh = [sent for sent in shown[-3:] if sent.sid not in one.dealt]
        for sent in reversed(fresh):
            answer = self._answer(one, sent)
            if answer:
                one.dealt |= {each.sid for each in shown}
                return answer
        if any(PLACED.search(words_of(sent)) for sent in fresh) or self._has_waited(one):
            one.dealt |= {each.sid for each in shown}
            return self._words(one, self._wish(one, shown))
        return None

    def _answer(self, one, sent):
        if "Annuler" in sent.titles and one.chance.random() < CHANGING_HER_MIND:
            return self.house.provider.tap(sent, "Annuler")
        for title in TAPPED:
            if title in sent.titles:
                return self.house.provider.tap(sent, title)
        words = next((words for asked, words in ANSWERED.items() if asked in words_of(sent)), None)
        return self._words(one, words) if words else None

    def _wish(self, one, shown):
        placed = PLACED.findall("\n".join(map(words_of, shown)))
        if placed and one.chance.random() < CANCELLING:
            return f"annulez la commande TG-{placed[-1]}"
        return f"je prends {one.chance.randint(1, 3)} {one.chance.choice(GOODS)}"

    def next_of_vendor(self, one):
        """He deals with one thing that his phone shows and that he has not dealt with, the oldest first."""
        for sent in self.house.provider.to(one.who.phone):
            for task, deal in self._tasks(one, sent):
                if task not in one.dealt and (message := deal()):
                    one.dealt.add(task)
                    return message
        return None

    def _tasks(self, one, sent):
        """(what is to be done, what makes the message that does it) …"""
        if "Accepter" in sent.titles and (told := TO_ANSWER.search(words_of(sent))):
            chosen = "Refuser" if one.chance.random() < REFUSING else "Accepter"
            yield ("answer", told[1]), partial(self.house.provider.tap, sent, chosen)
        if OUT_OF_STOCK in sent.titles:
            yield ("reason", sent.sid), partial(self.house.provider.tap, sent, OUT_OF_STOCK)
        if "Pas de retour" in sent.titles:
            yield ("sellable", sent.sid), partial(self.house.provider.tap, sent, one.chance.choice(("Oui", "Non")))
        for words, code in NEXT_STEP.findall(words_of(sent)):
            yield ("step", words), partial(self._step, one, words, code)
        if (delivered := DELIVERED.search(words_of(sent))) and Random(delivered[1]).random() < RETURNING:
            yield ("return", delivered[1]), partial(self._words, one, f"retour {delivered[1]}")

    def _step(self, one, words, code):
        """`P 4K7`; `livre 4K7` needs the buyer's digits, and waits until her phone shows them."""
        if not words.startswith("livre"):
            return self._words(one, words)
        digits = self._told_at_the_door(code)
        return self._words(one, f"{words} {digits}") if digits else None

    def _told_at_the_door(self, code):
        """The four digits that the buyer of this order was shown; the code may be its beginning."""
        for buyer in self.buyers:
            for sent in self.house.provider.to(buyer.who.phone):
                found = AT_THE_DOOR.search(words_of(sent))
                if found and found[1].startswith(code):
                    return found[2]
        return None

    def _has_waited(self, one):
        return time.monotonic() - one.said_at > PATIENCE

    def _words(self, one, words):
        return self.house.provider.say(one.who.phone, words, name=one.who.name)

    def wait_for_orders(self, most):
        """Until the buyers have been told of so many orders in all."""
        wait_for(lambda: self._orders() >= most, "nobody orders", 180)

    def _orders(self):
        return sum(len(self._placed(one)) for one in self.buyers)

    def _placed(self, one):
        return set(PLACED.findall("\n".join(map(words_of, self.house.provider.to(one.who.phone)))))

    def check(self):
        """Each order is known to its buyer and to its shop; the house is idle."""
        parts = self.house.rows(
            'select o.code, o.contact_id, v.state from "order" o join vendor_order v on v.order_id = o.id'
            " where o.contact_id = any(%(ids)s)",
            ids=[one.who.contact_id for one in self.buyers],
        )
        for one in self.buyers:
            codes = {part.code.removeprefix("TG-") for part in parts if part.contact_id == one.who.contact_id}
            assert (one.who.phone, self._placed(one)) == (one.who.phone, codes)
        told = {code for one in self.vendors for code in self._told_of(one)}
        assert told == {part.code.removeprefix("TG-") for part in parts}
        sys.stdout.write(f"a fair: {len(parts)} orders {dict(Counter(part.state for part in parts))}\n")

    def _told_of(self, one):
        return TO_ANSWER.findall("\n".join(map(words_of, self.house.provider.to(one.who.phone))))


def _settle(house, chance, buyers):
    """Shops with goods and owners, and people who will buy: known to the books before anybody speaks."""
    account_id = house.value("select id from channel_account where key = 'twilio'")
    with house.database.unit_of_work() as db:

        def someone(number, name):
            phone = f"+{number}"
            return Someone(name, phone, contacts.contact_with_phone(db, account_id, phone, name, (account_id,)))

        vendors, stocks = [], []
        for number, name in enumerate(GOODS):
            shop = make_vendor(db, f"foire_{number}")
            good = make_good(db, shop, name, category=make_category(db), on_hand=0, price=1000)
            stocks.append(good.stock_id)
            owner = someone(FIRST_VENDOR + number, f"Vendeur{number}")
            contacts.grant(db, owner.contact_id, "vendor", shop)
            vendors.append(Person(owner, Random(chance.random())))
        people = [
            Person(someone(FIRST_BUYER + number, f"Cliente{number}"), Random(chance.random()))
            for number in range(buyers)
        ]
    return people, vendors, stocks
