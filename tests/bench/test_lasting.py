"""Memory over many turns: what grows is told from what is flat, and from what a process reads while it warms."""

import pytest

from bench.lasting import Sample, growth, lines_of


def samples(*memory, each=50_000):
    return [
        Sample(each * place, {"web": 100.0, "worker": held}, {"web": 90.0, "worker": held - 10})
        for place, held in enumerate(memory)
    ]


@pytest.mark.parametrize(
    "memory, grown", [([90, 120, 120, 120], 0.0), ([90, 120, 121, 122], 2.0), ([90, 122, 121, 120], -2.0), ([90], 0.0)]
)
def test_a_growth_is_that_of_a_warm_process(memory, grown):
    assert growth(samples(*memory), "worker") == pytest.approx(grown)


def test_what_others_share_of_it_is_no_growth():
    shared = [Sample(50_000 * place, {"worker": 100.0 + place}, {"worker": 90.0}) for place in range(5)]
    assert growth(shared, "worker") == 0.0


@pytest.mark.parametrize(
    "memory, met", [([90, 120, 120.2], [True, True]), ([90, 120, 121], [True, False]), ([150, 150.1], [False, True])]
)
def test_a_worker_is_small_and_flat_or_it_is_said(memory, met):
    told = {line.name: line.is_met for line in lines_of(samples(*memory))}
    assert told == {
        "memory of web at the end": None,
        "growth of web's own memory in 100,000 turns": True,
        "memory of worker at the end": met[0],
        "growth of worker's own memory in 100,000 turns": met[1],
    }
