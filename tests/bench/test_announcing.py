"""Turns beside an announcement: what is held against what."""

from types import SimpleNamespace

import pytest

from bench.announcing import BESIDE, lines_of
from bench.load import Figures


def side(without, within, told=90):
    stretches = {
        "quiet": [SimpleNamespace(figures=Figures(seconds=3.0, replied=without))],
        BESIDE: [SimpleNamespace(figures=Figures(seconds=3.0, replied=within, kinds={"(announced)": told}))],
    }
    return SimpleNamespace(stretches=stretches)


@pytest.mark.parametrize("within, is_met", [(0.040, True), (0.041, False)])
def test_the_wait_beside_an_announcement_is_held_against_the_wait_just_before(within, is_met):
    growth, waits, told = lines_of(side([0.020], [within]))

    assert (growth.ours, growth.bar, growth.is_met) == (pytest.approx(within / 0.020), "≤ 2", is_met)
    assert (waits.ours, waits.floor) == (pytest.approx(1000 * within), pytest.approx(20))
    assert told.ours == 30
