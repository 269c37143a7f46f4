"""Work for the jobs that come round by themselves, whose time has just come, and what came to nothing.

Each of WORK, by the name of the point that its job passes, is called with a crowd whose house is idle and a generator.
It leaves the house without a worker, and returns a question: whether the job has done all of that work.
"""

from collections.abc import Callable
from random import Random

from bot import accounts, figures
from bot.broadcasts import drafts
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Draft
from bot.engine import MOST_TRIES
from bot.invariants import INVARIANTS
from catalog.stock import JOB
from orders import holding
from tests.faults.crash_points import LEAVES_TURNS, VARIABLE
from tests.faults.crowd import PEOPLE, Crowd
from tests.processes.people import fill_baskets, people_of, stock_up
from tests.waiting import wait_for

MOST_GOODS = 3  # different ones in a basket
OF_BUYERS = 'vendor_order v join "order" o on o.id = v.order_id where o.contact_id = any(%(ids)s) and v.state = '
TO_BUYERS = (
    "outbox o join conversation c on c.id = o.conversation_id where c.contact_id = any(%(ids)s) and o.state = 'waiting'"
)
OF_TRIES = "inbox i join conversation c on c.id = i.conversation_id where c.contact_id = any(%(ids)s) and i.state = "
UNREACHABLE = 63024  # Twilio's
ANSWERED = TO_BUYERS.replace("= 'waiting'", "in ('sent', 'delivered', 'read')")
Work = Callable[[Crowd, Random], Callable[[], bool]]


def ended_holds(crowd, chance):
    """Baskets are held, and the hold has ended."""
    house, ids = crowd.house, [buyer.contact_id for buyer in _buyers_with_baskets(crowd, chance)]
    house.workers[0].put_down()
    with house.database.unit_of_work() as db:
        for contact_id in ids:
            assert isinstance(holding.hold_basket(db, contact_id, JOB, 0.001), holding.Held)
    return lambda: not _count(house, "basket where contact_id = any(%(ids)s) and held_until is not null", ids)


def unanswered_orders(crowd, chance):
    """Orders are placed, and their vendors were silent too long."""
    house, buyers = crowd.house, _buyers_with_baskets(crowd, chance)
    ids = [buyer.contact_id for buyer in buyers]
    for words in ("commander", "oui"):
        house.hand_in(house.provider.say(buyer.phone, words, name=buyer.name) for buyer in buyers)
        house.wait_until_idle()
    house.workers[0].put_down()
    placed = _count(house, f"{OF_BUYERS} 'placed'", ids)
    assert placed >= len(buyers)
    house.run(
        f"update vendor_order set expires_at = market_now() where id in (select v.id from {OF_BUYERS} 'placed')",
        ids=ids,
    )
    return lambda: _count(house, f"{OF_BUYERS} 'expired'", ids) == placed


def leave_turns(house):
    """The worker is gone, and the door answers nobody until its next life: what is said waits for the worker's."""
    (door,), (worker,) = house.webs, house.workers
    worker.put_down()
    door.put_down()
    door.start(**{LEAVES_TURNS: "1"})
    wait_for(lambda: house.is_open(door), "the door does not open")  # else the worker would be started again


def hands_of_the_dead(crowd, chance):
    """A worker died with bubbles in hand, at least one of which the provider never saw."""
    house, worker = crowd.house, crowd.house.workers[0]
    leave_turns(house)
    crowd.talk()
    worker.start(**{VARIABLE: chance.choice(("claimed", "sending"))})
    wait_for(lambda: not worker.is_alive, "nobody dies with a lease")
    longer = "lease_until = lease_until + interval '1 minute'"  # than a worker may take to start
    house.run(f"update outbox set sent_at = sent_at - interval '10 seconds', {longer} where state = 'sending'")
    return lambda: not _count(house, "outbox where state = 'sending'")


