"""What is no text: every kind at every kind of question is answered once, leads on, and writes nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answers import MOST_BUBBLES
from bot.dialogs import DIALOGS
from bot.messages import Card, CartItem, Incoming, Location, Media, Reaction, Sender
from bot.signs import SIGNS, is_emoji, sign_of
from handlers.simulator.channel import LIMITS as SIMULATOR
from handlers.twilio_whatsapp.limits import TWILIO_LIMITS
from tests.bot.chat import Chat

KINDS = {
    "voice": {"media": (Media("audio", "r"),)},
    "picture": {"media": (Media("image", "r"),)},
    "two pictures": {"media": (Media("image", "r"), Media("image", "s"))},
    "picture with words": {"media": (Media("image", "r"),), "text": "vous avez ça ?"},
    "video": {"media": (Media("video", "r"),)},
    "document": {"media": (Media("document", "r"),)},
    "sticker": {"media": (Media("sticker", "r"),)},
    "emoji": {"text": "😂😂"},
    "place": {"location": Location(6.2151, 1.1902)},
    "place far away": {"location": Location(48.85, 2.35)},
    "card": {"cards": (Card("Afi Mensah", ("97 12 34 56",)),)},
    "card without a phone": {"cards": (Card(),)},
    "cart": {"cart": (CartItem("riz-parfume-25-kg", 2, 1),)},
    "cart of strange goods": {"cart": (CartItem("robe", 2),)},
    "unsupported": {"unread": "unsupported"},
    "contacts unseen": {"unread": "contacts"},
    "order unseen": {"unread": "order"},
}
SILENT = {
    "thumb": {"reaction": Reaction("x", "👍")},
    "heart on nothing": {"reaction": Reaction("x", "❤️")},
    "reaction taken back": {"reaction": Reaction("x", "")},
    "deleted": {"deletes": "x"},
}
ASKED_OF_ORGANIZERS = dict.fromkeys(("voice", "picture", "two pictures"), "organizer.ann_who")  # it is announced
ASKED_OF_VENDORS = {  # what is asked at once, in one bubble
    **dict.fromkeys(("picture", "two pictures"), "vendor.photo_which"),
    "card": "vendor.card_whose",
}
WAYS = {
    "nothing": [],
    "choose, lasting": ["bonjour"],
    "pick": ["bonjour", "[Voir les produits]"],
    "pick, a card": ["maïs blanc"],
    "ask, open": ["je veux 2 maïs blanc", "oui", "commander"],
    "ask, the landmark": ["je veux 2 maïs blanc", "oui", "commander", "be kpota"],
    "ask, who receives": ["je veux 2 maïs blanc", "oui", "commander", "be kpota", "[Pas de repère]"],
    "ask, a phone": ["je veux 2 maïs blanc", "oui", "commander", "be kpota", "[Pas de repère]", "[Moi-même]"],
    "ask, a quantity": ["maïs blanc", "[Ajouter au panier]"],
    "choose, a yes that buys": ["je veux 2 maïs blanc"],
    "choose, the recap": [
        *("je veux 2 maïs blanc", "oui", "commander", "be kpota", "[Pas de repère]", "[Moi-même]", "[Mon numéro]"),
    ],
}
MONEY_AND_STOCK = """
select (select count(*) from "order") as orders, (select count(*) from vendor_order) as parts,
  (select coalesce(sum(quantity), 0) from basket_line) as basket,
  (select sum(on_hand) from stock) as on_hand, (select sum(allocated) from stock) as allocated
