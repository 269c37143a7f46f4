"""Memory over many turns: what grows is told from what is flat, and from what a process reads while it warms."""

import math

import pytest
from click.testing import CliRunner

from bench import lasting
from bench.lasting import JUDGED, WARMED, Sample, growth, lines_of, notes_of


def samples(*memory, each=100_000):
    return [
        Sample(each * place, {"web": 100.0, "worker": held}, {"web": 90.0, "worker": held - 10})
        for place, held in enumerate(memory)
    ]


@pytest.mark.parametrize(
    "memory, grown",
    [
        ([90, 110, 120, 120, 120], 0.0),
        ([90, 110, 120, 121, 122], 1.0),
        ([90, 110, 122, 121, 120], -1.0),
        ([90, 110, 120, 130, 120], 0.0),
    ],
)
def test_a_growth_is_that_of_the_whole_run_once_it_is_warm(memory, grown):
    assert growth(samples(*memory), "worker") == pytest.approx(grown)


def test_what_others_share_of_it_is_no_growth():
    shared = [Sample(100_000 * place, {"worker": 100.0 + place}, {"worker": 90.0}) for place in range(5)]
    assert growth(shared, "worker") == 0.0


def verdicts(run, wrong=()):
    return {line.name: line.is_met for line in lines_of(run, dict(wrong))}


@pytest.mark.parametrize(
    "memory, met",
    [
        ([90, 110, 120, 120, 120.2], [True, True]),
        ([90, 110, 120, 122, 124], [True, False]),
        ([90, 110, 150, 150, 150.1], [False, True]),
    ],
)
def test_a_worker_is_small_and_flat_or_it_is_said(memory, met):
    assert verdicts(samples(*memory)) == {
        "memory of web at the end": None,
        "growth of web's own memory in 100,000 turns": True,
        "memory of worker at the end": met[0],
        "growth of worker's own memory in 100,000 turns": met[1],
        "turns: all that went wrong": True,
    }


def test_a_run_that_is_too_short_says_so_and_judges_no_growth():
    short, long = samples(90, 110, 120, 140), samples(90, 110, 120, 120, 120)
    assert (short[-1].turns, long[-1].turns) == (JUDGED - 100_000, JUDGED)
    told = {line.name: (line.bar, line.is_met) for line in lines_of(short, {})}
    assert told["growth of worker's own memory in 100,000 turns"] == ("too short to judge", None)
    window = f"Growth is that of the {100_000:,} turns after the first {WARMED:,}."
    assert notes_of(short, {}, 30)[0].endswith(
        f"{window} A run of fewer than {JUDGED:,} is too short to judge flatness."
    )
    assert notes_of(long, {}, 30)[0].endswith("Growth is that of the 200,000 turns after the first 200,000.")
    assert math.isnan(growth(short[:3], "worker"))


@pytest.mark.parametrize(
    "memory, wrong, code",
    [
        ([90, 110, 120, 120, 120], {}, 0),
        ([90, 120], {}, 0),
        ([90, 110, 120, 130, 140], {}, 1),
        ([90, 110, 120, 120, 120], {"no reply": 1}, 1),
    ],
)
def test_a_run_fails_by_what_it_lost_and_by_bars_but_not_by_its_shortness(memory, wrong, code, monkeypatch, tmp_path):
    async def measured(turns, seconds, buyers):
        return samples(*memory), wrong

    monkeypatch.setattr(lasting, "VAR", tmp_path)
    monkeypatch.setattr(lasting, "measure", measured)
    assert CliRunner().invoke(lasting.main).exit_code == code