def leases_of_the_dead(crowd, chance):
    """The same on another machine, where nobody here can see what it had begun."""
    house = crowd.house
    hands_of_the_dead(crowd, chance)
    for file in (house.folder / "var" / "hands").iterdir():
        file.unlink()
    house.run("update outbox set lease_until = market_now() - interval '1 second' where state = 'sending'")
    return lambda: not _count(house, "outbox where state = 'sending' and lease_until < market_now()")


def doubtful_sends(crowd, chance):
    """The provider did not say whether it took some bubbles, and it is time to look them up."""
    house, doubtful = crowd.house, "outbox where state = 'uncertain'"
    house.provider.mode("reset", times=chance.randint(1, PEOPLE))
    crowd.talk()
    wait_for(lambda: _count(house, doubtful), "no send is in doubt")
    house.workers[0].put_down()
    house.provider.mode("ok")
    house.run("update outbox set sent_at = sent_at - interval '10 seconds' where state = 'uncertain'")
    return lambda: not _count(house, doubtful)


def late_bubbles(crowd, chance):
    """Answers wait at a paused account, and their time is over."""
    house, buyers = crowd.house, _buyers(crowd, chance)
    ids = [buyer.contact_id for buyer in buyers]
    with house.database.unit_of_work() as db:
        assert accounts.pause(db, house.value("select id from channel_account where key = 'twilio'"), "too old")
    house.hand_in(house.provider.say(buyer.phone, "bonjour", name=buyer.name) for buyer in buyers)
    wait_for(lambda: _count(house, TO_BUYERS, ids) >= len(ids), "nobody is answered")
    house.workers[0].put_down()
    late = f"update outbox set too_old_at = market_now() where id in (select o.id from {TO_BUYERS}) returning id"
    house.unheard |= {row.id for row in house.run(late, ids=ids).rows}

    def are_retired():
        if _count(house, TO_BUYERS, ids):
            return False
        with house.database.unit_of_work() as db:
            accounts.resume(db, "twilio")
        return True

    return are_retired


def old_messages(crowd, _chance):
    """All that was said was kept long enough; the books are read before it goes."""
    house = crowd.house
    crowd.talk()
    house.wait_until_idle()
    crowd.check()
    house.workers[0].put_down()
    house.forgotten |= {row.id for row in house.rows("select id from outbox where kind = 'reply'")}
    house.run("update inbox set received_at = received_at - interval '130 days'")
    house.run("update turn set now = now - interval '130 days'")
    house.run("update seen set seen_at = seen_at - interval '130 days'")
    crowd.said.clear()
    crowd.leave()
    house.provider.acknowledged.clear()
    house.provider.heard.clear()  # so old that it is listed no more: else it would be found to be missed
    columns = {"inbox": "received_at", "turn": "now", "seen": "seen_at"}
    kept = [f"{table} where {column} < market_now() - interval '129 days'" for table, column in columns.items()]
    return lambda: not any(_count(house, old) for old in kept)


def untouched_baskets(crowd, chance):
    """Baskets hold nothing, and nobody has touched them for long."""
    house, ids = crowd.house, [buyer.contact_id for buyer in _buyers_with_baskets(crowd, chance)]
    house.workers[0].put_down()
    house.run(
        "update basket set touched_at = touched_at - interval '100 days' where contact_id = any(%(ids)s)", ids=ids
    )
    return lambda: not _count(house, "basket where contact_id = any(%(ids)s)", ids)


def ended_waits(crowd, chance):
    """Chats that waited for somebody's word have waited long enough."""
    house, ids = crowd.house, _greeted(crowd, chance)
    house.workers[0].put_down()
    house.run("update conversation set wakes_at = market_now() where contact_id = any(%(ids)s)", ids=ids)
    return lambda: not _count(house, "conversation where contact_id = any(%(ids)s) and wakes_at is not null", ids)


def unlooked_books(crowd, _chance):
    """Nobody has ever looked at the invariants."""
    house = crowd.house
    house.workers[0].put_down()
    looks = "figure where name = any(%(ids)s)"
    names = [figures.INVARIANTS_BEGUN, *(figures.BROKEN + invariant.name for invariant in INVARIANTS)]
    house.run(f"delete from {looks}", ids=names)
    return lambda: _count(house, looks, names) == len(names)


