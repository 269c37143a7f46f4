"""Two hundred people at once for thirty places, two doors and two workers: no place too many, and a queue in order."""

from collections import Counter

import pytest
from redis import Redis

from base.invariants import violations
from bot.invariants import INVARIANTS
from tests.processes.house import house_in
from tests.processes.people import people_of

PEOPLE, PLACES = 200, 30
NUMBER = 3  # of the workshop
WITHIN = 5.0  # seconds from the yes of who gives up until who waits has his place
OPEN = "number = %(number)s and event_id = (select id from event where state = 'open')"
QUEUE = f"""
select b.contact_id, b.state, b.place from booking b join workshop w on w.id = b.workshop_id where w.{OPEN}
order by b.place
"""
# what everybody was told of his place: the first text of the last turn, and his place in the queue
TOLD = """
select c.contact_id, t.said->0->>0 as key,
  (select (a->2->>'rank')::int from jsonb_array_elements(t.answers) a where a->>1 like '%%.queued') as rank
from turn t join conversation c on c.id = t.conversation_id where t.said->0->>0 in ('buyer.booked', 'buyer.queued')
"""
# from giving a place up, which is one transaction with moving up, until the provider was called with the news
TOOK = """
select max(o.sent_at - b.moved_up_at) from outbox o join booking b on b.id = (o.about->>'booking')::bigint
where b.moved_up_at is not null
"""


@pytest.fixture
def house(services, planted, redis_url, tmp_path_factory):
    """Two doors and two workers; afterwards its logs are read."""
    with Redis.from_url(redis_url) as redis:
        folder = tmp_path_factory.mktemp("house")
        with house_in(services, planted, redis, redis_url, folder, webs=2, workers=2, callbacks=()) as house:
            yield house.start()
            house.wait_until_idle()
            house.check_logs()


def say(house, people, words):
    """All say it at one moment; then everybody has been answered."""
    said = [house.provider.say(someone.phone, words, name=someone.name) for someone in people]
    assert house.provider.knock_together(said) == [200] * len(people)
    house.wait_until_idle()


def test_two_hundred_at_once_take_thirty_places_and_the_rest_wait_in_order_and_move_up(house):
    people = people_of(house, PEOPLE)
    assert house.value(f"select capacity from workshop where {OPEN}", number=NUMBER) == PLACES

    say(house, people, f"ATELIER {NUMBER}")

    queue = house.rows(QUEUE, number=NUMBER)
    assert [row.state for row in queue] == ["booked"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
    assert {row.contact_id for row in queue} == {someone.contact_id for someone in people}
    told = {row.contact_id: (row.key, row.rank) for row in house.rows(TOLD)}
    assert Counter(key for key, _ in told.values()) == {"buyer.booked": PLACES, "buyer.queued": PEOPLE - PLACES}
    waiting = [row.contact_id for row in queue[PLACES:]]
    assert [told[contact] for contact in waiting] == [("buyer.queued", n) for n in range(1, len(waiting) + 1)]

    by_contact = {someone.contact_id: someone for someone in people}
    leaving = [by_contact[row.contact_id] for row in queue[:10]]
    say(house, leaving, f"désinscrire {NUMBER}")
    say(house, leaving, "oui")

    after = {row.contact_id: row.state for row in house.rows(QUEUE, number=NUMBER)}
    assert [after[someone.contact_id] for someone in leaving] == ["cancelled"] * len(leaving)
    assert [after[contact] for contact in waiting] == ["booked"] * 10 + ["waiting"] * (len(waiting) - 10)
    for contact in waiting[:10]:
        assert "Une place s'est libérée" in house.provider.to(by_contact[contact].phone)[-1].body
    took = house.value(TOOK)
    assert took.total_seconds() < WITHIN
    with house.database.unit_of_work() as db:
        assert violations(db, INVARIANTS) == []
