"""A market that is measured at its largest has the database that deploy/ would give it."""

import psycopg

from base import embedded
from bench.deployed import as_deployed, settings
from bench.systems import libpq


def test_the_database_starts_with_what_deploy_sets(tmp_path):
    folder = as_deployed(tmp_path / "market")
    services = embedded.start(folder)
    try:
        with psycopg.connect(libpq(services.database_url)) as db:
            shown = [db.execute(f"show {name}").fetchone()[0] for name in ("shared_buffers", "max_wal_size", "jit")]
            set_here = {name for (name,) in db.execute("select name from pg_file_settings where applied")}
    finally:
        embedded.stop(folder)
    assert shown == ["2GB", "4GB", "off"]
    assert {name for name, _ in settings()} <= set_here
