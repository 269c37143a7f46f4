"""Disturbed stretches: each beside a calm one, the first of the two by turns."""

import asyncio
from types import SimpleNamespace

from bench.load import LONG_PATIENCE, PATIENCE
from bench.provider import Faults
from bench.rounds import Plan, beside_calm, disturbances


def crowd():
    return SimpleNamespace(redelivery=0.0, patience=PATIENCE, provider=SimpleNamespace(faults=Faults()))


def played(plan, *, calm_first):
    """(stretch, share that comes twice, share of 429, patience) in order, and the crowd afterwards."""
    seen, people = [], crowd()

    async def saturate(name, seconds):
        seen.append((name, people.redelivery, people.provider.faults.busy, people.patience))

    side = SimpleNamespace(crowd=people, saturate=saturate)
    for name, _, disturb in disturbances(plan):
        asyncio.run(beside_calm(side, name, disturb, 1.0, calm_first=calm_first))
    return seen, people


def test_a_disturbance_is_there_in_its_own_stretch_alone():
    seen, people = played(Plan(redelivery=0.2, is_faulty=True), calm_first=True)
    assert seen == [
        ("redelivered, calm", 0.0, 0.0, PATIENCE),
        ("redelivered", 0.2, 0.0, PATIENCE),
        ("faulty, calm", 0.0, 0.0, PATIENCE),
        ("faulty", 0.0, 0.01, LONG_PATIENCE),
    ]
    assert people == crowd()


def test_in_every_second_round_the_disturbed_stretch_is_first():
    seen, _ = played(Plan(redelivery=0.1), calm_first=False)
    assert [(name, share) for name, share, *_ in seen] == [("redelivered", 0.1), ("redelivered, calm", 0.0)]


def test_what_is_not_asked_for_is_not_played():
    assert played(Plan(), calm_first=True)[0] == []
