"""Turns beside an announcement: what is held against what."""

from collections import Counter
from types import SimpleNamespace

import pytest

from bench.announcing import BESIDE, FULL, QUIET, lines_of
from bench.load import Figures


def side(*rounds, told=90, wrong=()):
    quiet, busy = (
        [
            SimpleNamespace(figures=Figures(3.0, replied=[wait], kinds={"(announced)": told}, wrong=Counter(wrong)))
            for wait in waits
        ]
        for waits in zip(*rounds, strict=True)
    )
    return SimpleNamespace(stretches={QUIET: quiet, BESIDE: busy})


@pytest.mark.parametrize("within, is_met", [(0.040, True), (0.041, False)])
def test_the_wait_beside_an_announcement_is_held_against_the_wait_just_before(within, is_met):
    growth, waits, told, _ = lines_of(side((0.020, within)))

    assert (growth.ours, growth.bar, growth.is_met) == (pytest.approx(within / 0.020), "≤ 2", is_met)
    assert (waits.ours, waits.floor) == (pytest.approx(1000 * within), pytest.approx(20))
    assert told.ours == 30


def test_each_wait_is_held_against_that_of_its_own_round():
    growth, waits, *_ = lines_of(side((0.020, 0.060), (0.080, 0.080), (0.050, 0.075)))
    assert (growth.ours, growth.is_met) == (pytest.approx(1.5), True)
    assert (waits.ours, waits.floor) == (pytest.approx(75), pytest.approx(50))


def test_a_round_that_got_stuck_before_its_second_half_counts_for_nothing():
    run = side((0.020, 0.030), (0.020, 0.050))
    del run.stretches[BESIDE][1]
    growth, *_ = lines_of(run)
    assert growth.ours == pytest.approx(1.5)


def test_what_went_wrong_in_any_of_its_stretches_is_a_bar_of_its_own():
    run = side((0.020, 0.030), (0.020, 0.030), wrong=["no reply", "no buyer free"])
    run.stretches[FULL] = [SimpleNamespace(figures=Figures(wrong=Counter({"answer 503": 3})))]
    *_, line = lines_of(run)
    assert (line.name, line.ours, line.bar, line.is_met) == (
        "8 beside a broadcast: all that went wrong",
        11,
        "0",
        False,
    )
    *_, line = lines_of(side((0.020, 0.030)))
    assert (line.ours, line.is_met) == (0, True)
