"""Token buckets with the shipped rates; the time in them is moved by moving what they remember."""

import time
from types import SimpleNamespace

import pytest

from base.accounts import Rates
from bot.buckets import ALONE_SHARE, TAKE, Buckets
from bot.sessions import CROWDED, Breaker, connect

SHIPPED = Rates()
SENDER, BULK, AWA = "bucket:sender:twilio", "bucket:sender:twilio:bulk", "bucket:recipient:twilio:7"


@pytest.fixture
def buckets(redis, redis_url):
    return Buckets(connect(redis_url, 0.5))


def let_pass(redis, key, seconds):
    redis.hincrbyfloat(key, "at", -seconds)


def test_the_shipped_rates_are_whatsapps():
    shipped = (SHIPPED.sender_per_second, SHIPPED.recipient_burst, SHIPPED.recipient_seconds, SHIPPED.bulk_share)
    assert shipped == (80, 10, 6, 0.7)


def test_a_sender_that_nobody_knows_starts_empty_and_gets_eighty_a_second(buckets, redis):
    assert buckets.of_sender("twilio", SHIPPED, 32, 0)[0].tokens == 0
    let_pass(redis, SENDER, 0.5)
    assert 40 <= buckets.of_sender("twilio", SHIPPED, 80, 0)[0].tokens <= 42
    let_pass(redis, SENDER, 3600)
    assert buckets.of_sender("twilio", SHIPPED, 1000, 0)[0].tokens == 80  # a second's worth is the most


def test_what_was_not_used_is_given_back(buckets, redis):
    buckets.of_sender("twilio", SHIPPED, 1, 0)
    let_pass(redis, SENDER, 3600)
    assert buckets.of_sender("twilio", SHIPPED, 80, 0)[0].tokens == 80
    assert [one.tokens for one in buckets.of_recipients("twilio", SHIPPED, [7, 8], unused=(80, 0))] == [1, 1]
    assert buckets.of_sender("twilio", SHIPPED, 80, 0)[0].tokens == 80
    assert buckets.of_recipients("twilio", Rates(recipient_burst=0), [], unused=(80, 0)) == []
    assert buckets.of_sender("twilio", SHIPPED, 80, 0)[0].tokens == 80


def test_announcements_get_seventy_percent_of_a_senders_rate(buckets, redis):
    buckets.of_sender("twilio", SHIPPED, 0, 1)
    let_pass(redis, BULK, 3600)
    assert buckets.of_sender("twilio", SHIPPED, 0, 1000)[1].tokens == 56


def test_a_person_gets_ten_at_once_and_then_one_every_six_seconds(buckets, redis):
    given = [buckets.of_recipients("twilio", SHIPPED, [7])[0] for _ in range(11)]
    assert [one.tokens for one in given] == [1] * 10 + [0]
    assert 5.5 < given[-1].wait <= 6
    let_pass(redis, AWA, 5.5)
    assert buckets.of_recipients("twilio", SHIPPED, [7])[0].tokens == 0
    let_pass(redis, AWA, 0.5)
    assert buckets.of_recipients("twilio", SHIPPED, [7])[0].tokens == 1
    assert buckets.of_recipients("twilio", SHIPPED, [7, 8]) [0].tokens == 0  # fmt: skip


def test_several_people_are_asked_for_in_one_round_trip_each_by_himself(buckets):
    for _ in range(10):
        buckets.of_recipients("twilio", SHIPPED, [7])
    assert [one.tokens for one in buckets.of_recipients("twilio", SHIPPED, [7, 8, 9])] == [0, 1, 1]


def test_without_a_recipients_rate_everybody_gets_a_token(buckets, redis):
    none = Rates(recipient_burst=0)
    assert [one.tokens for one in buckets.of_recipients("twilio", none, [7] * 50)] == [1] * 50
    assert redis.keys("*") == []


@pytest.fixture
def moment(buckets, redis, monkeypatch):
    """Answers of a sender of forty a second without a rate per recipient, at a time: how many may go, how many asked.

    Its bucket is full at first and gets nothing more.
    """
    rates, key, now, asked = Rates(sender_per_second=40, recipient_burst=0), "bucket:sender:messenger", [0.0], []
    buckets.of_sender("messenger", rates, 0, 0)
    redis.hset(key, "tokens", 40)
    take = buckets.take
    monkeypatch.setattr(buckets, "take", lambda wanted: asked.append(wanted[0].tokens) or take(wanted))
    monkeypatch.setattr("bot.buckets.time", SimpleNamespace(monotonic=lambda: now[0]))

    def answers(at, count=1):
        asked.clear()
        redis.hset(key, "at", time.time() + 3600)
        now[0] = at
        given = [one.tokens for one in buckets.of_answers("messenger", rates, list(range(count)))]
        return sum(given), list(asked), int(float(redis.hget(key, "tokens")))

    return answers


