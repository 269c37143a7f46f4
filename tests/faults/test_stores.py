"""PostgreSQL and Redis misbehave between a house and its stores: nothing is lost, doubled or out of order."""

import fcntl
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import make_url

from base.embedded_place import find_place
from bot.documents import parsed_from_json
from tests import databases
from tests.faults.crash_points import DEADLY, LEAVES_TURNS
from tests.faults.proxy import FaultProxy
from tests.processes.house import PATIENT, house_in
from tests.processes.market_day import market_day
from tests.processes.talk import PEOPLE, answered_after
from tests.waiting import wait_for

SLOWER = 5.0  # seconds more, at most, to the slowest answer; whoever waits for Redis has none while it hangs
OF_CALM = 3.0  # times what the slowest takes without a fault: a busy machine is slow by itself
BETWEEN = "i.id > %(first)s and i.id <= %(last)s"
UNANSWERED = f"""
select i.id from inbox i left join (turn t cross join unnest(t.inbox_ids) as taken join outbox o
  on o.conversation_id = t.conversation_id and o.said_at = (t.reader->>'said')::bigint) on i.id = taken
where {BETWEEN} and (o.id is null or o.state not in ('sent', 'delivered'))
"""
LOST = 8  # answers of PostgreSQL's, one after the other
FLUSHES = 10  # of Redis, while people talk; on a slow machine many of them meet nobody's session
OTHERS = 4  # commits that may be met instead: of batches that found nothing to take
OF_PEOPLE, OF_OURS = b"SM" + b"0" * 16, b"SM" + b"0" * 15 + b"1"  # how the provider's ids of messages begin here
KEPT_MESSAGES = "select provider_id from inbox where provider_id = any(%(ids)s)"
KEPT_REPORTS = (
    "select provider_id from status_report where provider_id = any(%(ids)s) union"
    " select provider_id from outbox where provider_id = any(%(ids)s) and state = 'delivered'"
)
KEPT = f"{KEPT_MESSAGES} union {KEPT_REPORTS}"


@contextmanager
def disturbed(seconds, disturb, pause):
    """Do something again and again, `pause` seconds apart, for at least so many seconds; what it gave each time."""
    stop, gave = threading.Event(), []

    def again():
        while not stop.is_set():
            gave.append(disturb())
            stop.wait(pause)

    thread = threading.Thread(target=again)
    thread.start()
    begun = time.monotonic()
    try:
        yield gave
        stop.wait(max(0.0, begun + seconds - time.monotonic()))
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def proxied(services, planted, redis, redis_url, tmp_path, seed):
    """A house, not started, and the proxies that stand before its PostgreSQL and its Redis."""
    place = find_place(databases.VAR)
    with ExitStack() as stack:
        house = stack.enter_context(
            house_in(services, planted, redis, redis_url, tmp_path, webs=2, more=PATIENT, **DEADLY)
        )
        postgres = stack.enter_context(FaultProxy(str(place.sockets / ".s.PGSQL.5432"), seed))
        cache = stack.enter_context(FaultProxy(str(place.sockets / "redis.sock"), seed))
        for process in house.processes:
            process.environ |= addresses(house.environ, postgres, cache)
        yield house, postgres, cache


def addresses(environ, postgres, cache):
    """The settings with the proxies' addresses in the place of the stores' own."""
    database = make_url(environ["DATABASE_URL"])
    through = database.set(host="127.0.0.1", port=postgres.port, query={})
    number = environ["REDIS_URL"].partition("db=")[2] or "0"
    return {
        "DATABASE_URL": through.render_as_string(hide_password=False),
        "REDIS_URL": f"redis://127.0.0.1:{cache.port}/{number}",
    }


def test_redis_flushed_under_load_loses_nothing(proxied, redis):
    house, _, _ = proxied
    house.start()
    with market_day(house) as talk, disturbed(4, lambda: flush(redis), 0.2) as flushed:
        talk.wait_for_more(2 * PEOPLE)
        wait_for(lambda: len(flushed) >= FLUSHES and sum(flushed) >= PEOPLE, "few sessions were forgotten", 120.0)


def flush(redis):
    """Redis forgets everything; how many sessions those were."""
    sessions = len(redis.keys("session:*"))
    redis.flushdb()
    return sessions


def test_redis_that_hangs_and_flaps_slows_nobody_much_down_and_loses_nothing(proxied):
    house, _, cache = proxied
    house.start()
    with market_day(house, pause=1.0) as talk:
        talk.wait_for_more(PEOPLE)
        calm = slowest_answer(house, talk, 0, "no fault")
        for fault in ({"swallows": True}, {"flaps": 0.5}, {"refuses": True}, {"delay": 0.3}):
            assert meet(house, talk, cache, fault) < SLOWER + OF_CALM * calm
            cache.fault()


def meet(house, talk, cache, fault):
    """Redis misbehaves so, and somebody notices; seconds to the slowest answer to what is said then."""
    before, first = house.logged("redis_away"), house.value("select max(id) from inbox")
    misbehave(cache, fault)
    wait_for(lambda: house.logged("redis_away") > before or misbehave(cache, fault), f"nobody meets {fault}")
    return slowest_answer(house, talk, first, fault)


def slowest_answer(house, talk, first, fault):
    """What is said from now on is answered; seconds of the slowest answer to what was said after `first`."""
    talk.wait_for_more(PEOPLE)
    said = {"first": first, "last": house.value("select max(id) from inbox")}
    wait_for(lambda: are_answered(house, said), f"not answered under {fault}", 120)
    return float(answered_after(house, BETWEEN, **said)[-1])


