"""Every story on one of its channels, with a cache that forgets or is late; in the long runs on every channel.

A few are told on a Page of Messenger too, and in text mode at Meta; in the long runs all that hold there.
"""

import json
import os
from itertools import count
from typing import get_args
from zlib import crc32

import pytest

from bot.dialogs import DIALOGS
from bot.sessions import Sessions
from bot.world import How
from tests import databases
from tests.journeys.conftest import CHANNELS, PAGES, stage_on
from tests.journeys.messenger_wire import (
    MESSENGER,
    SHOPS_THERE,
    as_told_there,
    is_told_there,
    is_told_with_shops_there,
)
from tests.journeys.play import Parted, Play
from tests.journeys.replay import check_every_turn
from tests.journeys.stage import edges_watched, routes_taken
from tests.journeys.transcript import STORIES, TEXT_MODE, Said, channels_of, read

SHARES = 4  # as many as `make test` has processes
ALL = sorted(path.stem for path in STORIES.glob("*.txt"))
RICH, TEXT, SIMULATOR, CLOUD, CLOUD_TEXT = CHANNELS
CHANNELS_OF = {story: channels_of(STORIES / f"{story}.txt", CHANNELS) for story in ALL}


# told at Meta's Cloud API by `make test`: together they show it every kind of message that there is
AT_META = {
    "a_cart_of_the_catalogue",
    "a_heart_on_a_product",
    "a_message_that_cannot_be_read",
    "a_photo_of_a_payment",
    "a_vendor_without_words",
    "an_older_recap_is_not_the_newer_one",
    "browsing_in_pages",
    "organizer_announces_with_files",
    "organizer_listens_to_a_voice_note",
    "six_silent_hours",
    "somebody_without_a_name",
    "somebody_without_a_phone",
    "the_buyer_is_silent_and_gets_a_template",
    "the_content_is_not_approved",
    "the_way_told_by_voice",
    "vendor_is_silent_and_gets_a_template",
    "words_taken_back_and_corrected",
}


def channel_of(story):
    """Where a story is at home: at Twilio, at Meta what is not there; '' for what is neither's."""
    return next((one for one in (RICH, CLOUD) if one in CHANNELS_OF[story]), "")


def told_at(story):
    """Where `make test` tells it: some at Meta's Cloud API, of all others a tenth in text mode and a twentieth in the
    simulator, the rest at home. `make soak` tells each of them everywhere.
    """
    share = crc32(story.encode()) % 20
    elsewhere = CLOUD if story in AT_META else TEXT if share in (1, 4) else SIMULATOR if share == 0 else ""
    return elsewhere if elsewhere in CHANNELS_OF[story] else channel_of(story)


# what `make test` tells on a Page: browsing, a first order, a cancelled one, a voice note, a told number, a template
OFTEN_ON_MESSENGER = (
    "a_comment_below_a_post",
    "a_first_order",
    "a_cancelled_order",
    "a_landmark_by_pin",
    "a_shop_on_a_page",
    "a_voice_note_of_somebody_without_a_phone",
    "organizer_announces_and_follows_it",
    "somebody_without_a_phone",
    "the_buyer_is_silent_and_gets_a_template",
)
# and with the shops on the Page too: an order by buttons, the stock, a day, a question, a part of an order
OFTEN_WITH_SHOPS_THERE = (
    "a_vendor_looks_at_his_orders",
    "the_evening_the_morning_and_low_stock",
    "vendor_keeps_stock_by_message",
    "vendor_serves_a_part_of_an_order",
)
# and in text mode at Meta, where numbers stand for buttons: a first order, another, a slip, a pin, a template
OFTEN_IN_TEXT = {
    CLOUD_TEXT: (
        "a_first_order",
        "a_quarter_with_a_typo",
        "photos_in_text_mode",
        "vendor_is_silent_and_gets_a_template",
        "who_orders_again_stays",
    ),
    f"{MESSENGER}{TEXT_MODE}": (
        "a_first_order",
        "a_landmark_by_pin",
        "a_quarter_with_a_typo",
        "the_buyer_is_silent_and_gets_a_template",
    ),
}
SECOND = [(story, MESSENGER) for story in OFTEN_ON_MESSENGER]
SECOND += [(story, SHOPS_THERE) for story in OFTEN_WITH_SHOPS_THERE]
SECOND += [(story, channel) for channel, stories in OFTEN_IN_TEXT.items() for story in stories]
EVERYWHERE = [(story, channel) for story, channels in CHANNELS_OF.items() for channel in channels]
EVERYWHERE += [(story, page) for page in PAGES for story in ALL if is_told_there(story, page)]
EVERYWHERE += [(story, SHOPS_THERE) for story in ALL if is_told_with_shops_there(story)]
DELIVERED = ("delivered",)
REPORTED = {"organizer_announces_late_and_by_night"}  # one is stopped, known by its reports alone to have arrived
# words of the engine, and what comes faster than a story is told: no message of a person is read so
OURS = {"signal", "sorry", "hurried"}


def play(story, stage, wire, **how):
    steps = read(STORIES / f"{story}.txt")
    Play(stage, wire, **how).run(as_told_there(steps) if wire.key == MESSENGER else steps)


