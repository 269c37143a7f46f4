"""A message with slips, at any question and with any hat, writes nothing that the right one would not write there."""

import os
import sys
from random import Random

import pytest

from tests.journeys.conftest import stage_on
from tests.journeys.crossing import OF_HATS, Crossing, crossed, forbidden, is_given, messages, otherwise
from tests.journeys.play import Parted
from tests.journeys.test_journeys import ALL, channel_of, play, reports_of
from tests.seeds import seed_of
from tests.slips import mistyped

SEED = 20_210_816
# together they open a hundred questions of buyers, vendors and organizers, with the hats of each
OFTEN = (
    "a_first_order",
    "a_first_product",
    "a_helper_whose_right_is_taken",
    "a_promotion_begins_and_ends_on_time",
    "a_shop_is_closed_and_opened",
    "organizer_settles_what_waits",
    "vendor_keeps_stock_by_message",
    "vendor_serves_a_part_of_an_order",
)
A_QUESTION = 3  # messages that `make test` tries at each question
NAMES = ("Eau 1,5 L", "Eau 1,5 L, pack de 6", "Boisson gazeuse, casier", "Malt, canette")  # of the story's shop
GOODS = (
    "gari fin",
    "tapioca",
    "soja",
    "maïs blanc",
    "riz simple 25 kg",
    "mil",
)  # of the shop that takes small changes at once
SHAPES = ("+3 {}", "{} 20", "vendu 2 {}", "prix {} 2500", "rupture {}", "promo {} 300", "supprime {}", "{}")
SMALL = tuple(shape.format(name) for shape in ("+3 {}", "-2 {}", "vendu 2 {}", "{} 9") for name in GOODS)
IN_SOAK = int(os.environ.get("SOAK_CROSSED", "120"))  # and `make soak`


def chosen_by(seed, often):
    """So many messages of any hat for a question, each right and mistyped."""

    def chosen(state, hats, is_at_once):
        chance = Random(f"{seed} {state} {hats}")
        rights = [chance.choice(messages(chance.choice(list(OF_HATS)))) for _ in range(often)]
        rights += [chance.choice(SMALL) for _ in range(often)] if is_at_once else []
        return [(right, mistyped(right, chance)) for right in rights]

    return chosen


def cross(crossing, stories, ground, planted, redis_url, redis):
    """All questions that these stories open; prints what came of it."""
    for story in stories:
        channel = channel_of(story)
        with (
            stage_on(channel, ground, planted, redis_url, redis, callbacks=reports_of(story)) as (stage, wire),
            crossed(stage, crossing),
        ):
            try:
                play(story, stage, wire)
            except Parted as difference:
                crossing.parted[story] = str(difference)
    counts = crossing.counts
    sys.stdout.write(
        f"{len(crossing.met)} questions and hats, {counts['turns']} mistyped: {counts['asked']} were asked about,"
        f" {counts['wrote as meant']} wrote as the right ones do, {counts['chosen letter by letter']} chose letter by"
        f" letter, {len(crossing.wrong)} wrote wrongly\n"
    )
    sys.stdout.writelines(f"{one}\n" for one in crossing.wrong)
    return crossing


@pytest.mark.longest
def test_no_slip_writes_what_the_right_message_would_not(ground, planted, redis_url, redis):
    crossing = cross(Crossing(None, chosen_by(SEED, A_QUESTION)), OFTEN, ground, planted, redis_url, redis)
    assert (crossing.wrong, crossing.parted) == ([], {})
    assert len(crossing.met) >= 60
    assert {state.partition(".")[0] for state, *_ in crossing.met} == set(OF_HATS)
    assert crossing.counts["asked"] > crossing.counts["turns"] / 2


@pytest.mark.soak
def test_no_slip_writes_wrongly_at_any_question_of_any_story(ground, planted, redis_url, redis):
    told = [story for story in ALL if channel_of(story)]
    often = chosen_by(seed_of("CROSSING_SEED"), IN_SOAK)
    crossing = cross(Crossing(None, often), told, ground, planted, redis_url, redis)
    assert (crossing.wrong, crossing.parted) == ([], {})
    assert len(crossing.met) >= 240


