"""Sessions: the copy in Redis counts only with the right revision; a Redis that fails is left alone for a while."""

import json
import socket
import threading
import time

import pytest
import redis as redis_library

from bot.sessions import CROWDED, GATHERS, KEY, OUTBOX_BELL, OWN_LASTS, Held, Own, Sessions, connect, document_in


@pytest.fixture
def conversation(db):
    """Two conversations with documents in PostgreSQL."""
    account = db.value("insert into channel_account (key, kind) values ('one', 'simulator') returning id")
    return [
        db.value(
            "with c as (insert into contact default values returning id) insert into conversation"
            " (account_id, contact_id, revision, document) select %(account)s, id, %(revision)s, %(document)s::jsonb"
            " from c returning id",
            account=account,
            revision=revision,
            document=json.dumps({"from": "postgresql", "revision": revision}),
        )
        for revision in (11, 22)
    ]


def writes(redis_url, *held):
    """Another process writes these, and Redis has them."""
    sessions = Sessions(connect(redis_url, 0.5), 60)
    sessions.write(held, ring=False)
    sessions.store()


def test_what_was_written_is_read_back_without_postgresql(redis, redis_url, db, conversation):
    sessions = Sessions(connect(redis_url, 0.5), 60)
    one, two = conversation
    writes(redis_url, Held(one, 11, {"from": "redis"}))
    assert sessions.read(db, {one: 11, two: 22}) == {
        one: {"from": "redis"},
        two: {"from": "postgresql", "revision": 22},
    }
    assert 0 < redis.ttl(f"{KEY}{one}") <= 60


def test_what_is_written_waits_a_moment_for_more_and_goes_as_one(redis, redis_url, monkeypatch):
    sessions, calls = Sessions(connect(redis_url, 0.5), 60), []
    execute = redis_library.client.Pipeline.execute
    monkeypatch.setattr(
        redis_library.client.Pipeline, "execute", lambda pipeline: calls.append(len(pipeline)) or execute(pipeline)
    )
    assert sessions.due_at == float("inf")
    began = time.monotonic()
    sessions.write([Held(1, 0, {})], ring=False)
    due_at = sessions.due_at
    assert began + GATHERS <= due_at <= time.monotonic() + GATHERS
    for revision, chat in enumerate([2, 1], 1):
        sessions.write([Held(chat, revision, {})], ring=False)
    assert sessions.due_at == due_at  # who talks on does not put it off
    assert (calls, redis.keys(f"{KEY}*")) == ([], [])
    sessions.store()
    sessions.store()
    assert (calls, sessions.due_at) == ([2], float("inf"))
    assert [json.loads(redis.get(f"{KEY}{chat}"))["revision"] for chat in (1, 2)] == [2, 1]


def test_with_the_bell_goes_all_that_has_waited(redis, redis_url):
    sessions = Sessions(connect(redis_url, 0.5), 60)
    sessions.write([Held(1, 1, {})], ring=False)
    sessions.write([Held(2, 1, {})], ring=True)
    assert (redis.exists(f"{KEY}1", f"{KEY}2"), sessions.due_at) == (2, float("inf"))


def test_another_revision_counts_as_nothing(redis, redis_url, db, conversation):
    sessions = Sessions(connect(redis_url, 0.5), 60)
    writes(redis_url, Held(conversation[0], 10, {"from": "redis"}))
    assert sessions.read(db, {conversation[0]: 11})[conversation[0]]["from"] == "postgresql"


@pytest.mark.parametrize(
    "text", [None, "", "{", "[1]", '"x"', "7", '{"revision": 1}', '{"revision": 1, "document": []}', "[" * 100_000]
)
def test_whatever_else_stands_there_counts_as_nothing(text):
    assert document_in(text, 1) is None


def test_the_bell_rings_after_the_commit(redis, redis_url):
    with redis.pubsub() as listener:
        listener.subscribe(OUTBOX_BELL)
        listener.get_message(timeout=1)
        Sessions(connect(redis_url, 0.5), 60).write([], ring=True)
        assert listener.get_message(ignore_subscribe_messages=True, timeout=2)["data"] == b"1"


@pytest.fixture
def hung_redis():
    """A server that takes connections and never answers; how many it took."""
    taken = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take():
            try:
                while True:
                    taken.append(server.accept()[0])
            except OSError:
                return

        threading.Thread(target=take, daemon=True).start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", taken
        server.shutdown(socket.SHUT_RDWR)


def test_a_redis_that_hangs_is_asked_once_and_then_left_alone(hung_redis, db, conversation):
    url, taken = hung_redis
    sessions = Sessions(connect(url, 0.05), 60)
    for _ in range(20):
        assert sessions.read(db, {conversation[0]: 11})[conversation[0]]["from"] == "postgresql"
        sessions.write([Held(conversation[0], 12, {})], ring=True)
    assert len(taken) == 1
    assert not sessions.breaker.is_open()
    sessions.breaker.closed_until = 0.0
    sessions.read(db, {conversation[0]: 11})
    assert len(taken) == 2