def hopeless_messages(crowd, chance):
    """Messages have used up their tries, and nobody has taken them since."""
    house, buyers = crowd.house, _buyers(crowd, chance)
    ids = [buyer.contact_id for buyer in buyers]
    leave_turns(house)
    house.hand_in(house.provider.say(buyer.phone, "bonjour", name=buyer.name) for buyer in buyers)
    house.run(f"update inbox set attempts = {MOST_TRIES} where id in (select i.id from {OF_TRIES} 'open')", ids=ids)
    return lambda: _count(house, f"{OF_TRIES} 'dead'", ids) == len(ids)


def refused_bubbles(crowd, chance):
    """The provider will say that somebody cannot be reached."""
    house, buyers = crowd.house, _buyers(crowd, chance)
    ids = [buyer.contact_id for buyer in buyers]
    leave_turns(house)
    house.hand_in(house.provider.say(buyer.phone, "bonjour", name=buyer.name) for buyer in buyers)
    house.provider.mode(f"refuse:{UNREACHABLE}", times=1)
    return lambda: _count(house, ANSWERED, ids) >= len(ids)


def announcements_due(crowd, chance):
    """Something is to be announced to all who have said one thing, and its time has come."""
    house, ids = crowd.house, _greeted(crowd, chance)
    house.workers[0].put_down()
    house.run("update contact set wants_announcements = true where id = any(%(ids)s)", ids=ids)
    draft = Draft({"fr": "Atelier demain à 9 h."}, Audience(), override_quiet=True, override_weekly=True)
    with house.database.unit_of_work() as db:
        number = drafts.make(db, None, draft)
        db.run(
            "update broadcast set state = 'scheduled', due_at = market_now(), second_by = 1,"
            " people = (select count(*) from contact) where id = %(id)s",
            id=number,
        )
    told = "broadcast_recipient where contact_id = any(%(ids)s) and state in ('sent', 'delivered', 'read')"
    return lambda: (
        _count(house, "broadcast where id = any(%(ids)s) and state = 'done'", [number])
        and _count(house, f"{told} and broadcast_id = {number}", ids) == len(ids)
    )


WORK: dict[str, Work] = {
    "holds_ended": ended_holds,
    "silence_ended": unanswered_orders,
    "hands_freed": hands_of_the_dead,
    "leases_ended": leases_of_the_dead,
    "looked_up": doubtful_sends,
    "bubbles_retired": late_bubbles,
    "forgotten": old_messages,
    "baskets_dropped": untouched_baskets,
    "woken": ended_waits,
    "broadcast_begun": announcements_due,
    "broadcast_moved": announcements_due,
    "invariant_counted": unlooked_books,
    "burying": hopeless_messages,
    "buried": hopeless_messages,
    "settled_not_followed": refused_bubbles,
    "followed": refused_bubbles,
}


def _buyers(crowd, chance):
    """Some who have not spoken."""
    return people_of(crowd.house, chance.randint(1, PEOPLE), f"+22895{crowd.first:06d}")


def _greeted(crowd, chance):
    """Contact ids of some who have said one thing."""
    house, buyers = crowd.house, _buyers(crowd, chance)
    house.hand_in(house.provider.say(buyer.phone, "bonjour", name=buyer.name) for buyer in buyers)
    house.wait_until_idle()
    return [buyer.contact_id for buyer in buyers]


def _buyers_with_baskets(crowd, chance):
    """The same with goods that there are enough of."""
    house, buyers = crowd.house, _buyers(crowd, chance)
    goods = house.rows("select id, stock_id from product where kind = 'single' order by id limit 20")
    stock_up(house, {row.stock_id for row in goods}, 1000)
    ids = [row.id for row in goods]
    fill_baskets(house, [(buyer, chance.sample(ids, chance.randint(1, MOST_GOODS))) for buyer in buyers])
    return buyers


def _count(house, rows, ids=()):
    return house.value(f"select count(*) from {rows}", ids=list(ids))
