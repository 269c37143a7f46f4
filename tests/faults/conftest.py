"""Houses whose processes can be told where to die."""

import pytest
from redis import Redis

from tests.faults.crash_points import DEADLY
from tests.journeys.conftest import planted_market
from tests.processes.house import PATIENT, house_in
from tests.seeds import seed_of

OFTEN_FORGETTING = PATIENT | {"ASSIGAME__TIMING__RETENTION_EVERY": "0.1"}  # whoever begins anew goes on


@pytest.fixture(scope="session")
def planted(services, redis_url):
    """A database that holds the demo market, and the folder with its photos."""
    return planted_market(services, redis_url)


@pytest.fixture
def seed():
    """FAULT_SEED of the environment has a failing run again."""
    return seed_of("FAULT_SEED")


@pytest.fixture(scope="module")
def deadly_house(services, planted, redis_url, tmp_path_factory):
    """A door and a worker for a whole module; each life of a process may be given a point to die at."""
    with Redis.from_url(redis_url) as redis:
        folder = tmp_path_factory.mktemp("house")
        with house_in(services, planted, redis, redis_url, folder, more=OFTEN_FORGETTING, **DEADLY) as house:
            yield house.start()
