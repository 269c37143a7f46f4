"""A planted market to copy houses from."""

import pytest

from tests.journeys.conftest import planted_market


@pytest.fixture(scope="session")
def planted(services, redis_url):
    """A database that holds the demo market, and the folder with its photos."""
    return planted_market(services, redis_url)