def test_a_client_gives_up_at_once_instead_of_trying_again(hung_redis):
    url, taken = hung_redis
    with pytest.raises(redis_library.TimeoutError):
        connect(url, 0.05).get("x")
    assert len(taken) == 1


def test_a_crowd_at_the_doors_stands_for_a_moment(redis, redis_url):
    Sessions(connect(redis_url, 0.5), 60).say_crowded()
    assert 0 < redis.pttl(CROWDED) <= 300


def test_a_process_reads_what_it_has_written_itself_and_asks_redis_for_nothing(hung_redis, db, conversation):
    url, taken = hung_redis
    sessions = Sessions(connect(url, 0.05), 60)
    sessions.own.keep(conversation[0], '{"revision":11,"document":{"from":"here"}}')
    assert sessions.read(db, {conversation[0]: 11}) == {conversation[0]: {"from": "here"}}
    assert taken == []


def test_what_a_process_writes_while_redis_is_away_it_keeps_all_the_same(db, conversation):
    sessions = Sessions(connect("redis://127.0.0.1:1/0", 0.05), 60)
    sessions.write([Held(conversation[0], 11, {"from": "here"})], ring=False)
    sessions.store()
    assert not sessions.breaker.is_open()
    assert sessions.read(db, {conversation[0]: 11}) == {conversation[0]: {"from": "here"}}


def test_of_its_own_too_another_revision_counts_as_nothing(redis, redis_url, db, conversation):
    one, two = conversation
    writes(redis_url, Held(one, 11, {"from": "redis"}))
    sessions = Sessions(connect(redis_url, 0.5), 60)
    for chat in conversation:
        sessions.own.keep(chat, '{"revision":10,"document":{"from":"here"}}')
    found = sessions.read(db, {one: 11, two: 22})
    assert found == {one: {"from": "redis"}, two: {"from": "postgresql", "revision": 22}}


def test_what_is_read_of_its_own_may_be_changed_and_is_read_anew(redis, redis_url, db, conversation):
    sessions = Sessions(connect(redis_url, 0.5), 60)
    sessions.write([Held(conversation[0], 11, {"memory": {"basket": 3}})], ring=False)
    redis.flushdb()
    sessions.read(db, {conversation[0]: 11})[conversation[0]]["memory"]["basket"] = 4
    assert sessions.read(db, {conversation[0]: 11}) == {conversation[0]: {"memory": {"basket": 3}}}


@pytest.mark.parametrize("drop", [lambda sessions, chat: sessions.drop([chat]), lambda sessions, _: sessions.forget()])
def test_what_is_dropped_is_kept_nowhere(drop, redis, redis_url, db, conversation):
    sessions = Sessions(connect(redis_url, 0.5), 60)
    writes(redis_url, Held(conversation[0], 11, {"from": "redis"}))
    sessions.write([Held(conversation[0], 11, {"from": "here"})], ring=False)
    assert drop(sessions, conversation[0])
    sessions.store()
    assert (sessions.own.text(conversation[0]), redis.keys(f"{KEY}*")) == (None, [])
    assert sessions.read(db, {conversation[0]: 11})[conversation[0]]["from"] == "postgresql"


def test_few_sessions_are_kept_and_the_last_that_were_written():
    own = Own(most=2)
    for chat in (1, 2, 1, 3):
        own.keep(chat, f"of {chat}")
    assert [own.text(chat) for chat in (1, 2, 3)] == ["of 1", None, "of 3"]


def test_none_is_kept_for_long(monkeypatch):
    own, now = Own(), [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for chat in (1, 2, 3):
        own.keep(chat, f"of {chat}")
    now[0] = OWN_LASTS
    own.keep(3, "of 3 again")
    assert own.text(1) == "of 1"
    now[0] = OWN_LASTS + 1
    assert own.text(1) is None
    own.keep(4, "of 4")
    now[0] = 0.0  # what is gone is not there for an earlier clock either
    assert [own.text(chat) for chat in (1, 2, 3, 4)] == [None, None, "of 3 again", "of 4"]


def test_no_words_of_a_session_are_in_a_text_of_its_keeper():
    own = Own()
    own.keep(1, "Bè-Kpota")
    assert repr(own) == "Own(most=512)"
    sessions = Sessions(None, 60)
    sessions.write([Held(1, 1, {"quarter": "Bè-Kpota"})], ring=False)
    assert "Kpota" not in repr(sessions)


def test_a_redis_that_answers_and_takes_nothing_does_not_count_as_there(redis, redis_url, full_redis, hung_redis):
    assert Sessions(connect(redis_url, 0.5), 60).are_kept()
    full = connect(full_redis, 0.5)
    assert (full.ping(), Sessions(full, 60).are_kept()) == (True, False)
    assert not Sessions(connect(hung_redis[0], 0.05), 60).are_kept()
