"""What caches hold of who was erased goes behind the commit that took his rows, and he counts as swept after both."""

from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from bot.erasing import Clearance
from tests.bot.outgoing import chat_of
from tests.bot.stall import AWA

OPEN = (
    "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    " and state like 'idle in transaction%%'"
)
WORDS = "select message->>'text' from inbox where provider_id not like 'open%%'"
SWEPT = "select swept_at is not null from erasure"


class Died(Exception):
    """A process ends."""


@dataclass
class Cache:
    """Redis's part of it: whether it is there, and what the database showed as it was asked."""

    stall: object
    answers: object = True
    asked: list = field(default_factory=list)

    def drop(self, *given):
        seen = (self.stall.value(OPEN), [text for (text,) in self.stall.rows(WORDS)], self.stall.value(SWEPT))
        self.asked.append((*seen, given[-1]))
        if self.answers is Died:
            raise Died
        return self.answers


@pytest.fixture
def erased(stall):
    """Somebody was erased four minutes ago, and a message of his came in that moment; his chat's id."""
    stall.says(AWA, "riz")
    chat = chat_of(stall, AWA)
    stall.run(
        "insert into erasure (contact_id, why, due_at, erased_at, conversations)"
        " select contact_id, 'asked', market_now() - interval '5 minutes', market_now() - interval '4 minutes',"
        " array[id] from conversation where id = %(chat)s",
        chat=chat,
    )
    return chat


def clear(stall, sessions, buckets):
    Clearance(stall.config, stall.database, sessions, buckets, ["here"], {}).clear()


def test_redis_is_asked_outside_of_any_transaction_when_the_rows_are_gone(stall, erased):
    sessions, buckets = Cache(stall), Cache(stall)
    clear(stall, sessions, buckets)
    assert sessions.asked == buckets.asked == [(0, [], False, [erased])]
    assert stall.value(SWEPT)
    clear(stall, sessions, buckets)
    assert len(sessions.asked) == 1


@pytest.mark.parametrize(("sessions", "buckets"), [(False, True), (True, False), (Died, True), (True, Died)])
def test_whose_caches_are_not_dropped_is_swept_again(stall, erased, sessions, buckets):
    with suppress(Died):
        clear(stall, Cache(stall, sessions), Cache(stall, buckets))
    assert (stall.rows(WORDS), stall.value(SWEPT)) == ([], False)
    again = Cache(stall)
    clear(stall, again, Cache(stall))
    assert (len(again.asked), stall.value(SWEPT)) == (1, True)
