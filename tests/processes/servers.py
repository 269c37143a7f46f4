"""Servers of a test's own, to be stopped and crashed, and a house on them."""

import shutil
from contextlib import contextmanager

from base import embedded
from base.embedded_place import ELSEWHERE, find_place
from base.migrating import migrate
from tests.faults import totals
from tests.ports import free_port
from tests.processes.house import House, settings, settle_contents
from tests.processes.providers import TwilioProvider


@contextmanager
def own_servers(folder):
    """A PostgreSQL and a Redis under this folder; their place."""
    var = folder / "var"
    embedded.start(var)
    place = find_place(var)
    yield place
    embedded.stop(var)
    if place.home.is_relative_to(ELSEWHERE):
        shutil.rmtree(place.home)
    shutil.rmtree(place.sockets, ignore_errors=True)


@contextmanager
def house_at(place, folder, *, webs=1, workers=1, **more):
    """A house on those servers, not started, without goods and people; `more` are settings."""
    services = embedded.running(place.var)
    migrate(services.database_url)
    ports = [free_port() for _ in range(webs)]
    with TwilioProvider([f"http://127.0.0.1:{port}" for port in ports]) as provider:
        environ = settings(services.database_url, services.redis_url, place.var, [provider], **more)
        settle_contents(environ, provider)
        house = House(environ, folder, ports, workers, [provider])
        house.server_log = place.postgres_data / "server.log"
        try:
            with totals.counted(house):
                yield house
                house.check_logs()
                house.database.close()  # its lines may be of a server that has ended
        finally:
            house.close()


def spooled(place):
    """How many webhooks wait in the spool."""
    return len(list((place.var / "spool").glob("*.webhook")))


def crash(place, house):
    """A house's PostgreSQL without a goodbye: what is committed is in its log, what is under way is gone."""
    house.server_fell("PostgreSQL")
    place.run(place.postgres_programs / "pg_ctl", "-D", "postgres", "-m", "immediate", "-w", "stop", cwd=place.home)
