"""Many at once, each with a real connection."""

import threading
from contextlib import contextmanager

from base.db import Database


@contextmanager
def crowded(url):
    """A `Database` with a connection for everyone who waits in a race."""
    database = Database(url, pool_size=24, pool_wait=30)
    yield database
    database.close()


def run_together(work, values):
    """Run `work(value)` for all values, started at one moment; the results in the order of the values."""
    values = list(values)
    start, results = threading.Barrier(len(values)), {}

    def run(place, value):
        start.wait()
        results[place] = work(value)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(values)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return [results[place] for place in range(len(values))]
