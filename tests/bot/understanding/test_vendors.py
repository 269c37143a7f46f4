"""What vendors write about their goods: intents, slots, several commands in one message, and no wrong write."""

import json
import random
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import Heard
from bot.understanding import INTENTS, understand
from bot.understanding.hearing import OF_THE_WEEK
from bot.understanding.lots import MaybeLot, maybe_lot
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.telling import told
from bot.understanding.tidying import tidied
from tests.learning.tables import TABLES
from tests.slips import mistyped

HERE = Path(__file__).parent
NINE = datetime(2026, 11, 26, 9, tzinfo=UTC)
BARS = {"vendors_market.txt": (0.97, 0.95, 0.1), "vendors_unseen.txt": (0.95, 0.93, 0.1)}
"""Least shares right of intents, of slots where the intent is, and the most asked about: of the market's own messages,
and of another hand's that nobody looked at when phrases and examples were written."""
ACTS, SURE = 0.6, 0.9
WRITES = frozenset(
    "set_stock add_stock remove_stock out_of_stock back_in_stock set_price add_product delete_product hide promo"
    " set_zone several".split()
)
SEED = 20_210_816
EDITED = {"vendors_market.txt": 10, "eating_houses.txt": 2}  # ways each message of a table is mistyped
MORE = 8  # times as many in `make soak`


def table(name):
    """Messages with their intent and slots; an intent `several` has parts."""
    path = HERE / name if (HERE / name).exists() else TABLES / "vendor" / name
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    rows = [line.rsplit(" | ", 2) for line in lines]
    return [(message.replace("\\n", "\n"), intent, json.loads(slots)) for message, intent, slots in rows]


def heard(message):
    """A reading as programs get it: intent, slots or parts, confidence."""
    read = told(understand("vendor", message, NINE))
    return read["intent"], read.get("slots", {"parts": read.get("parts")}), read["confidence"]


def plain(slots):
    """Slots without capitals, what was not said, and the market's mark before a code."""
    if isinstance(slots, dict):
        kept = {name: plain(value) for name, value in slots.items() if value is not None}
        return {**kept, **({"order": kept["order"].removeprefix("tg-")} if "order" in kept else {})}
    if isinstance(slots, list):
        return [plain(one) for one in slots]
    return slots.casefold() if isinstance(slots, str) else slots


@pytest.mark.parametrize("name", BARS)
def test_what_vendors_write_is_heard_right(name):
    rows, (least_intents, least_slots, most_asked) = table(name), BARS[name]
    read = [(intent, slots, heard(message)) for message, intent, slots in rows]
    right = [(slots, found[1]) for intent, slots, found in read if found[0] in intent.split("/")]
    same = [slots for slots, found in right if plain(slots) == plain(found)]
    asked = [intent for intent, _, found in read if intent != "unknown" and found[2] < ACTS]
    shares = (len(right) / len(rows), len(same) / len(right), len(asked) / len(rows))
    assert shares[0] >= least_intents
    assert shares[1] >= least_slots
    assert shares[2] <= most_asked


@pytest.mark.parametrize("name", BARS)
def test_nothing_wrong_is_written_for_sure(name):
    read = [(intent, slots, heard(message)) for message, intent, slots in table(name)]
    wrong = sum(
        1
        for intent, slots, found in read
        if found[2] >= SURE
        and found[0] in WRITES
        and (found[0] not in intent.split("/") or plain(found[1]) != plain(slots))
    )
    assert wrong == 0


def figures_typed(message):
    """The digits of a message as counted, in no order: `2k5` and `18 mil` written out, dozens counted, bullets left."""
    bare = re.sub(r"(?m)^\s*\(?\d{1,2}\s?[.)](?=\s*[^\W\d])", "", message.casefold())
    bare = re.sub(r"(\d+)\s?(?:k|mil)(\d)(?!\d)", lambda found: f"{found[1]}{found[2]}00", bare)
    bare = re.sub(r"(\d+)[.,](\d)\s?(?:k|mil)\b", lambda found: f"{found[1]}{found[2]}00", bare)
    bare = re.sub(r"(\d+)\s?(?:k|mil|mille)\b", lambda found: f"{found[1]}000", bare)
    bare = re.sub(r"(\d+)\s?douzaines?\b", lambda found: str(int(found[1]) * 12), bare)
    return Counter(filter(str.isdigit, bare))


