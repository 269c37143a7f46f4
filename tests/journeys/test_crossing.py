"""A message with slips, at any question and with any hat, writes nothing that the right one would not write there."""

import sys
from random import Random

import pytest

from tests.journeys.conftest import stage_on
from tests.journeys.crossing import OF_HATS, Crossing, crossed, messages, mistyped
from tests.journeys.test_journeys import ALL, channel_of, play

import os

A_QUESTION = 12


def chosen_by(seed, often):
    def chosen(state, hats):
        chance = Random(f"{seed} {state} {hats}")
        rights = [chance.choice(messages(chance.choice(list(OF_HATS)))) for _ in range(often)]
        return [(right, mistyped(right, chance)) for right in rights]
    return chosen


def test_x(ground, planted, redis_url, redis):
    import time, json
    stories = os.environ.get("X", "").split(",") if os.environ.get("X") else ALL
    crossing = Crossing(None, chosen_by(1, int(os.environ.get("N", "12"))))
    out = {}
    for story in stories:
        if not channel_of(story): continue
        t = time.monotonic(); n = crossing.counts["turns"]; met = set(crossing.met)
        w0 = len(crossing.wrong)
        with stage_on(channel_of(story), ground, planted, redis_url, redis, callbacks=()) as (stage, wire), crossed(stage, crossing):
            t1 = time.monotonic()
            try:
                play(story, stage, wire)
            except Exception as e:
                print("PARTED", story, repr(e)[:600])
        out[story] = (round(time.monotonic() - t,2), round(t1-t,2), [list(map(str,m)) for m in crossing.met - met])
        for w in crossing.wrong[w0:]: print('WRONG', w, flush=True)
        print('DONE', story, round(time.monotonic()-t,2), len(crossing.met-met), dict(crossing.counts), flush=True)
        if os.environ.get("ONCE"): pass
    json.dump(out, open("/tmp/x/stories.json","w"))
    print(len(crossing.met), crossing.counts)
    for w in crossing.wrong: print("WRONG", w)
    assert not crossing.wrong
