"""A whole market behind the page at a workshop's door."""

from datetime import timedelta

import pytest

import webhooks
from base.config import load
from bot import contacts, door
from bot.messages import Identity, Sender
from events import bookings, programme
from tests.conftest import VARIABLES
from tests.events.week import LETTERS, make_event, make_workshop
from tests.journeys.conftest import environment
from wiring import build


@pytest.fixture
def doorway(clean_database, database_url, redis_url, tmp_path):
    """A whole market with a workshop, a guest and an organizer: (application, path, code)."""
    secret = VARIABLES["SIMULATOR_SECRET"]
    market = build(load(environ=environment(database_url, redis_url, tmp_path, SIMULATOR_SECRET=secret)))
    key = market.config.secret_key
    account = next(iter(market.ids.values()))

    def meet(db, phone, name):
        return contacts.find_or_make_chat(db, account, Sender((Identity("phone", phone),), name), [account])

    with market.database.unit_of_work() as db:
        workshop = make_workshop(db, make_event(db), begins=timedelta(hours=1))
        awa, chief = meet(db, "+22890000001", "Awa Mensah"), meet(db, "+22890000999", "Chef")
        contacts.grant(db, chief.contact_id, "organizer")
        bookings.book(db, workshop, awa.contact_id, awa.conversation_id, LETTERS)
        code = bookings.own(db, workshop, awa.contact_id).code
        one = programme.workshop(db, workshop)
        path = door.path_of(one, chief.contact_id, key, one.starts_at)
    yield webhooks.create_app(market), path, code
    market.database.close()
