"""Targets: what vendors type of their stock, of their promotions, and of when their shop is shut."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from base.day_words import read_day_hours, tells_day_hours
from base.hours import read_hours
from base.spelling import fold
from bot.dialogs.vendor.promo_words import LONGEST as LONGEST_PROMO
from bot.dialogs.vendor.promo_words import read_promo
from bot.dialogs.vendor.times import LONGEST, read_pause, read_time
from bot.own_names import found_in, tellings
from bot.understanding.bare_lines import read_bare_line
from bot.understanding.intents import INTENTS
from bot.understanding.lots import lines_of, read_lots
from bot.understanding.mixed import mixed
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.typed_numbers import SHARE, TIMES, loose_digits, tokens_of
from catalog.matching import OwnName
from tests.faults.fuzz.target import Target, text_of
from tests.faults.fuzz.words import MOST_AMOUNT, messages, said

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OPENING = read_hours({"mon": ["07:00-12:30", "15:00-19:00"], "sat": ["18:00-02:00"], "12-25": []})
NEVER = read_hours({})
NAMES = tuple(
    OwnName(name, is_group=False, is_variant="homme" in name)
    for name in (
        *("Cahier 200 pages", "Seau 15 L", "Seau", "Eau 1,5 L", "Eau 1,5 L, pack de 6", "Thé noir, 25 sachets", "Mil"),
        *("Baskets homme, 40", "Œufs, plateau de 30", "Bidon 5", "7 Up (33 cl)"),
    )
)
MOST_SAID = 99_999
SUREST = 0.95  # of a line; a vendor is asked again below it
FIGURES = ("quantity", "price")
MOST_SHARE = 999  # three digits


def play_stock(data):
    """Tokens in their order, each where it was typed; what a line says is typed in its own part, with sound figures."""
    text = text_of(data)
    check_tokens(text)
    assert all(any(map(str.isdigit, word)) for word in loose_digits(text))
    for one in read_stock_lines(text):
        heard = one.heard
        assert heard.intent in INTENTS["vendor"]
        assert 0 < heard.confidence <= SUREST
        assert all(0 <= heard.slots.get(name, 0) < MOST_AMOUNT for name in FIGURES)
        assert heard.slots.get("price") != 0
        assert heard.slots.get("unit") != ""
        if heard.intent != "undo" and "product" in heard.slots:
            product = heard.slots["product"].split()
            assert product
            assert all(word in one.typed for word in product)
            assert all(part in text for part in one.typed.split())
    check_lots(text)
    check_mixed(text)
    check_bare(text)


def check_bare(text):
    """A line by its shape is of goods as typed, and of so many."""
    for heard in read_bare_line(text, may_count=True):
        assert heard.intent in ("add_stock", "remove_stock", "set_stock")
        assert heard.slots["product"].split()
        assert all(word in text for word in heard.slots["product"].split())
        assert 0 <= heard.slots["quantity"] <= MOST_SAID


def play_names(data):
    """Names stand apart and in order; told plainly a text has the figures that are of no name, and those alone."""
    text = text_of(data)
    found = found_in(text, NAMES)
    places = [place for one in found for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    for told in tellings(text, found, ()):
        assert {fold(name) for name in told.names.values()} <= {fold(name.name) for name in NAMES}
        assert all(word in told.plain for word in told.names)
        in_names = "".join(text[one.start : one.end] for one in found)
        assert figures(told.plain) == figures(text) - figures(in_names)


def figures(text):
    """How many digits stand in a text."""
    return sum(map(str.isdigit, text))


def check_lots(text):
    """A lot is a promotion with sound figures, of goods as typed; of several goods one without."""
    for heard in read_lots(text):
        assert heard.intent == "promo"
        assert bool(heard.slots) == (len(lines_of(text)) == 1)
        assert all(word in text for word in heard.slots.get("product", "").split())
        assert 0 < heard.slots.get("price", 1) < MOST_AMOUNT


def check_mixed(text):
    """Both halves were typed; the one of stock reads line by line."""
    both = mixed(text)
    if both:
        assert both.rest
        assert all(read_stock_lines(line) for line in both.stock.split("\n"))
        assert all(part in text for half in (both.stock.split("\n"), both.rest.split(", ")) for part in half)


def check_tokens(text):
    """A short form may be two words in one place; no letter of a figure belongs to another token."""
    start = end = 0
    for one in tokens_of(text):
        assert start <= one.start < one.end <= len(text)
        assert one.start >= end or not one.is_figure
        assert one.kind
        assert 0 <= one.value < MOST_AMOUNT
        assert one.kind != SHARE or one.value <= MOST_SHARE
        assert one.kind != TIMES or any(map(str.isdigit, text[one.start : one.end]))
        start, end = one.start, one.end


def play_times(data):
    """A pause ends later than now and within its longest; a promotion tells its share, its price, or nothing."""
    text = text_of(data)
    for opening in (OPENING, NEVER):
        pause = read_pause(text, NOW, opening)
        assert pause is None or pause.ends is not None
        check_span(pause)
    check_span(read_time(text, NOW))
    check_day(text)
    wanted = read_promo(text, NOW)
    check_span(wanted.span)
    assert wanted.kind in (None, "percent", "price", "lot")
    assert not (wanted.is_all and wanted.product)
    assert (wanted.kind == "lot") == (wanted.quantity > 1)
    assert 0 <= wanted.value < (100 if wanted.kind == "percent" else MOST_AMOUNT)
    assert wanted.kind in (None, "percent") or wanted.value > 0
    assert all(word in text[:LONGEST_PROMO] for word in wanted.product.split())


def check_day(text):
    """Hours of a day are of today or later, and what they make of a day is spans in order, or nothing."""
    told = read_day_hours(text, NOW)
    assert (told is not None) <= tells_day_hours(text)
    for day in told.days() if told else ():
        assert NOW.date() <= day <= told.last
        for usual in (OPENING.on(day), NEVER.on(day), ((420, 750), (900, 1140))):
            spans = told.rule.applied(usual, usual)
            assert spans is None or all(opens < closes for opens, closes in spans)
            assert spans is None or all(one[1] <= other[0] for one, other in pairwise(spans))


def check_span(span):
    if span is None:
        return
    far = NOW + timedelta(days=LONGEST)
    assert span.begins is None or NOW < span.begins <= far
    if span.ends is not None:
        assert max(NOW, span.begins or NOW) < span.ends <= far


def stock_seeds():
    yield from messages("vendor*.txt")
    yield from 20 * said(
        "riz 10\nhuile 6\nsavon 0", "arrivage:\n- gari 40 bols\n- maïs 2 sacs a 17 500 F", "baskets 40:2 41:3",
        "vendu 2 savons et 3 pagnes", "non c 2000 pas 20000", "iphone 11 165k", "une douzaine d'oeufs 1 200f",
        "deux mille cinq cents le bol de mil", "+5 tomates; -2 oignons", "riz x12", "huile 1/2", "٣ sacs de riz",
        "savon 3 pour 1000", "les 2 pagnes 9 000 F; riz 2 pour 35 mil", "vendu 2 robes et le client de 4K7 a payé",
        "riz 20 puis je ferme à 18h, livraison agoe 1000",
        "qqn vient prendre d-1", "mettre 99887766 sur le riz", "quelqu’un a pris 3 pagnes",
    )  # fmt: skip


def times_seeds():
    return said(
        "promo riz 15000 jusqu'à dimanche", "-10% sur tout", "savon 3 pour 1000", "ferme 2 jours", "à partir de demain",
        "je reviens le 31", "fermé du 24/12 au 2/1", "jusqu'à 18h", "pendant 999 mois", "promo gari 1.5k ce weekend",
        "reprise lundi 8h30", "fermé le 29/02/2027", "fin promo gari fin", "l'huile à 900 f", "until tomorrow",
        "pause trois semaines", "je ferme à 17h aujourd'hui", "demain 9h-12h et 15h-18h", "fermé de 12h à 14h samedi",
        "le 24/12 ouvert jusqu'à 22h", "du 24 au 26 décembre 8h-12h", "demain comme d'habitude",
        "du 31 au 30", "le 99", "tout moins 5 pour cent jusqu’au 15", "demain 9h-18",
    )  # fmt: skip


def names_seeds():
    return said(
        "+3 Cahier 200 pages", "vendu 2 Eau 1,5 L, pack de 6", "seau 15L 4, mil 3\ncahiers 200 pages : 500",
        "baskets homme 40: 2, 41: 3", "3oeufs plateau de 30", "Cahier 200 pagse 20", "vendu Bidon 5", "bidon 5,5 l",
        "7 up (33 cl) 12", "prix the noir 25 sachets 900 f et 2 seaux 15 l",
    )  # fmt: skip


VENDORS = {
    "names": Target(play_names, names_seeds, ("bot/own_names.py",), 480, ("base.spelling",)),
    "stock": Target(
        play_stock,
        stock_seeds,
        (
            "bot/understanding/lots.py",
            "bot/understanding/mixed.py",
            "bot/understanding/stock_lines.py",
            "bot/understanding/stock_shapes.py",
            "bot/understanding/typed_numbers.py",
        ),
        1400,
        ("base.money", "base.spelling", "bot.understanding.quantities"),
    ),
    "times": Target(
        play_times,
        times_seeds,
        ("base/day_words.py", "bot/dialogs/vendor/promo_words.py", "bot/dialogs/vendor/times.py"),
        480,
        ("base.hours", "base.opening_words", "base.when"),
    ),
}
