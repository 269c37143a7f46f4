"""Targets: what people type, and the ids of what they tap."""

import re
from pathlib import Path

from base import phones, places, spelling
from base.disguised import without_disguised
from base.money import format_amount, format_short, read_amount
from base.secret import Secret
from bot import order_words, shop_words
from bot.dialogs.booking import read_rating
from bot.dialogs.buyer.readers import read_where, read_who
from bot.dialogs.means import number_of
from bot.dialogs.organizer.presence import read_arrival
from bot.dialogs.readers import read_quantity, read_quantity_or_none
from bot.dialogs.vendor.dialog import VENDOR
from bot.dialogs.vendor.shop import read_count
from bot.messages import Identity, Incoming, Sender
from bot.readings import number_typed, read_command
from bot.stopping import stopped
from bot.taps import Tap, read_tap, write_tap
from bot.understanding import INTENTS, bare_words, understand
from bot.understanding.hearing import OF_THE_WEEK
from bot.understanding.quantities import MOST_COUNTED
from bot.understanding.slots import REFUSED_AT_DOOR
from bot.understanding.tidying import tidied
from catalog import links
from events.codes import code_of, letters_under, read_letters
from orders.codes import Codes, read_code, read_prefix
from tests.faults.fuzz.target import Target, text_of

HIDDEN = "•••"
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MOST_AMOUNT = 10**12  # F CFA
NAMED = {"product", "order", "place"}  # one of them in each of a vendor's several parts
OURS = {"reason": REFUSED_AT_DOOR}  # what is heard in other words than were typed
AWA = Sender((Identity("phone", "+22890123456"),))
TABLES = Path(__file__).parents[2] / "bot" / "understanding"
CODES = Codes(Secret("a key for tests only"))
LETTERS = letters_under(Secret("a key for tests only"))


def said(*texts):
    return [text.encode() for text in texts]


def messages(tables="*.txt"):
    """The messages of the tables that understanding is held to."""
    for table in sorted(TABLES.glob(tables)):
        lines = table.read_text("utf-8").splitlines()
        for line in lines:
            if line and not line.startswith("#"):
                yield line.rpartition(" | ")[0].replace("\\n", "\n").encode()


def play_phone(data):
    """Each number is E.164, is read again in the form that is shown, and its mask hides the middle."""
    text = text_of(data)
    numbers = phones.read_phones(text)
    assert phones.read_phone(text) == next(iter(numbers), None)
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert E164.fullmatch(number)
        assert phones.read_phones(number) == [number]
        assert phones.read_phones(phones.format_phone(number)) == [number]
        assert sum(map(str.isdigit, phones.mask(number))) <= 4
        assert (phones.guess_wallet(number) is not None) == phones.is_togo_mobile(number)


def play_amount(data):
    """Whole F CFA, read again in both forms that are printed."""
    amount = read_amount(text_of(data))
    if amount is not None:
        assert type(amount) is int
        assert 0 <= amount < MOST_AMOUNT
        assert read_amount(format_amount(amount)) == amount
        assert read_amount(format_short(amount)) == amount


def play_place(data):
    """Known places only, one or a few to ask about; what is left was typed."""
    text = text_of(data)
    found = places.find_places(text)
    assert len(found.candidates) <= 3
    assert (found.exact is not None) <= (found.candidates == (found.exact,))
    assert all(places.place(one.slug) is one for one in found.candidates)
    typed = iter("".join(text.split()))
    assert all(letter in typed for letter in "".join(found.rest.split()))


def play_spelling(data):
    """Folded once is folded; words lie where they were typed; a message is never only politeness."""
    text = text_of(data)
    folded = spelling.fold(text)
    assert spelling.fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert folded == folded.casefold()
    end = 0
    for word in spelling.spelled(text):
        assert word.normal
        assert word.normal == spelling.fold(word.normal)
        assert 0 <= word.start < word.end <= len(text)
        assert word.end >= end
        end = word.end
    normal = spelling.normalise(text).split()
    kept = spelling.without_politeness(normal)
    assert bool(kept) == bool(normal)
    assert [normal[place] for place in spelling.kept_places(normal)] == list(kept)


