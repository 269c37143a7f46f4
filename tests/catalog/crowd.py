"""Many at once, each with a real connection."""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from base.db import Database


@contextmanager
def crowded(url):
    """A `Database` with a connection for everyone who waits in a race."""
    database = Database(url, pool_size=24, pool_wait=30)
    yield database
    database.close()


def run_together(work, values):
    """Run `work(value)` for all values, started at one moment; the results in the order of the values.

    What a thread raises first is raised here, with its own traceback.
    """
    values = list(values)
    start = threading.Barrier(len(values))

    def run(value):
        start.wait(timeout=60)
        return work(value)

    with ThreadPoolExecutor(len(values)) as threads:
        running = [threads.submit(run, value) for value in values]
        for done in as_completed(running, timeout=60):
            done.result()
    return [done.result() for done in running]
