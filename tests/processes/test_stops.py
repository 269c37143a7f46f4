"""A process that is told to stop does so, whichever of its threads the system tells."""

import ctypes
import signal
from pathlib import Path

import pytest

from tests.processes.house import STOPS_WITHIN, house_in
from tests.waiting import wait_for


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """A door and a worker."""
    with house_in(services, planted, redis, redis_url, tmp_path) as house:
        yield house.start()


def test_a_worker_that_hears_it_in_another_thread_settles_and_ends(house):
    (worker,) = house.workers
    tell_another_thread(worker.popen.pid)
    assert worker.popen.wait(STOPS_WITHIN) == 0
    assert house.logged("given_back") == 1


def test_a_door_that_hears_it_in_another_thread_ends(house):
    (door,) = house.webs
    (served,) = door.serving()
    tell_another_thread(served)
    wait_for(lambda: not Path(f"/proc/{served}").exists(), "the door's end")


def tell_another_thread(pid):
    """SIGTERM to one that is not the main thread, as the system may do where one begins at that moment."""
    others = {int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()} - {pid}
    other = min(others)  # that was there first, and stays
    assert ctypes.CDLL(None).tgkill(pid, other, signal.SIGTERM) == 0