def play_understanding(data):
    """For each role: intents of its own, words as they were typed, sound figures."""
    text = text_of(data)
    for role in INTENTS:
        found = understand(role, text)
        for heard in found:
            assert heard.intent in INTENTS[role] or (role == "vendor" and heard.intent in OF_THE_WEEK)
            assert 0 < heard.confidence <= 1
            check_slots(heard.slots, text, least=0 if heard.intent == "set_stock" else 1)
        if role == "vendor":
            check_commands(found, text)
    assert unspaced(bare_words(text)) in unspaced(text)


def play_link(data):
    """A link names a row, is written as it was read, and leaves words that were there."""
    text = text_of(data)
    found = links.read(text)
    assert set(found.rest) <= set(text) | {" "}
    if found.link:
        assert (found.link.id > 0) == (found.link.kind != "market")
        assert len(found.link.word) <= links.LONGEST_WORD
        assert links.read(str(found.link)) == links.Read(found.link, "")


def unspaced(text):
    """The letters without any blank; a half is a word, and each times sign an x."""
    return "".join(re.sub("[*×]", "x", text.replace("1/2", "demi")).split())


def as_typed(text):
    """The words without their blanks; a half is read as a word, and an x belongs to its figure."""
    return " ".join(re.sub(r"\bx (?=\d)", "x", re.sub(r"\b1/2 ", "demi ", text), flags=re.IGNORECASE).split())


def are_pieces_of(typed, words, most=3):
    """Whether words stand in a text in few pieces: sizes that were typed elsewhere go behind their product."""
    pieces = [count for count in range(len(words), 0, -1) if " ".join(words[:count]) in typed]
    return not words or (most > 0 and bool(pieces) and are_pieces_of(typed, words[pieces[0] :], most - 1))


def check_commands(found, text):
    """Of a vendor's several parts each names what it is about, and their goods stand in the order they were typed."""
    if len(found) < 2:
        return
    typed, place = as_typed(text), 0
    for heard in found:
        assert heard.slots.keys() & NAMED or found[0].intent == "undo"
        assert heard.confidence < 1
        product = heard.slots.get("product") or ""
        if product in typed:
            place = typed.find(product, place)
            assert place >= 0


def check_slots(slots, text, least=1):
    with_times = re.sub(r" ?[*×] ?(?=\d)", " x", text)
    typed = " ".join((as_typed(text), as_typed(with_times), *text.split(), *tidied(text).split()))
    items = [slots, *slots.get("items", ())]
    for item in items:
        assert item.get("quantity") is None or least <= item["quantity"] <= MOST_COUNTED
        assert are_pieces_of(typed, (item.get("product") or "").split())
        assert item.get("unit") != ""
    if len(slots.get("items", ())) == 1:
        assert {key: slots[key] for key in slots["items"][0]} == slots["items"][0]
    for name in ("place", "reason", "carrier", "receipt"):
        assert name not in slots or slots[name] in typed or slots[name] == OURS.get(name)
    least, most = slots.get("min_price", 0), slots.get("max_price", MOST_AMOUNT)
    assert 0 <= least < most <= MOST_AMOUNT
    assert re.fullmatch(r"[0-9A-Z]{3,5}", slots.get("order", "TG4K"))