"""


def money_and_stock(chat):
    return tuple(chat.db.one(MONEY_AND_STOCK))


def at(db, config, way, limits=SIMULATOR):
    chat = Chat(db, config, "+22890000001")
    chat.limits = limits
    chat.goes(*way)
    return chat


@pytest.mark.parametrize("limits", [SIMULATOR, TWILIO_LIMITS], ids=["simulator", "twilio"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_one_answer_that_leads_on_and_writes_nothing(db, config, market, way, kind, limits):
    chat = at(db, config, way, limits)
    before = money_and_stock(chat)

    chat.brings(**KINDS[kind])

    assert 1 <= len(chat.bubbles) <= MOST_BUBBLES
    assert chat.words.strip()
    assert chat.turned.bubbles[-1].state, "no question is open afterwards"
    assert money_and_stock(chat) == before
    assert chat.session.misses == 0
    assert "miss" not in " ".join(chat.keys)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("kind", SILENT)
def test_what_needs_no_answer_gets_none_and_changes_nothing(db, config, market, way, kind):
    chat = at(db, config, way)
    session, memory, before = chat.session, dict(chat.memory), money_and_stock(chat)

    chat.brings(**SILENT[kind])

    assert chat.bubbles == ()
    assert (chat.session.state, chat.session.menu, chat.session.resume) == (session.state, session.menu, session.resume)
    assert (chat.memory, money_and_stock(chat)) == (memory, before)


@pytest.mark.parametrize("kind", [*KINDS, *SILENT])
@pytest.mark.parametrize("person", ["yawa", "chief"])
def test_a_vendor_and_an_organizer_are_answered_too(request, person, kind):
    chat = request.getfixturevalue(person)
    chat.says("menu")
    before = chat.state

    chat.brings(**(KINDS | SILENT)[kind])

    asked = (ASKED_OF_VENDORS if person == "yawa" else ASKED_OF_ORGANIZERS).get(kind, "")
    # a buyer's words are offered his own hat, in one bubble
    assert len(chat.bubbles) == (0 if kind in SILENT else 1 if asked or kind == "picture with words" else 2)
    assert chat.state == (asked or before)


@pytest.mark.parametrize(("emoji", "key"), [("🤬", "buyer.abuse"), ("🙏", "buyer.thanks")])
def test_emoji_alone_are_not_looked_for_where_any_words_are(awa, emoji, key):
    awa.goes("j'en veux trois", emoji)
    assert (awa.keys[0], awa.state) == (key, "buyer.which")


@pytest.mark.parametrize(
    ("emoji", "key"),
    [
        ("😡", "buyer.abuse"),
        ("😠😠", "buyer.abuse"),
        ("🤬🏾", "buyer.abuse"),
        ("😂", "buyer.smile"),
        ("🇹🇬", "buyer.smile"),
    ],
)
def test_who_is_cross_is_not_smiled_at_and_told_how_to_complain(awa, emoji, key):
    awa.goes("bonjour", emoji)
    assert awa.keys == [key, "buyer.first"]
    assert awa.db.value("select count(*) from attention") == 0


@pytest.mark.parametrize("kind", ["voice", "picture", "document"])
def test_what_a_person_must_look_at_is_one_line_however_often_it_comes(awa, kind):
    awa.says("bonjour")
    first = awa.brings(**KINDS[kind])
    second = awa.brings(**KINDS[kind])

    assert first != second
    assert awa.db.value("select count(*) from attention where settled_at is null") == 1


def test_a_claim_of_payment_changes_no_order(ordered, awa):
    awa.says("je paie comment")
    before = money_and_stock(awa)

    awa.brings(**KINDS["picture"])

    assert awa.db.value("select kind from attention where settled_at is null") == "image_query"  # no turn row here
    assert money_and_stock(awa) == before
    awa.brings(media=(Media("image", "r"),), text="capture du paiement tmoney")
    assert awa.db.value("select count(*) from attention where kind = 'payment_claim'") == 1
    assert money_and_stock(awa) == before
    assert awa.db.value("select array_agg(state) from vendor_order") == ["placed"]


def test_a_corrected_yes_is_no_yes(db, config, market):
    chat = at(db, config, WAYS["choose, the recap"])
    for words in ("oui", "1", "Confirmer", "👍"):
        chat.brings(text=words, edits="x")
        assert (chat.keys[0], chat.state) == ("stale", "buyer.recap")
    assert chat.db.value('select count(*) from "order"') == 0


def test_a_corrected_command_accepts_nothing(ordered, yawa):
    code = ordered[2]
    yawa.brings(text=f"A {code}", edits="x")
    assert yawa.keys[0] == "stale"
    assert yawa.db.value("select array_agg(state) from vendor_order") == ["placed"]


def test_a_card_answers_who_receives_and_whom_to_phone(db, config, market):
    chat = at(db, config, WAYS["ask, who receives"])
    chat.brings(cards=(Card("Afi Mensah", ("none", "97 12 34 56")),))
    assert chat.state == "buyer.recap"
    assert tuple(chat.db.one("select recipient, phone from basket")) == ("Afi Mensah", "+22897123456")


def test_a_card_without_a_name_answers_whom_to_phone(db, config, market):
    chat = at(db, config, WAYS["ask, a phone"])
    chat.brings(cards=(Card("", ("97 12 34 57",)),))
    assert chat.state == "buyer.recap"
    assert chat.db.value("select phone from basket") == "+22897123457"


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ({"text": "bonjour"}, ""),
        ({"text": "😂"}, "emoji"),
        ({"text": "👍🏾👍🏾"}, "emoji"),
        ({"text": "❤️"}, "emoji"),
        ({"text": "🇹🇬"}, "emoji"),
        ({"text": "???"}, ""),
        ({"text": "ok 😂"}, ""),
        ({"text": "2️⃣"}, ""),
        ({"text": "№"}, ""),
        ({"text": ""}, ""),
        ({"unread": "contacts"}, "card"),
        ({"unread": "order"}, "cart"),
        ({"unread": "sticker"}, "sticker"),
        ({"unread": "image"}, "other"),
        ({"unread": "unsupported"}, "other"),
        ({"media": (Media("sticker", "r"),)}, "sticker"),
    ],
)
def test_the_kind_of_a_message(said, sign):
    assert sign_of(Incoming("id", Sender(()), **said)) == sign


def test_every_sign_of_a_table_is_one():
    assert {sign for dialog in DIALOGS for sign in dialog.signs} <= set(SIGNS)
    assert not is_emoji("x" * 50)


LETTERS = st.characters(codec="utf-8", exclude_characters="\0")  # the inbox keeps no others
TEXTS = st.one_of(
    st.just(""),
    st.sampled_from(["oui", "1", "vous avez ça ?", "je veux 2 riz", "😂", "0"]),
    st.text(LETTERS, max_size=60),
)
MEDIA = st.builds(
    Media, st.sampled_from(["image", "audio", "video", "document", "sticker"]), st.text(LETTERS, max_size=9)
)
ANYTHING = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS,
        "media": st.lists(MEDIA, max_size=3).map(tuple),
        "location": st.builds(Location, st.floats(-90, 90), st.floats(-180, 180), TEXTS, TEXTS),
        "cards": st.lists(st.builds(Card, TEXTS, st.lists(TEXTS, max_size=2).map(tuple)), max_size=2).map(tuple),
        "cart": st.lists(st.builds(CartItem, TEXTS, st.integers(1, 10**8)), max_size=3).map(tuple),
        "reaction": st.builds(Reaction, TEXTS, st.sampled_from(["❤", "❤️", "👍", "", "x"])),
        "edits": st.sampled_from(["", "x"]),
        "deletes": st.sampled_from(["", "x"]),
        "unread": st.sampled_from(["", "order", "contacts", "poll", "reaction"]),
        "replied_to": TEXTS.map(lambda text: clean(text)),
    },
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=ANYTHING, way=st.sampled_from(sorted(WAYS)))
def test_any_message_whatsoever_makes_at_most_two_bubbles_and_orders_nothing(db, config, market, said, way):
    with db.connection.transaction(force_rollback=True):
        chat = Chat(db, config, "+22890000001")
        chat.goes(*WAYS[way])
        before = chat.db.value('select count(*) from "order"')
        is_plain_yes = not (set(said) - {"text"}) and way == "choose, the recap"

        chat.brings(**{**said, "text": clean(said.get("text", ""))})

        assert len(chat.bubbles) <= MOST_BUBBLES
        assert is_plain_yes or chat.db.value('select count(*) from "order"') == before or is_yes(said)


def is_yes(said):
    """A yes with something beside it is still one where nothing says that it is old or of another kind."""
    return (
        said.get("text") in ("oui", "1")
        and not said.get("edits")
        and not said.get("deletes")
        and not said.get("reaction")
    )


def clean(text):
    """As channels hand it over."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
