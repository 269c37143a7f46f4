"""What tests of events share."""

import pytest

from tests.catalog.crowd import crowded
from tests.events.week import make_event, make_workshop


@pytest.fixture
def crowd(clean_database, database_url):
    """The clean database, with room for a race."""
    with crowded(database_url) as database:
        yield database


@pytest.fixture
def week(db):
    return make_event(db)


@pytest.fixture
def workshop(db, week):
    """Number 3, with two places, in three days, for two hours."""
    return make_workshop(db, week)