def play_answer(data):
    """The exact readers of answers: a menu's number, a command, a quantity, a count, a name with a phone."""
    message = Incoming("m1", AWA, text_of(data))
    assert number_typed(message.text) in (None, *range(1, 100))
    command = read_command(VENDOR.commands, message.text)
    assert command is None or command.state in VENDOR.commands.values()
    assert command is None or re.fullmatch(r"(?:(?:[0-9][0-9A-Z]{0,7}|A[0-9]{1,3})(?: |$))*", command.codes)
    orders = order_words.hear(message.text)
    of_shop = shop_words.hear(message.text)
    assert len(orders) < 2
    assert len(of_shop) < 2
    assert all(one.intent in VENDOR.hears for one in (*orders, *of_shop))
    assert all(one.slots.get("phone") in (None, phones.read_phone(message.text)) for one in of_shop)
    assert all(re.fullmatch(r"[2-9][0-9A-Z]{2,4}", one.slots.get("order", "4K7")) for one in orders)
    quantity, counted = read_quantity(message), read_quantity_or_none(message)
    assert quantity is None or 0 < quantity <= MOST_COUNTED
    assert quantity == (counted or None)
    count = read_count(message)
    assert count is None or 0 <= count < MOST_AMOUNT
    assert 0 <= number_of(message.text) < 1 << 63
    where, who = read_where(message), read_who(message)
    assert where is None or 0 < len(where["words"]) <= 300
    assert who is None or "phone" not in who or E164.fullmatch(who["phone"])
    assert who is None or len(who.get("name", "a phone").strip()) >= 2
    assert who is None or who.keys() & {"name", "phone"}
    assert who is None or who.get("phone") == phones.read_phone(message.text)


def play_code(data):
    """A code is that of exactly one order, is read again as it is written, and begins with each of its prefixes."""
    text = text_of(data)
    code, prefix = read_code(text), read_prefix(text)
    if code is not None:
        assert prefix == code
        assert read_code(code) == code
        assert CODES.code_of(CODES.id_of(code)) == code
    if prefix is not None:
        assert read_prefix(prefix) == prefix
    if len(text) <= 20:
        order_id = CODES.id_of(text)
        assert order_id is None or CODES.code_of(order_id).removeprefix("TG-") == text.removeprefix("TG-")


def play_booking(data):
    """A booking's letters are those of exactly one number; a mark is 1 to 5; what is no code is none at the door."""
    message = Incoming("m1", AWA, text_of(data))
    letters = read_letters(message.text)
    for one in letters:
        assert LETTERS.of(LETTERS.number_of(one)) == one
        assert read_letters(one)[0] == one
        assert one in read_letters(code_of(3, one))
    assert read_rating(message) in (None, 1, 2, 3, 4, 5)
    arrived = read_arrival(message)
    assert arrived is None or read_letters(arrived)


def play_tap(data):
    """What is read as a tap of ours is written again as just this id."""
    text = text_of(data)
    tap = read_tap(text)
    if tap is not None:
        assert write_tap(tap) == text
        assert text.isascii()


def tap_seeds():
    taps = (
        Tap("buyer", "browse", "12", 339, 29_000_000),
        Tap("vendor", "order", "", 0, 0, True),
        Tap("buyer", "confirm", "yes", 1 << 62, 29_000_000),
        Tap("buyer", "list", "+3.0.27", 36**12, 1),
    )
    return [write_tap(tap).encode() for tap in taps]


def play_hidden(data):
    """What is not hidden stays, letter by letter and in its order; whatever it is, it is looked at."""
    text = text_of(data).replace(HIDDEN, "")
    shown = without_disguised(text, HIDDEN)
    at = 0
    for piece in shown.split(HIDDEN):
        found = text.find(piece, at)
        assert found >= at
        at = found + len(piece)
    assert (shown == text) == (HIDDEN not in shown)
    assert stopped(text) in (None, "payment", "code")


