"""A process that was just begun can be told by its group at once."""

import os
import signal

from tests.processes import nursery


def test_a_process_that_is_told_to_die_as_soon_as_it_is_begun_dies(tmp_path):
    for number in range(5):
        child = nursery.begin(["-m", "http.server", "0"], {}, tmp_path / f"{number}.log")
        os.killpg(child.pid, signal.SIGKILL)
        assert child.wait(10) == -signal.SIGKILL
