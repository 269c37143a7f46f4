"""What tests of the catalog share."""

import pytest

from tests.catalog.crowd import crowded


@pytest.fixture
def crowd(clean_database, database_url):
    """The clean database, with room for a race."""
    with crowded(database_url) as database:
        yield database