def misbehave(cache, fault):
    """From now on; a fault of new connections cuts those that stand, and half of those that follow may do well."""
    if "flaps" in fault:
        cache.fault(refuses=True)
    cache.fault(**fault)


def are_answered(house, said):
    """Whether all that was said between two messages is answered, and the provider has taken every bubble of it."""
    return not house.rows(UNANSWERED, **said)


@pytest.mark.parametrize("lost", [1, pytest.param(LOST, marks=pytest.mark.soak)])
def test_answers_to_commits_of_turns_that_are_lost_double_nothing(proxied, lost):
    house, postgres, _ = proxied
    spare(house, house.workers)  # the doors run no jobs, and the people are known: what they commit are turns
    house.start()
    with talk_of_known_people(house) as talk:
        for _ in range(lost + OTHERS):
            if turns_failed(house) >= lost:
                break
            lose_an_answer(postgres, only=b"COMMIT")
            talk.wait_for_more(PEOPLE)
    assert house.logged("spooled", channel="twilio_whatsapp", error="OperationalError") == 0
    assert turns_failed(house) >= lost


def turns_failed(house):
    return house.logged("batch_failed") + house.logged("turn_failed")


@pytest.mark.parametrize(
    ("sent", "kept"), [(OF_PEOPLE, KEPT_MESSAGES), (OF_OURS, KEPT_REPORTS)], ids=["messages", "reports"]
)
@pytest.mark.parametrize("lost", [1, pytest.param(LOST, marks=pytest.mark.soak)])
def test_webhooks_of_whose_storing_nobody_hears_are_spooled_and_known_by_their_keys(proxied, sent, kept, lost):
    house, postgres, _ = proxied
    spare(house, house.workers)
    house.start()
    with talk_of_known_people(house) as talk:
        while lost:
            with undrained(house):
                before = postgres.lost
                postgres.fault(resets_after=0, only=sent)
                wait_for(lambda: spooled(house), "nothing is spooled")
                postgres.fault()
                if postgres.lost > before:  # else something on its way was spooled first, and then all is
                    wait_for(lambda: is_kept(house, KEPT), "what was spooled has no row yet")
                    lost -= is_kept(house, kept)  # a message names one of ours, too, when a button was tapped
            wait_for(lambda: not spooled(house), "the spool is not drained", 180)  # while people talk on
            talk.wait_for_more(PEOPLE)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("meant", "leases"), [({"answer": b"zoblo"}, LOST), ({"only": OF_OURS}, 0)], ids=["a claim", "a settlement"]
)
def test_a_claim_or_a_settlement_of_which_nobody_hears_doubles_nothing(proxied, meant, leases):
    house, postgres, _ = proxied
    spare(house, house.webs)
    house.workers[0].environ[LEAVES_TURNS] = "1"  # whatever it reads of people's words, it has claimed
    house.start()
    with talk_of_known_people(house) as talk:
        for _ in range(LOST):
            lose_an_answer(postgres, **meant)
            talk.wait_for_more(PEOPLE)
    assert house.logged("database_away", error="OperationalError") >= LOST
    assert house.leases_lost() >= leases


def spare(house, processes):
    """These have no proxy before their database."""
    for process in processes:
        process.environ["DATABASE_URL"] = house.environ["DATABASE_URL"]


@contextmanager
def talk_of_known_people(house):
    """Everybody talks, and has a row when this begins: strangers are kept in another way."""
    with market_day(house) as talk:
        wait_for(lambda: all(talk.said.values()), "somebody is not heard")
        yield talk


def lose_an_answer(postgres, **meant):
    """PostgreSQL does what it is asked, and nobody hears of it."""
    before = postgres.lost
    postgres.fault(resets_after=0, **meant)
    wait_for(lambda: postgres.lost > before, "nothing is lost")
    postgres.fault()


@contextmanager
def undrained(house):
    """Nobody empties the spool meanwhile."""
    spool = house.folder / "var" / "spool"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (spool / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_kept(house, kept):
    """Whether something that waits in the spool has its row."""
    return bool(house.rows(kept, ids=spooled_ids(house)))


def spooled_ids(house):
    """The provider's ids of what waits in the spool."""
    files = [parsed_from_json(path.read_bytes()) for path in (house.folder / "var" / "spool").glob("*.webhook")]
    messages = [kept.message.provider_id for parsed in files for kept in parsed.messages]
    return messages + [report.provider_id for parsed in files for report in parsed.reports]


@pytest.mark.soak
def test_a_database_that_answers_nothing_is_spooled_past(proxied):
    house, postgres, _ = proxied
    house.start()
    with market_day(house) as talk:
        talk.wait_for_more(PEOPLE)
        postgres.fault(swallows=True)
        wait_for(lambda: spooled(house), "nothing is spooled")
        talk.wait_for_more(PEOPLE * 4)
        talk.stop.wait(5)
        assert spooled(house) > PEOPLE  # nobody waits any more: the next words go into the spool at once
        postgres.fault()
        wait_for(lambda: not spooled(house), "the spool is not drained")
        talk.wait_for_more(PEOPLE)
    assert slowest(talk) < 5.0


def spooled(house):
    return len(list((house.folder / "var" / "spool").glob("*.webhook")))


def slowest(talk):
    """Seconds of the slowest acknowledgement."""
    return max(talk.took)