def test_what_a_yes_writes_is_seen_and_left_again(ground, planted, redis_url, redis):
    crossing = Crossing(
        None, lambda state, hats, is_at_once: [("bonjour", "oui")] if state == "vendor.stock_preview" else []
    )
    cross(crossing, ["vendor_keeps_stock_by_message"], ground, planted, redis_url, redis)
    assert (crossing.wrong, crossing.parted) == ([], {})
    assert (crossing.counts["turns"], crossing.counts["chosen letter by letter"]) == (1, 1)


def test_no_slip_in_the_name_of_a_good_writes_what_the_right_name_would_not(ground, planted, redis_url, redis):
    chance = Random(SEED)
    lines = [shape.format(name) for shape in SHAPES for name in NAMES]
    slips = [(line, mistyped(line, chance)) for line in lines for _ in range(2)]
    crossing = Crossing(None, lambda state, hats, is_at_once: slips)
    cross(crossing, ["vendor_writes_names_with_figures"], ground, planted, redis_url, redis)
    assert (crossing.wrong, crossing.parted) == ([], {})
    assert {state for state, *_ in crossing.met} == {"vendor.menu", "vendor.stock_preview"}
    assert crossing.counts["turns"] == len(slips) * len(crossing.met)


def test_no_slip_in_a_small_change_that_is_done_at_once_moves_what_the_right_one_would_not(
    ground, planted, redis_url, redis
):
    chance = Random(SEED)
    slips = [(line, mistyped(line, chance)) for line in SMALL for _ in range(6)]
    crossing = Crossing(None, lambda state, hats, is_at_once: slips if is_at_once else [])
    cross(crossing, ["vendor_keeps_stock_by_message"], ground, planted, redis_url, redis)
    assert (crossing.wrong, crossing.parted) == ([], {})
    assert {state for state, _, is_at_once in crossing.met if is_at_once} == {"vendor.menu", "vendor.small"}
    assert (crossing.counts["moved by the right one"], crossing.counts["moved stock"]) == (216, 6)


def test_what_needs_a_yes_is_told_from_what_does_not():
    assert forbidden({"conversation:upd": 1, "adjustment:ins": 1, "basket_line:gone": 1}, has_written=False) == set()
    assert forbidden({"complaint:ins": 1, "order_history:ins": 1}, has_written=False) == set()
    assert forbidden({"order_history:ins": 1, "product:upd": 1}, has_written=False) == {
        "order_history:ins",
        "product:upd",
    }
    assert forbidden({"adjustment:upd": 1, "stock_movement:ins": 2}, has_written=True) == {
        "adjustment:upd",
        "stock_movement:ins",
        "step:writes",
    }


@pytest.mark.parametrize(
    ("slip", "did", "more"),
    [
        ("+3 gari fn", {(7, "receive", 3)}, set()),
        ("+3 gari fn", {(8, "receive", 3)}, {(8, "receive", 3)}),
        ("+3 gari fn", {(7, "receive", 2)}, {(7, "receive", 2)}),
        ("-3 gari fin", {(7, "remove", 3)}, {(7, "remove", 3)}),
        ("+4 gari fin", {(7, "receive", 4)}, set()),  # another amount was typed
        ("+4 gari fn", {(8, "receive", 4)}, {(8, "receive")}),
        ("+3 gar", set(), set()),
    ],
)
def test_stock_that_moves_otherwise_is_told_by_good_reason_and_units(slip, did, more):
    assert otherwise({(7, "receive", 3)}, did, "+3 gari fin", slip) == more


@pytest.mark.parametrize(
    ("text", "is_yes"), [("1", True), ("01.", True), ("oui", True), ("Oui", True), ("pui", False), ("3", False)]
)
def test_a_yes_is_given_letter_by_letter_or_not_at_all(text, is_yes):
    document = {"session": {"state": "vendor.stock_preview", "menu": [[1, "Oui", "yes"], [2, "Non", "no"]]}}
    assert is_given(document, "vendor.stock_preview", text) is is_yes