def figures_read(parts):
    """The digits of the slots of a message's parts; goods that two parts share count once."""
    shared = {(name, str(value)) for part in parts for name, value in part.slots.items() if name == "product"}
    own = [str(value) for part in parts for name, value in part.slots.items() if name not in ("product", "until")]
    return Counter(letter for value in [*own, *(value for _, value in shared)] for letter in value if letter.isdigit())


@pytest.mark.parametrize("times", [1, pytest.param(MORE, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", EDITED)
def test_a_figure_that_was_mistyped_is_never_read_for_sure_as_another(name, times):
    chance = random.Random(SEED)
    tried = [mistyped(message, chance) for message, _, _ in table(name) for _ in range(EDITED[name] * times)]
    asked, wrong, sure = 0, [], 0
    for message in tried:
        parts = understand("vendor", message, NINE)
        confidence = min((part.confidence for part in parts), default=0.0)
        asked += confidence < ACTS
        if confidence >= SURE and any(part.intent in WRITES for part in parts):
            sure += 1
            if figures_typed(message) != figures_read(parts):
                wrong.append((message, [(part.intent, dict(part.slots)) for part in parts]))
    sys.stdout.write(f"{len(tried)} mistyped: {asked} asked about, {sure} read for sure, {len(wrong)} wrong\n")
    assert wrong == []
    assert sure > len(tried) / 200


@pytest.mark.parametrize(
    "message, parts",
    [
        ("riz 20", [("set_stock", {"product": "riz", "quantity": 20})]),
        ("Riz parfumé : 20 sacs", [("set_stock", {"product": "Riz parfumé", "quantity": 20, "unit": "sac"})]),
        ("tomate 5 kg", [("set_stock", {"product": "tomate", "quantity": 5, "unit": "kg"})]),
        ("une douzaine d'oeufs vendue", [("remove_stock", {"product": "oeufs", "quantity": 12})]),
        ("vandu 3 robes", [("remove_stock", {"product": "robes", "quantity": 3})]),
        ("stock gari + 25", [("add_stock", {"product": "gari", "quantity": 25})]),
        ("iphone 11 165k", [("set_price", {"product": "iphone 11", "price": 165000})]),
        ("tissage 2k5", [("set_price", {"product": "tissage", "price": 2500})]),
        ("gari: 350", [("set_price", {"product": "gari", "price": 350})]),
        ("gari: 35", [("set_stock", {"product": "gari", "quantity": 35})]),
        ("le sac de riz est à 17500", [("set_price", {"product": "riz", "price": 17500})]),
        (
            "arrivage :\nriz 10\ngari 5",
            [("add_stock", {"product": "riz", "quantity": 10}), ("add_stock", {"product": "gari", "quantity": 5})],
        ),
        (
            "vendu 3 robes et 2 sacs à dos",
            [
                ("remove_stock", {"product": "robes", "quantity": 3}),
                ("remove_stock", {"product": "sacs à dos", "quantity": 2}),
            ],
        ),
        (
            "new item: bamboo lamp 12000, 4 pcs",
            [("add_product", {"product": "bamboo lamp", "price": 12000, "quantity": 4})],
        ),
    ],
)
def test_a_stock_line_sets_changes_or_prices(message, parts):
    assert [(one.heard.intent, dict(one.heard.slots)) for one in read_stock_lines(message)] == parts


@pytest.mark.parametrize("message", ["savon 250", "sucre 40 900", "jai recu 30 pagnes a 6500", "savon 5 cartons de 24"])
def test_what_may_be_a_price_or_a_count_is_never_sure(message):
    assert 0 < min(part.confidence for part in understand("vendor", message)) < SURE


@pytest.mark.parametrize(
    "message", ["", "riz", "1/2 sac de riz", "riz 12 à 14", "2,5 kg de riz", "livraison demain", "20"]
)
def test_what_is_no_stock_line_is_left_to_phrases_and_guesses(message):
    assert read_stock_lines(message) == ()


def test_orders_of_one_message_are_told_one_by_one():
    assert [(h.intent, h.slots) for h in understand("vendor", "K4P7T est prêt et W3X8N aussi")] == [
        ("ready", {"order": "K4P7T"}),
        ("ready", {"order": "W3X8N"}),
    ]


@pytest.mark.parametrize("message", ["7HQ2K et 6PL4V sont prêts", "sont prêts : 7HQ2K, 6PL4V", "prêt 7HQ2K et 6PL4V"])
def test_what_is_said_of_several_orders_is_said_of_each(message):
    heard = understand("vendor", message)
    assert [(h.intent, h.slots) for h in heard] == [("ready", {"order": "7HQ2K"}), ("ready", {"order": "6PL4V"})]


def test_the_unit_of_a_movement_is_for_the_dialog_alone():
    heard = understand("vendor", "jai recu 30 sacs de riz")
    assert [(h.intent, h.slots) for h in heard] == [("add_stock", {"product": "riz", "quantity": 30, "unit": "sac"})]
    assert told(heard)["slots"] == {"product": "riz", "quantity": 30}


@pytest.mark.parametrize(
    "message, intent, slots",
    [
        ("promo savon 3 pour 1000", "promo", {"product": "savon", "price": 1000}),
        ("savon 2 pour 500", "promo", {"product": "savon", "price": 500}),
        ("2 savons pour 500 svp", "promo", {"product": "savons", "price": 500}),
        ("les 3 savons 1000", "promo", {"product": "savons", "price": 1000}),
        ("savon 1000 les 3", "promo", {"product": "savon", "price": 1000}),
        ("savon 2 pour 500\nriz 3 pour 50000", "promo", {}),
        ("baisse le savon de 10%", "promo", {"product": "savon", "percent": 10}),
        ("augmente tout les prix de 10%", "set_price", {"is_all": True, "percent": 10}),
        ("riz bientôt fini", "set_stock", {"product": "riz"}),
        ("svp le riz va finir", "set_stock", {"product": "riz"}),
        ("il reste peu de riz", "set_stock", {"product": "riz"}),
        ("bientot plus de savon noir", "set_stock", {"product": "savon noir"}),
        ("vendu 2 savons pour 500", "remove_stock", {"product": "savons", "quantity": 2}),
        (
            "riz 20 sacs pour 17500",
            "several",
            {
                "parts": [
                    {"intent": "set_stock", "slots": {"product": "riz", "quantity": 20, "unit": "sac"}},
                    {"intent": "set_price", "slots": {"product": "riz", "price": 17500}},
                ]
            },
        ),
        ("mil 30", "set_stock", {"product": "mil", "quantity": 30}),
        ("sésame blanc vingt-cinq bols", "set_stock", {"product": "sésame blanc", "quantity": 25, "unit": "bol"}),
        ("vendu demi douzaine de serrures", "remove_stock", {"product": "serrures", "quantity": 6}),
        ("tissage neuf paquets", "set_stock", {"product": "tissage", "quantity": 9, "unit": "paquet"}),
        ("- 4 serviettes", "remove_stock", {"product": "serviettes", "quantity": 4}),
        ("closed until monday", "pause", {"until": "2026-11-30"}),
        ("colis 7HQ2K chez LK, récépissé 7714", "handed_over", {"order": "7HQ2K", "carrier": "LK", "receipt": "7714"}),
    ],
)
def test_slots_are_read_where_they_stand(message, intent, slots):
    assert heard(message)[:2] == (intent, slots)


@pytest.mark.parametrize("message", ["peut-être", "peut etre", "ptet", "on verra", "je ne sais pas", "attends un peu"])
def test_who_hesitates_says_neither_yes_nor_no_nor_anything_else(message):
    assert heard(message)[0] == "unknown" or heard(message)[2] < ACTS


@pytest.mark.parametrize(
    ("message", "denied"),
    [("non c'est 2", {}), ("non c'était 2", {}), ("erreur c'est 2 pas 3", {"denied": 3}), ("pardon mets 2", {})],
)
def test_a_count_that_is_put_right_takes_the_last_one_back(message, denied):
    assert [(h.intent, h.slots) for h in understand("vendor", message)] == [
        ("undo", denied),
        ("set_stock", {"quantity": 2}),
    ]


@pytest.mark.parametrize("message", ["prix gros 250 detail 300", "a partir de 10 c 900"])
def test_prices_of_many_at_once_are_never_read_for_sure(message):
    assert all(part.confidence < SURE for part in understand("vendor", message))


def test_a_shop_is_shut_until_a_day():
    assert understand("vendor", "je ferme jusqu'à lundi", NINE) == (Heard("pause", {"until": "2026-11-30"}, 0.95),)


@given(st.text(max_size=200))
@example("LE:PROGRAMME")
def test_any_text_at_all_is_read_or_not(text):
    known = OF_THE_WEEK.union(INTENTS["vendor"])
    assert all(part.intent in known for part in understand("vendor", text))


WORDS = "riz gari 2 12 500 x3 25kg 18mil + - : ( ) , \n vendu recu prix fini et à 40:2 % 1/2 douzaine 0 017".split(" ")


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_pile_of_stock_words_gives_whole_figures(words):
    for part in understand("vendor", " ".join(words)):
        assert all(isinstance(part.slots.get(name, 0), int) for name in ("quantity", "price", "percent"))
        assert part.slots.get("quantity", 0) >= 0


def test_a_vendors_message_takes_less_than_five_milliseconds():
    messages = [message for name in BARS for message, _, _ in table(name)]
    understand("vendor", "ne rien dire que personne n'entende")
    started = thread_time()
    for message in messages:
        understand("vendor", message, NINE)
    assert (thread_time() - started) / len(messages) < 0.005


@pytest.mark.parametrize(
    ("text", "lot"),
    [
        ("mangue 3 a 200", MaybeLot("mangue", 3, 200)),
        ("mangue 3 à 200 f", MaybeLot("mangue", 3, 200)),
        ("3 mangues 200", MaybeLot("mangues", 3, 200)),
        ("3x1000 savon", MaybeLot("savon", 3, 1000)),
        ("savon 3 x 1000", MaybeLot("savon", 3, 1000)),
        ("savon x3 1000", None),
        ("savon 3 pour 1000", None),
        ("vendu 3 savons a 500", None),
        ("pagne 3 a 6500", None),
        ("savon 20 a 500", None),
        ("iphone 11 a 500", None),
        ("3 cartons 1200", None),
        ("mangue 3 a 200\nsavon 3 a 500", None),
        ("savon 40", None),
        ("", None),
    ],
)
def test_units_and_an_amount_that_may_be_what_all_or_each_of_them_cost(text, lot):
    assert maybe_lot(text) == lot


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("riz 17500x20", "riz 17500 x20"),
        ("riz 17500 X 20", "riz 17500 x20"),
        ("riz 20x17500", "riz x20 17500"),
        ("3x1000 savon", "savon x3 1000"),
        ("3x1000 savon et 5 riz", "savon x3 1000 et 5 riz"),
        ("riz 5, 3x1000 savon", "riz 5, savon x3 1000"),
        ("nappe 200x90 et riz 5", "nappe 200x90 et riz 5"),
        ("riz 17500x20, huile 1200*15", "riz 17500 x20, huile 1200 x15"),
        ("matelas 200x90", "matelas 200x90"),
        ("matelas 190x140 3", "matelas 190x140 3"),
        ("boite 10x20x30", "boite 10x20x30"),
        ("savon 5x12", "savon 5x12"),
    ],
)
def test_a_price_times_units_is_parted_and_measures_are_not(text, read):
    assert tidied(text) == read