def forget_everything(stage):
    """Redis is flushed, sessions, buckets, wake-ups, all of it, and the process keeps no session of its own."""
    stage.market.redis.flushdb()
    stage.market.sessions.own.forget()


def reports_of(story):
    """What a provider reports of what it was given while a story is told."""
    return DELIVERED if story in REPORTED else ()


@pytest.mark.longest
@pytest.mark.parametrize("share", range(SHARES))
def test_the_stories_walk_every_edge_and_route_and_are_the_same_whatever_becomes_of_their_sessions(
    share, ground, planted, redis_url, redis, tmp_path_factory, monkeypatch
):
    """In shares, which several processes may tell at once; whoever ends last sees whether anything was left out.

    At Twilio Redis forgets before every turn, elsewhere every second turn ends before its session is written.
    """
    routes, parted = set(), {}
    with edges_watched() as walked:
        for story, channel in ((one, told_at(one)) for one in ALL[share::SHARES] if told_at(one)):
            callbacks = reports_of(story) if channel == RICH else DELIVERED
            with (
                stage_on(channel, ground, planted, redis_url, redis, callbacks) as (stage, wire),
                monkeypatch.context() as patch,
            ):
                if channel == RICH:
                    stage.before_turn.append(forget_everything)
                else:
                    lose_every_second_session(patch)
                try:
                    play(story, stage, wire, in_text_mode=channel.endswith(TEXT_MODE))
                    check_every_turn(stage.market)
                except Parted as difference:
                    parted[story] = str(difference)
                routes |= routes_taken(stage.market.database)
    walks = joined(of_this_run(tmp_path_factory) / "walks.json", share, (sorted(walked), sorted(routes)))
    assert parted == {}
    if len(walks) == SHARES:
        table = {(f"{dialog.name}.{state}", outcome) for dialog in DIALOGS for state, outcome, _ in dialog.edges()}
        assert sorted(table - {tuple(edge) for edges, _ in walks for edge in edges}) == []
        assert set(get_args(How)).difference(*(taken for _, taken in walks)) == OURS


def of_this_run(tmp_path_factory):
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def joined(path, share, told):
    """What the shares of a whole have told in this file until now, this one's included."""
    with databases.locked("shares"):
        shares = {**(json.loads(path.read_text()) if path.exists() else {}), str(share): told}
        path.write_text(json.dumps(shares))
    return list(shares.values())


@pytest.mark.parametrize(("story", "channel"), SECOND)
def test_a_story_is_the_same_when_every_second_turn_ends_before_its_session_is_written(
    story, channel, ground, planted, redis_url, redis, monkeypatch
):
    with stage_on(channel, ground, planted, redis_url, redis) as (stage, wire):
        lose_every_second_session(monkeypatch)
        play(story, stage, wire, in_text_mode=channel.endswith(TEXT_MODE))
        check_every_turn(stage.market)


def lose_every_second_session(monkeypatch):
    """The cache holds the session of the turn before, which the row's revision shows to be old."""
    write, turns = Sessions.write, count()

    def lose(sessions, saved, *, ring):
        if next(turns) % 2:
            write(sessions, saved, ring=ring)

    monkeypatch.setattr(Sessions, "write", lose)


def test_what_meta_tells_of_taps_and_of_its_messages_is_known_by_the_ids_that_it_names(
    ground, planted, redis_url, redis
):
    with stage_on(CLOUD, ground, planted, redis_url, redis) as (stage, wire):
        play("a_first_order", stage, wire)
        with stage.market.database.unit_of_work() as db:
            known = {row.provider_id: row.state for row in db.rows("select provider_id, state from outbox")}
            taps = [row.tap for row in db.rows("select message->>'tap' as tap from inbox order by id")]
    offered = {button["id"] for message in wire.fake.shown for button in message.buttons}
    said = [step.words for step in read(STORIES / "a_first_order.txt") if isinstance(step, Said)]
    assert known == {message.wamid: "read" for message in wire.fake.shown}
    assert [bool(tap) for tap in taps] == [words.startswith("[") for words in said]
    assert set(filter(None, taps)) <= offered
    assert len(known) >= 10


def test_what_the_page_tells_by_a_time_is_known_of_every_message_until_then(ground, planted, redis_url, redis):
    with stage_on(MESSENGER, ground, planted, redis_url, redis) as (stage, wire):
        play("a_cancelled_order", stage, wire)
        with stage.market.database.unit_of_work() as db:
            known = {row.provider_id: row.state for row in db.rows("select provider_id, state from outbox")}
    on_the_page = {sent: state for sent, state in known.items() if sent.startswith("m_sent_")}
    assert set(on_the_page.values()) == {"read"}
    assert set(known.values()) == {"read", "delivered"}  # those with phones are told of by Twilio
    assert len(on_the_page) >= 5


@pytest.mark.soak
@pytest.mark.parametrize(("story", "channel"), EVERYWHERE)
def test_a_story_happens_as_it_is_told(story, channel, ground, planted, redis_url, redis):
    with stage_on(channel, ground, planted, redis_url, redis) as (stage, wire):
        play(story, stage, wire, in_text_mode=channel.endswith(TEXT_MODE))
        check_every_turn(stage.market)