WORDS = {
    "hidden": Target(
        play_hidden,
        lambda: said(
            "quatre-vingt-dix douze trente quatre cinquante six",
            "neuf zéro 12 l4 cinq6",
            "soixante et onze, 00 228 9O",
            "donne le c.o.d.e *145*1*9#",
        ),
        ("base/disguised.py",),
        256,
    ),
    "phone": Target(
        play_phone,
        lambda: said(
            "90 12 34 56",
            "(+228) 90123456 ou 9O 12 34 57",
            "+33 6 12 34 56 78",
            "00 228 90-12-34-56",
            "wa.me/22890123456",
            "9Ol23456",
            "+1 (202) 456-1111",
            "+54 9 11 2345-6789",
            "+390612345678",
        ),
        ("base/phones.py",),
        256,
    ),
    "amount": Target(
        play_amount,
        lambda: said(
            "2 mille 5",
            "500 500",
            "1 500 F CFA",
            "c'est 2.5k le kilo",
            "deux millions cinq cent mille",
            "25 000 frs svp",
            "1M",
            "3 million 200 mille",
            "٣ mille",
            "²k",
            "million",
            "mille mille",
        ),
        ("base/money.py",),
        96,
    ),
    "place": Target(
        play_place,
        lambda: said(
            "je suis à Bè-Kpota, derrière la pharmacie",
            "agoe nyive",
            "Tokoin hopital von 3",
            "adidogomé",
            "klikame",
            "kégué carrefour",
            "vers Baguida plage svp",
            "be be be",
            "lome",
        ),
        ("base/places.py",),
        480,
    ),
    "spelling": Target(
        play_spelling, lambda: [*messages(), *said("œœœ ƒɖ", "½ ﷺ İ ẞ ͅ", "ya k 5k svp oh")], ("base/spelling.py",), 512
    ),
    "understanding": Target(
        play_understanding,
        messages,
        (
            "bot/understanding/buyer_asking.py",
            "bot/understanding/free_prices.py",
            "bot/understanding/goods.py",
            "bot/understanding/hearing.py",
            "bot/understanding/organizer_filling.py",
            "bot/understanding/organizer_likely.py",
            "bot/understanding/quantities.py",
            "bot/understanding/reason_shapes.py",
            "bot/understanding/sizes_in_row.py",
            "bot/understanding/slots.py",
            "bot/understanding/vendor_hearing.py",
            "bot/understanding/workshop_shapes.py",
        ),
        1400,
        ("base.spelling", "base.money", "bot.understanding"),
    ),
    "answer": Target(
        play_answer,
        lambda: [
            *messages(),
            *said(
                "le 2",
                "2️⃣",
                "A 4K7",
                "R 4K7 plus de riz",
                "client absent 4K7",
                "livré TG-4K7P2 1234",
                "une douzaine",
                "12 500",
                "zéro",
                "Mensah Afi 90123456",
                "lui",
                "x3",
                "²",
                "deux douzaines",
                "446VR le savon est fini",
                "ma boutique est ouverte demain ?",
                "ajoute mon aide 90 12 34 56",
            ),
        ],
        (
            "bot/dialogs/buyer/naming.py",
            "bot/dialogs/buyer/readers.py",
            "bot/dialogs/readers.py",
            "bot/order_words.py",
            "bot/readings.py",
            "bot/shop_words.py",
        ),
        320,
        ("base.phones", "bot.understanding.quantities"),
    ),
    "code": Target(
        play_code, lambda: said("TG-4K7P2", "tg 4k7p2", "4k7", "# 4K7-P2x", "TG-22222222"), ("orders/codes.py",), 64
    ),
    "booking": Target(
        play_booking,
        lambda: said(
            "A3-7K4Q", "a3 7k4q", "7k4q", "A37K4Q", "A3-22222222", "4/5", "4 étoiles", "⭐⭐⭐", "cinq", "1 ou 2"
        ),
        ("events/codes.py",),
        64,
    ),
    "link": Target(
        play_link,
        lambda: said(
            *("P4SK", "p4sk-Affiche", "Bonjour, je viens pour Riz parfumé 25 kg (P4SK-affiche)", "2 svp [ P4SK ]"),
            *(str(links.Link("shop", 7, "radio")), str(links.Link("market", links.THE_MARKET)), "(P4SX) (P4SK"),
        ),
        ("catalog/links.py",),
        1400,
    ),
    "tap": Target(play_tap, tap_seeds, ("bot/taps.py",), 256),
}
