"""What nobody understood is kept without figures, grouped, and never what a private question was answered with."""

import pytest

from bot import unclear
from bot.dialogs import DIALOGS
from bot.unclear import Unclear, masked
from tests.bot.chat import Chat
from tests.catalog.market import make_good, make_vendor

STATES = {f"{dialog.name}.{name}": state for dialog in DIALOGS for name, state in dialog.states.items()}


@pytest.fixture
def awa(db, config):
    make_good(db, make_vendor(db), "Riz parfumé")
    return Chat(db, config, "+22890000001")


def left(chat, text, state=""):
    """What a turn of this text leaves, asked while this question is open."""
    before = chat.state
    chat.says(text)
    said = type("Said", (), {"text": text, "tap": "", "media": (), "unread": ""})()
    answers = [["step", name, outcome] for name, outcome in zip("abcdef", chat.turned.outcomes, strict=False)]
    return unclear.of(7, said, chat.turned, STATES.get(state or before), answers)


def test_a_miss_is_kept_with_its_role(awa):
    awa.says("bonjour")
    assert left(awa, "Xylophone  ZUT !!") == Unclear("buyer", "miss", "Xylophone ZUT !!", "xylophone zut", 7)


def test_nothing_found_is_kept(awa):
    awa.says("bonjour")
    assert left(awa, "je cherche une soucoupe") == Unclear(
        "buyer", "nothing", "je cherche une soucoupe", "je cherche une soucoupe", 7
    )


def test_what_is_understood_leaves_nothing(awa):
    assert left(awa, "bonjour") is None
    assert left(awa, "je cherche du riz") is None


@pytest.mark.parametrize("state", ["buyer.recipient_asked", "buyer.phone_asked", "buyer.landmark", "buyer.quarter"])
def test_what_may_be_a_name_a_phone_or_a_place_is_not_kept(awa, state):
    awa.says("bonjour")
    assert left(awa, "zut xylophone", state) is None


@pytest.mark.parametrize("state", ["buyer.quantity", "buyer.which"])
def test_what_is_said_of_goods_is_kept(awa, state):
    awa.says("bonjour")
    assert left(awa, "zut xylophone", state).kind == "miss"


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("appelez 90 12 34 56 svp", "appelez ## ## ## ## svp"),
        ("mon code 4K7P2", "mon code #K#P#"),
        ("awa@example.tg ok", "# ok"),
        ("voir https://example.com/x?y=1", "voir #"),
        ("٣٤ sacs", "## sacs"),
        ("a" * 300, "a" * 80),
    ],
)
def test_figures_and_addresses_are_masked(typed, kept):
    assert masked(typed) == kept


def test_groups_are_listed_most_often_or_last_said_first(db):
    whose = db.value("insert into contact default values returning id")
    words = ["zut", "Zut!", "zut", "xylophone", "tchip"]
    unclear.keep(db, [Unclear("buyer", "miss", one, one.lower().strip("!"), whose) for one in words])
    unclear.keep(db, [Unclear("vendor", "miss", "tchip", "tchip", whose)])
    db.run("update unclear set at = at + make_interval(secs => id)")
    often = unclear.listed(db)
    assert [(one.role, one.words, one.times) for one in often] == [
        ("buyer", "zut", 3),
        ("vendor", "tchip", 1),
        ("buyer", "tchip", 1),
        ("buyer", "xylophone", 1),
    ]
    assert [one.words for one in unclear.listed(db, newest=True)] == ["tchip", "tchip", "xylophone", "zut"]
    assert [one.words for one in unclear.listed(db, role="vendor")] == ["tchip"]
    assert len(unclear.listed(db, most=2)) == 2


def test_nothing_kept_writes_nothing(db):
    unclear.keep(db, [])
    assert (db.has_written, unclear.listed(db)) == (False, [])


def test_old_words_are_forgotten(db, config):
    whose = db.value("insert into contact default values returning id")
    unclear.keep(db, [Unclear("buyer", "miss", one, one, whose) for one in ("vieux", "neuf")])
    db.run(
        "update unclear set at = market_now() - make_interval(secs => %(kept)s + 1) where words = 'vieux'",
        kept=config.timing.chat_kept,
    )
    assert unclear.forget(db, config.timing.chat_kept, 10) == 1
    assert [one.words for one in unclear.listed(db)] == ["neuf"]


def test_words_leave_with_their_person(db):
    leaves, stays = (db.value("insert into contact default values returning id") for _ in range(2))
    unclear.keep(db, [Unclear("buyer", "miss", "je suis Afi", "je suis afi", leaves)])
    unclear.keep(db, [Unclear("buyer", "miss", "tchip", "tchip", stays)])
    assert unclear.forget_person(db, leaves) == 1
    assert [one.words for one in unclear.listed(db)] == ["tchip"]
