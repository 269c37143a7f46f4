"""The invariants of broadcasts are silent through one's whole life, and each names the row that it catches."""

from base.invariants import violations
from bot.broadcasts import sending
from bot.broadcasts.invariants import INVARIANTS


def broken(people):
    return [(found.invariant, found.row.partition(" ")[0]) for found in violations(people.db, INVARIANTS)]


def test_nothing_is_broken_at_any_moment_of_a_broadcast(people):
    for _ in range(3):
        people.person()
    number = people.begun()
    assert broken(people) == []
    people.moves(number)
    assert broken(people) == []
    people.ends(people.queued()[:1])
    sending.stop(people.db, number, None)
    assert broken(people) == []
    sending.resume(people.db, people.config, number, None)
    people.moves(number)
    people.ends(people.queued())
    people.moves(number)
    assert broken(people) == []


def test_each_catches_its_breach(people):
    people.person()
    number = people.begun()
    people.moves(number)
    people.db.run("update broadcast_recipient set said_at = null, state = 'planned'")
    assert broken(people) == [("who_is_planned_has_no_announcement", "outbox")]
    people.db.run("update broadcast_recipient set said_at = 1, state = 'queued'")
    people.db.run("delete from outbox")
    assert broken(people) == [("who_is_queued_has_his_announcement", "broadcast_recipient")]