def test_a_process_takes_along_the_tokens_that_it_will_use_soon_as_many_as_it_just_used(moment):
    assert moment(0.0) == (1, [1], 39)
    assert moment(0.1) == (1, [2], 37)  # it has used one
    assert moment(0.2) == (1, [], 37)
    assert moment(0.3) == (1, [3], 34)
    assert moment(0.4) == (1, [], 34)
    assert moment(0.5) == (1, [], 34)
    assert moment(0.6, 3) == (3, [6], 28)
    assert moment(0.7, 2) == (2, [], 28)


def test_tokens_that_a_process_has_not_used_in_half_a_second_are_lost_and_after_a_rest_it_takes_but_one(moment):
    assert moment(0.00, 3) == (3, [3], 37)
    assert moment(0.05) == (1, [4], 33)
    assert moment(0.60) == (1, [2], 31)  # three were left, and are not used any more
    assert moment(1.75) == (1, [1], 30)


def test_a_process_takes_no_more_along_than_a_tenth_of_a_second_of_its_sender(moment):
    assert moment(0.00, 20) == (20, [20], 20)
    assert moment(0.01) == (1, [5], 15)  # four of forty a second


def test_where_a_senders_second_is_used_up_the_others_may_not_go(moment):
    assert moment(0.00, 38) == (38, [38], 2)
    assert moment(0.01, 3) == (2, [7], 0)
    assert moment(0.02, 2) == (0, [4], 0)


def test_a_full_bucket_is_forgotten_and_an_emptied_one_is_not(buckets, redis):
    buckets.of_recipients("twilio", SHIPPED, [7])
    assert 60 <= redis.ttl(AWA) <= 120  # longer than it takes to fill


def test_while_redis_is_away_a_process_allows_itself_a_quarter():
    buckets = Buckets(connect("redis://127.0.0.1:1/0", 0.1), Breaker(rest=60))
    assert buckets.of_sender("twilio", SHIPPED, 32, 0)[0].tokens == 0
    remembered = buckets._alone[SENDER]
    buckets._alone[SENDER] = (remembered[0], time.monotonic() - 1)
    assert buckets.of_sender("twilio", SHIPPED, 80, 0)[0].tokens == 80 * ALONE_SHARE == 20
    assert [one.tokens for one in buckets.of_recipients("twilio", SHIPPED, [7] * 11)] == [1] * 10 + [0]


def test_what_a_process_remembers_alone_does_not_grow_for_ever():
    buckets = Buckets(connect("redis://127.0.0.1:1/0", 0.1), Breaker(rest=60))
    for person in range(25_000):
        buckets.of_recipients("twilio", SHIPPED, [person])
    assert len(buckets._alone) <= 10_000


def test_what_a_provider_refuses_now_and_then_slows_nothing_down(buckets, redis):
    for _ in range(30):
        assert buckets.slow_down("twilio", SHIPPED, 1) == 1
        redis.hincrbyfloat(BULK, "heat_at", -0.5)  # two a second of 56: less than one in twenty


def test_announcements_halve_where_the_provider_says_too_fast_and_come_back_in_ten_seconds(buckets, redis):
    assert buckets.slow_down("twilio", SHIPPED, 3) == 1
    assert buckets.slow_down("twilio", SHIPPED, 1) == 0.5
    assert buckets.slow_down("twilio", SHIPPED, 30) == 0.5  # what was under way says nothing new within a second
    buckets.of_sender("twilio", SHIPPED, 0, 1)
    let_pass(redis, BULK, 3600)
    assert buckets.of_sender("twilio", SHIPPED, 1000, 1000)[1].tokens in (28, 29)
    redis.hincrbyfloat(BULK, "paced_at", -5)
    let_pass(redis, BULK, 3600)
    assert buckets.of_sender("twilio", SHIPPED, 0, 1000)[1].tokens in (42, 43)
    redis.hincrbyfloat(BULK, "paced_at", -5)
    let_pass(redis, BULK, 3600)
    assert buckets.of_sender("twilio", SHIPPED, 0, 1000)[1].tokens == 56


