"""The one reminder of a forgotten basket: when it is said, to whom, and when it never is."""

from datetime import datetime, timedelta

import pytest

from base import facts
from bot import accounts, contacts
from bot.messages import Identity, Sender
from bot.notices import Notices
from bot.taps import read_tap
from orders import basket, placing, reminding
from orders.terms import Terms
from tests.bot.stall import LIMITS
from tests.catalog.market import make_good, make_vendor
from tests.orders import buying
from wiring import reactions

NBSP = "\u00a0"


class Market:
    """One buyer whose clock can be set; `looks` is the job."""

    def __init__(self, db, config):
        self.db, self.config = db, config
        account = next(a for a in config.channel_accounts if a.kind == "simulator")
        self.account_id = accounts.ensure(db, [account])["simulator"]
        self.reactions = list(reactions(Notices(config, {self.account_id: account}, {"simulator": LIMITS})))
        self.rice = make_good(db, make_vendor(db, "maman_yawa"), "Riz parfumé 25 kg", on_hand=500)
        sender = Sender((Identity("phone", "+22890000001"),), "Awa")
        self.chat = contacts.find_or_make_chat(db, self.account_id, sender, [self.account_id])

    def at(self, moment):
        """It is that moment, `26 14:30`, in Lomé."""
        when = datetime.fromisoformat(f"2026-11-{moment}:00+00:00")
        self.db.run("update test_clock set ahead = %(when)s - now()", when=when)
        return self

    def writes(self):
        """She writes: the provider's window is open from now."""
        self.db.run("update conversation set last_in_at = market_now() where id = %(id)s", id=self.chat.conversation_id)
        return self

    def fills(self, quantity=2):
        """She puts rice into her basket."""
        self.writes()
        basket.add(self.db, self.chat.contact_id, self.rice.id, quantity, buying.cause(self.chat.contact_id))
        return self

    def looks(self):
        """The job runs; how many baskets it took up."""
        found = reminding.find_forgotten(self.db, 10)
        facts.react(self.db, self.reactions)
        return found

    @property
    def said(self):
        return self.db.rows("select kind, bubble from outbox order by id")

    @property
    def due(self):
        row = self.db.one("select due_at, reminded_at from basket_reminder")
        return row and (row.due_at and f"{row.due_at:%d %H:%M}", row.reminded_at is not None)


@pytest.fixture
def awa(db, config):
    return Market(db, config)


def test_twenty_hours_after_the_last_word_the_basket_is_recalled_once_with_a_door_to_it(awa):
    awa.at("25 14:00").fills()
    assert awa.due == ("26 10:00", False)
    assert awa.at("26 09:59").looks() == 0
    assert awa.at("26 10:00").looks() == 1
    (row,) = awa.said
    assert (row.kind, row.bubble["body"]) == (
        "bulk",
        f"Votre panier vous attend encore{NBSP}: 1 produit, 35{NBSP}000{NBSP}F{NBSP}CFA.\nIl reste à le commander.",
    )
    tap = read_tap(row.bubble["offers"][0]["id"])
    assert (tap.dialog, tap.name, tap.is_door) == ("buyer", "basket", True)
    assert (awa.looks(), awa.due, len(awa.said)) == (0, (None, True), 1)
    awa.at("27 09:00").fills(1)
    assert (awa.at("28 09:00").looks(), len(awa.said)) == (0, 1)


@pytest.mark.parametrize(
    ("filled", "due"),
    [
        ("25 00:30", "25 20:30"),  # half past eight in the evening, which is twenty hours later
        ("25 01:00", "25 20:30"),
        ("25 07:00", "25 20:30"),
        ("25 10:59", "25 20:30"),
        ("25 11:00", "26 07:00"),
        ("25 23:59", "26 19:59"),
    ],
)
def test_it_is_never_due_in_the_night(awa, filled, due):
    assert awa.at(filled).fills().due == (due, False)


def test_who_wrote_since_is_reminded_after_that(awa):
    awa.at("25 14:00").fills()
    awa.at("25 18:00").writes()
    assert (awa.at("26 10:00").looks(), awa.said, awa.due) == (1, [], ("26 14:00", False))
    assert (awa.at("26 14:00").looks(), len(awa.said)) == (1, 1)


def test_a_change_of_the_basket_begins_the_time_anew(awa):
    awa.at("25 12:00").fills()
    awa.at("25 15:00").fills(1)
    assert (awa.at("26 10:59").looks(), awa.due) == (0, ("26 11:00", False))


@pytest.mark.parametrize("moment", ["26 13:01", "26 21:30", "27 10:00"])
def test_too_late_for_the_window_or_in_the_night_nothing_is_said(awa, moment):
    awa.at("25 14:00").fills()
    if moment == "26 21:30":
        awa.at("26 01:40").writes()
    assert (awa.at(moment).looks(), awa.said, awa.due) == (1, [], (None, False))


def test_after_stop_nothing_is_said(awa):
    awa.at("25 14:00").fills()
    awa.db.run("update contact set wants_reminders = false")
    assert (awa.at("26 10:00").looks(), awa.said, awa.due) == (1, [], (None, False))


def test_a_basket_that_was_ordered_or_emptied_is_forgotten_and_the_next_one_is_another(awa, config):
    contact = awa.chat.contact_id
    awa.at("25 14:00").fills()
    buying.addresses.use_address(awa.db, contact, buying.HOME)
    terms = Terms.of(config.lasting_key, config.timing, config.market.delivery_bands)
    buying.hold(awa.db, terms, contact=contact)
    assert isinstance(
        placing.place_order(awa.db, contact, awa.chat.conversation_id, buying.cause(contact), terms), placing.Placed
    )
    awa.db.facts.clear()
    assert (awa.due, awa.at("26 10:00").looks(), awa.said) == (None, 0, [])
    awa.fills()
    assert (awa.due, awa.at("26 20:30").looks(), len(awa.said)) == (("26 20:30", False), 1, 1)
    basket.empty(awa.db, contact, buying.cause(contact))
    awa.fills()
    assert awa.due == ("27 16:30", False)


def test_a_basket_of_which_nothing_is_left_is_not_recalled(awa):
    awa.at("25 14:00").fills()
    basket.remove(awa.db, awa.chat.contact_id, awa.rice.id, buying.cause(awa.chat.contact_id))
    assert (awa.at("26 10:00").looks(), awa.said) == (1, [])


def test_the_latest_moment_leaves_the_window_an_hour():
    assert timedelta(seconds=reminding.LATEST) == timedelta(hours=23)
