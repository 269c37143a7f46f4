"""Channel accounts of one house do not wait for each other: one whose provider hangs takes no other's threads."""

import threading

import pytest

from base.accounts import SimulatorAccount
from base.secret import Secret
from bot import accounts, outbox, uncertain
from bot.messages import Accepted, Outgoing
from bot.outbox import News
from bot.posting import Office, Posting
from bot.provider_answers import NotTaken
from tests.bot.stall import Stall
from tests.waiting import wait_for

SLOTS, PEOPLE = 4, 6
SLOW = SimulatorAccount(key="slow", secret=Secret("s"))


class Uneven:
    """A provider that answers one account at once, and the other one when it may; what it was asked, by account."""

    def __init__(self):
        self.asked, self.may_answer = [], threading.Event()

    def send(self, account, letter):
        self._ask(account)
        return Accepted(f"SM{letter.outbox_id}")

    def look_up(self, account, letter, since):
        self._ask(account)
        return NotTaken()

    def _ask(self, account):
        self.asked.append(account.key)
        if account.key == SLOW.key:
            assert self.may_answer.wait(20)

    def times(self, key):
        return self.asked.count(key)


@pytest.fixture
def provider():
    provider = Uneven()
    yield provider
    provider.may_answer.set()


@pytest.fixture
def stall(clean_database, redis_url, redis, config):
    """More people wait on the slow account than it has threads; as many on the other one."""
    clean_database.reactions = []
    stall = Stall(clean_database, redis_url, config)
    with stall.database.unit_of_work() as db:
        slow_id = accounts.ensure(db, [SLOW])[SLOW.key]
    stall.slow_id = slow_id
    people(stall, "+2289100", slow_id)
    people(stall, "+2289200", stall.account_id)
    for key in (SLOW.key, stall.account.key):
        for bucket in (f"bucket:sender:{key}", f"bucket:sender:{key}:bulk"):
            redis.hset(bucket, mapping={"tokens": 80, "at": 0})
    return stall


def people(stall, phones, account_id):
    """Conversations on an account, each with a bubble that waits."""
    known = [f"{phones}{number:04}" for number in range(PEOPLE)]
    stall.opens(*known)
    rows = stall.rows("select contact_id from identity where value = any(%(known)s)", known=known)
    ids = [row.contact_id for row in rows]
    for table in ("identity", "conversation"):
        stall.run(
            f"update {table} set account_id = %(account)s where contact_id = any(%(ids)s)", account=account_id, ids=ids
        )
    chats = stall.rows("select id from conversation where contact_id = any(%(ids)s)", ids=ids)
    with stall.database.unit_of_work() as db:
        for chat in chats:
            said = db.value("select nextval('said_no')")
            outbox.put_notice(db, News(chat.id, said, Outgoing(f"news {said}")), 3600)


def office_of(stall, provider):
    """The slow account comes first."""
    both = {stall.slow_id: SLOW, stall.account_id: stall.account}
    return Office(**{**stall.office.__dict__, "accounts": both, "carriers": {"simulator": provider}})


def states(stall, account_id):
    rows = stall.rows("select state from outbox where account_id = %(account)s order by id", account=account_id)
    return [row.state for row in rows]


def test_sends_that_hang_on_one_account_hold_up_none_of_another(stall, provider):
    posting = Posting(office_of(stall, provider), SLOTS)
    while states(stall, stall.account_id) != ["sent"] * PEOPLE:
        posting.bell.clear()
        if not posting.round():
            assert posting.bell.wait(10), provider.asked
    assert (provider.times(SLOW.key), provider.times(stall.account.key)) == (SLOTS, PEOPLE)
    assert states(stall, stall.slow_id) == ["sending"] * SLOTS + ["waiting"] * (PEOPLE - SLOTS)

    provider.may_answer.set()
    posting.drain(10)
    assert states(stall, stall.slow_id) == ["sent"] * SLOTS + ["waiting"] * (PEOPLE - SLOTS)


def test_of_an_account_that_has_nothing_more_nobody_asks(stall, provider, monkeypatch):
    provider.may_answer.set()
    stall.run("update outbox set kind = 'bulk' where account_id = %(account)s", account=stall.account_id)
    posting, claim, asked = Posting(office_of(stall, provider), SLOTS), outbox.claim, []

    def noted(db, lease, account_id, limit, bulk):
        asked.append(account_id)
        return claim(db, lease, account_id, limit, bulk)

    monkeypatch.setattr("bot.outbox.claim", noted)
    posting.round()  # four of the slow one, three of the other one: a thread is kept from announcements
    assert asked == [stall.slow_id, stall.account_id]
    wait_for(lambda: all(future.done() for future in posting.under_way), "they do not come back")
    posting.round(looks=False)  # all threads of both were taken
    wait_for(lambda: all(future.done() for future in posting.under_way), "they do not come back")
    del asked[:]
    posting.round(looks=False)
    assert asked == [stall.account_id]  # announcements came back there: others may follow
    assert states(stall, stall.slow_id) + states(stall, stall.account_id) == ["sent"] * 2 * PEOPLE
    posting.drain(10)


def test_look_ups_that_hang_on_one_account_hold_up_none_of_another(stall, provider):
    office = office_of(stall, provider)
    stall.run("update outbox set state = 'uncertain', sent_at = market_now() - interval '45 seconds'")
    hangs = threading.Thread(target=uncertain.resolve, args=(office, stall.slow_id, 100))
    hangs.start()
    assert uncertain.resolve(office, stall.account_id, 100) == PEOPLE

    looked_up = "select array_agg(distinct look_ups) from outbox where account_id = %(account)s"
    assert stall.value(looked_up, account=stall.account_id) == [1]
    assert (provider.times(stall.account.key), hangs.is_alive()) == (PEOPLE, True)
    provider.may_answer.set()
    hangs.join(10)
    assert provider.times(SLOW.key) == PEOPLE