FAST = Rates(sender_per_second=1000)


@pytest.fixture
def speed(redis, redis_url, monkeypatch):
    """The speed of announcements after one asked for so many tokens, so many seconds after the last."""
    monkeypatch.setattr("bot.buckets.TAKE", TAKE.replace("redis.call('time')", "redis.call('lrange', 'clock', 0, 1)"))
    buckets = Buckets(connect(redis_url, 0.5))
    micros = 1_700_000_000_000_000

    def speed_of(later=0.0, wanted=10_000):
        nonlocal micros
        micros += round(later * 1_000_000)
        redis.delete("clock")
        redis.rpush("clock", *divmod(micros, 1_000_000))
        buckets.of_sender("twilio", FAST, 0, wanted)
        return round(float(redis.hget(BULK, "speed")), 2)

    assert speed_of() == 56
    return speed_of


def test_announcements_begin_as_fast_as_a_usual_sender_may_and_soon_go_as_fast_as_this_one(speed):
    assert [speed(0.15), speed(0.3), speed(0.15)] == [112, 448, 700]
    assert speed(11, wanted=1) == 56  # none had to wait for ten seconds: the next begins anew


def test_while_the_doors_are_crowded_they_halve_each_half_second_and_then_double_in_ten(speed, redis):
    assert speed(0.15) == 112
    redis.set(CROWDED, "1", px=60_000)
    assert [speed(), speed(0.4)] == [56, 56]
    assert [speed(0.1), speed(0.5), speed(0.5), speed(0.5)] == [28, 14, 8, 8]
    redis.delete(CROWDED)
    assert [speed(10), speed(10)] == [16, 32]


def test_announcements_go_in_lots_of_a_quarter_of_a_second(buckets, redis):
    buckets.of_sender("twilio", SHIPPED, 0, 24)
    redis.hset(BULK, mapping={"tokens": 12, "at": 2**40})  # no time goes by
    part = buckets.of_sender("twilio", SHIPPED, 0, 24)[1]
    assert part.tokens == 0
    assert 0.02 < part.wait <= 0.036  # of two more
    redis.hset(BULK, mapping={"tokens": 14, "at": 2**40})
    part = buckets.of_sender("twilio", SHIPPED, 0, 24)[1]
    assert part.tokens == 14
    assert 0.2 < part.wait <= 0.25
    redis.hset(BULK, mapping={"tokens": 3, "at": 2**40})
    assert buckets.of_sender("twilio", SHIPPED, 0, 3)[1].tokens == 3  # all that may be begun now


def test_what_they_do_not_need_makes_them_no_faster(speed):
    before = speed(1, wanted=1)
    assert [speed(0.3, wanted=1) for _ in range(3)] == [before] * 3


def test_a_crowd_takes_nothing_from_answers(buckets, redis):
    redis.set(CROWDED, "1", px=60_000)
    buckets.of_sender("twilio", SHIPPED, 1, 1)
    let_pass(redis, SENDER, 3600)
    assert buckets.of_sender("twilio", SHIPPED, 1000, 0)[0].tokens == 80


def test_answers_keep_their_rate_while_announcements_are_slow(buckets, redis):
    for _ in range(8):
        buckets.slow_down("twilio", SHIPPED, 4)
        redis.hincrbyfloat(BULK, "paced_at", -1.0)
    buckets.of_sender("twilio", SHIPPED, 1, 1)
    let_pass(redis, SENDER, 3600)
    assert buckets.of_sender("twilio", SHIPPED, 1000, 0)[0].tokens == 80


def test_a_provider_that_takes_nothing_is_still_tried_by_a_sixty_fourth(buckets, redis):
    paces = []
    for _ in range(9):
        paces.append(buckets.slow_down("twilio", SHIPPED, 4))
        redis.hset(BULK, "paced_at", time.time() - 1.0)
    assert paces[0] == 0.5
    assert min(paces) >= 0.015


def test_without_redis_nothing_slows_down_further(redis_url):
    away = Buckets(connect("unix:///nowhere.sock", 0.1))
    assert away.slow_down("twilio", SHIPPED, 10) == ALONE_SHARE
    assert away.slow_down("twilio", SHIPPED, 10) == ALONE_SHARE
