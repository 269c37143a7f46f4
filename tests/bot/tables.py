"""Small dialogs and a world of canned answers, for tests of the machine itself."""

from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from bot.dialog import RETURN, Dialog, Page, Row, ask, choose, do, end, pick, tell, wait
from bot.machine import advance
from bot.messages import Heard, Incoming, Location, Media, Sender
from bot.pace import BOUNDLESS
from bot.session import Choice, Menu, Session
from bot.taps import Tap, write_tap
from bot.world import Moment

NOBODY = Sender(())
NOON = 1_000_000  # a minute since 1970
GOODS = [Row(str(number), f"Produit {number}", f"{number} F") for number in range(1, 13)]


def count_units(turn, quantity: int) -> Literal["added", "too_many"]:
    """Never called: the canned world answers for it."""
    raise AssertionError


def choose_good(turn, row: str) -> Literal["chosen"]:
    """Never called."""
    raise AssertionError


def keep_words(turn, words: str) -> Literal["kept"]:
    """Never called."""
    raise AssertionError


def write(turn) -> Literal["done"]:
    """Never called."""
    raise AssertionError


def look(turn) -> Literal["found", "nothing"]:
    """Never called."""
    raise AssertionError


def nothing(*given):
    """Rows, values and readers, never called either."""
    raise AssertionError


SHOPPER = Dialog(
    name="buyer",
    start="menu",
    helper="helper",
    anywhere={"menu": "menu", "aide": "help", "panier": "menu", "prix": "place"},
    hears={"thanks": "thanks", "search": "search", "quarter_said": "place", "greet": "menu"},
    commands={"suivi": "looking"},
    doors={"track": "looking", "help": "help"},
    states={
        "menu": choose("menu", lasting=True, goods="goods", place="place", pay="paying", leave="left"),
        "goods": pick(
            "goods", nothing, choose_good, none="empty", lasting=True, options=["back"], chosen="units", back="menu"
        ),
        "empty": choose("empty", asides=["help"], menu="menu", help="help"),
        "units": ask("units", nothing, count_units, added="sure", too_many="units"),
        "sure": choose("sure", yes="writing", no="menu"),
        "writing": do(write, writes="after_yes", done="written"),
        "written": tell("written", RETURN),
        "place": ask(
            "place",
            nothing,
            keep_words,
            is_open=True,
            surely=lambda said: said.text.casefold() == "chez be",
            options=["skip"],
            kept="menu",
            skip="menu",
        ),
        "paying": wait("paying", seconds=90, expired="menu", paid="menu"),
        "help": tell("help", RETURN),
        "thanks": tell("thanks", RETURN, is_enough=True),
        "search": do(look, found="goods", nothing="help"),
        "looking": do(look, found="goods", nothing="help"),
        "helper": tell("helper", RETURN),
        "left": end("left"),
    },
)
SELLER = Dialog(
    name="vendor",
    start="menu",
    helper="menu",
    anywhere={"menu": "menu"},
    hears={"accept_order": "sure", "thanks": "menu"},
    commands={"a": "accepting", "accepter": "accepting"},
    doors={"accept": "accepting"},
    states={
        "menu": choose("menu", orders="sure", leave="left"),
        "sure": choose("sure", yes="accepting", no="menu"),
        "accepting": do(write, writes="after_yes", done="accepted"),
        "accepted": tell("accepted", RETURN),
        "left": end("left"),
    },
)
TABLES = MappingProxyType({"buyer": SHOPPER, "vendor": SELLER})


class CannedWorld:
    """Says what a test told it to, and notes what was done."""

    def __init__(self, hats=("buyer",), heard=None, goods=GOODS, reads=None, steps=None, page_size=9, refuses=()):
        self.hats, self.heard, self.goods = hats, heard or {}, list(goods)
        self.values, self.outcomes, self.page_size = reads or {}, steps or {}, page_size
        self.done, self.consents, self.refuses = [], [], refuses

    def understand(self, hat, text):
        """The readings that the test prepared for (hat, text)."""
        return self.heard.get((hat, text), ())

    def rows(self, name, state, after):
        """The prepared goods in pages."""
        first = int(after or 0)
        shown = self.goods[first : first + self.page_size]
        return Page(tuple(shown), str(first + len(shown)) if first + len(shown) < len(self.goods) else "")

    def shows(self, name, state):
        """No values."""
        return {}

    def reads(self, name, state, said):
        """Digits where units are asked, any words where a place is; pins too."""
        if said.text in self.refuses:
            return None
        if name == "buyer.place":
            return said.text or (said.location and "pin") or None
        return int(said.text) if said.text.isdecimal() else None

    def step(self, name, state, given, heard):
        """Note it, and answer the prepared outcome or the first of the table."""
        self.done.append((name, given, tuple(h.intent for h in heard)))
        possible = [outcome for outcome in state.goes if outcome not in state.options]
        return self.outcomes.get(name, possible[0])

    def consent(self, words):
        """Note it."""
        self.consents.append(words)
        return "stopped"


class Talk:
    """A session that is led through turns, with menus and taps as the answers module would remember them."""

    def __init__(self, world=None, hat="buyer", state="", allowed=BOUNDLESS, **session):
        self.world, self.minute, self.said, self.allowed = world or CannedWorld(), NOON, 0, allowed
        self.session = Session(hat=hat, state=state, **session)
        self.turned = None

    def says(self, text="", *, tap="", location=None, media=(), signal="", unread="", silent=False):
        """One turn; returns the keys of what was said."""
        said = Incoming("id", NOBODY, text, tap, media, location, signal=signal, unread=unread)
        self.turned = advance(TABLES, self.session, said, self.world, Moment(self.minute, silent, self.allowed))
        self.said += 1
        self.session = self._remembering(self.turned)
        assert len(self.turned.bubbles) <= 2
        return [bubble.key for bubble in self.turned.bubbles]

    def _remembering(self, turned):
        session = turned.session
        for bubble in turned.bubbles:
            if bubble.state and bubble.state == session.state:
                choices = tuple(
                    Choice(number, option.title or option.choice, option.choice)
                    for number, option in enumerate(bubble.options, 1)
                )
                lasting = session.lasting
                if bubble.is_lasting:
                    lasting = (*lasting, Menu(bubble.state, self.minute, choices))
                session = replace(session, asked=(*session.asked, self.said), menu=choices, lasting=lasting)
        return Session.from_document(session.to_document())

    def tap(self, state, choice, *, said=None, minute=None):
        """The id of a button of a question, of the bubble just said or of another."""
        dialog, _, name = state.partition(".")
        return write_tap(
            Tap(dialog, name, choice, self.said if said is None else said, self.minute if minute is None else minute)
        )

    def door(self, dialog, name, about=""):
        """The id of a notice's button."""
        return write_tap(Tap(dialog, name, about, 999, self.minute, is_door=True))

    @property
    def how(self):
        """The route of the last turn."""
        return self.turned.route.how

    @property
    def state(self):
        """The question that is open."""
        return self.session.state


PIN = Location(6.13, 1.22)
VOICE = (Media("audio", "reference"),)


def heard(intent, confidence=1.0, **slots):
    """One reading."""
    return (Heard(intent, slots, confidence),)
