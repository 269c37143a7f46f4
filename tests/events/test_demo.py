"""The demo's event: the real week of 2021, and one like it that is soon."""

from base import clock
from events import programme
from events.demo import plant
from tests.orders.buying import advance


def test_the_real_week_is_there_and_one_like_it_is_open(db):
    now_open = plant(db)
    real = programme.event_of_slug(db, "semaine-du-e-commerce-2021")
    assert (str(real.starts_on), str(real.ends_on), real.state) == ("2021-08-16", "2021-08-29", "over")
    assert real.note == now_open.note == "Horaires, salles et places sont inventés."
    assert now_open.cloned_from == real.id
    assert (now_open.starts_on.weekday(), now_open.state) == (0, "open")
    assert 3 <= (now_open.starts_on - clock.now(db).date()).days <= 9
    found = programme.programme(db, now_open.id)
    assert [one.number for one in found] == list(range(1, 18))
    assert {one.takes(clock.now(db)) for one in found} == {True}
    assert (programme.of_number(db, now_open.id, 3).capacity, len(programme.phases(db, now_open.id))) == (30, 2)


def test_planting_again_changes_nothing_until_the_week_is_over(db):
    first = plant(db)
    assert plant(db) == first
    advance(db, 40 * 24 * 3600)
    second = plant(db)
    assert second.starts_on > first.ends_on
    assert programme.event(db, first.id).state == "over"
    assert len(programme.events(db)) == 3
