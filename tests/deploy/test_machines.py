"""What an operator puts on a machine: each file is read by its own program, and each command in it is one of ours."""

import os
import re
import shutil
import subprocess
import time

import pytest
import yaml
from redis import Redis

from base.children import environment_of
from base.config import ROOT, load
from base.embedded_place import find_place
from base.memory import TUNABLES
from cli import cli
from tests import databases
from tests.faults.debian import needed
from tests.waiting import wait_for

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMPOSE = DEPLOY / "compose.yaml"
ENV = DEPLOY / "assigame.env"
OWN = re.compile(r"(cli\.py ([\w-]+)|worker\.py)")
ENABLE = re.compile(r"systemctl enable --now ([^`\n]+)")
VARIABLE = re.compile(r"^([A-Z_]+)=", re.MULTILINE)


def test_the_units_are_read_by_systemd(tmp_path):
    needed("systemd", lambda: shutil.which("systemd-analyze"))
    for unit in UNITS:
        text = unit.read_text().replace("/opt/assigame", str(ROOT)).replace("/etc/assigame/assigame.env", str(ENV))
        (tmp_path / unit.name).write_text(re.sub(r"^(User|Group)=assigame$", r"\1=root", text, flags=re.MULTILINE))
    names = [str(tmp_path / unit.name.replace("@.", "@8000.")) for unit in UNITS]
    for template in tmp_path.glob("*@.service"):
        shutil.copy(template, tmp_path / template.name.replace("@.", "@8000."))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *names],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "assigame" in line]) == (0, [])


def test_doors_and_workers_begin_with_what_keeps_their_threads_small():
    ((name, value),) = TUNABLES.items()
    units = [DEPLOY / "systemd" / f"assigame-{part}@.service" for part in ("web", "worker")]
    assert [unit.read_text().count(f"\nEnvironment={name}={value}\n") for unit in units] == [1, 1]
    assert f"\nENV {name}={value}\n" in (DEPLOY / "Dockerfile").read_text()
    assert environment_of(load(environ={}), ROOT)[name] == value


def test_what_the_runbook_has_somebody_enable_begins_again_with_the_machine(tmp_path):
    needed("systemd", lambda: shutil.which("systemctl"))
    units = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(DEPLOY / "systemd", units)
    for typed in ENABLE.findall((ROOT / "OPERATIONS.md").read_text()):
        subprocess.run(["systemctl", "--quiet", f"--root={tmp_path}", "enable", *typed.split()], check=True)
    assert {str(path.relative_to(units)) for path in units.glob("*/*")} == {
        "multi-user.target.wants/assigame.target",
        "assigame.target.wants/assigame-worker@3.service",
        "assigame.target.wants/assigame-web@8002.service",
        "timers.target.wants/assigame-backup.timer",
    }


def test_a_backup_makes_room_before_it_and_leaves_the_newest_thirteen(tmp_path):
    folder = tmp_path / "backups"
    text = (DEPLOY / "systemd" / "assigame-backup.service").read_text().replace("/var/lib/assigame", str(tmp_path))
    before = re.findall(r"^ExecStartPre=-?(.+)$", text, re.MULTILINE)
    subprocess.run(["sh", "-c", before[0]], check=True)
    for day in range(1, 21):
        (folder / f"2026-08-{day:02}.backup").touch()
        os.utime(folder / f"2026-08-{day:02}.backup", (day * 86400, day * 86400))
    for name, age in ((".2026-08-05.backup.x1", 86400), (".2026-08-20.backup.x2", 60)):
        (folder / name).mkdir()
        (folder / name / "dump").touch()
        os.utime(folder / name, (time.time() - age,) * 2)
    for line in before:
        subprocess.run(["sh", "-c", line], check=True)
    left = {".2026-08-20.backup.x2", *(f"2026-08-{day:02}.backup" for day in range(8, 21))}
    assert {path.name for path in folder.iterdir()} == left


@pytest.mark.parametrize("file", [*UNITS, COMPOSE, DEPLOY / "Dockerfile"], ids=lambda file: file.name)
def test_each_command_is_one_of_ours(file):
    text = file.read_text().replace(", ", " ").replace('"', "")
    for found in OWN.finditer(text):
        assert (found[1] == "worker.py" and (ROOT / "worker.py").exists()) or found[2] in cli.commands


def test_what_an_operator_types_is_a_command_of_ours_with_the_settings_of_the_machine(tmp_path):
    told = tmp_path / "systemd-run"
    told.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    told.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    typed = subprocess.run(
        [DEPLOY / "assigame", "attention", "--typed", "7", "riz 20"], env=path, capture_output=True, text=True
    )
    *options, python, program, command, option, number, words = typed.stdout.splitlines()
    units = (DEPLOY / "systemd" / "assigame-worker@.service").read_text()
    for setting in options[options.index("-p") + 1 :: 2]:
        assert f"{setting}\n" in units
    assert python in units
    assert (program, command, option, number, words) == ("cli.py", "attention", "--typed", "7", "riz 20")


def test_everything_that_the_market_waits_for_can_be_told_in_its_variables():
    told = VARIABLE.findall(ENV.read_text())
    assert len(told) == len(set(told))
    filled = {name: str(number) for number, name in enumerate(told) if "URL" not in name} | {
        "ASSIGAME__ENVIRONMENT": "production",
        "DATABASE_URL": "postgresql://assigame@localhost/assigame",
        "REDIS_URL": "redis://localhost:6379/0",
        "PUBLIC_BASE_URL": "https://market.example",
        "SECRET_KEY": "k" * 64,
        "LASTING_KEY": "l" * 64,
        "TWILIO_WHATSAPP_FROM": "whatsapp:+22870000000",
        "WHATSAPP_NUMBER": "+22870000001",
    }
    config = load(environ=filled)
    assert config.environment == "production"
    assert {account.kind for account in config.active_accounts()} == {"twilio_whatsapp", "whatsapp_cloud", "messenger"}


def test_postgresql_takes_its_settings(services):
    place = find_place(databases.VAR)
    ours = place.sockets / "deploy.conf"  # where its own user can read
    settings = place.sockets / "assigame.conf"
    place.write(settings, (DEPLOY / "postgresql" / "assigame.conf").read_text())
    contained = (DEPLOY / "postgresql" / "containers.conf").read_text()
    assert "'/etc/postgresql/assigame.conf'" in contained
    place.write(ours, contained.replace("/etc/postgresql/assigame.conf", str(settings)))
    program, at = place.postgres_programs / "postgres", ("-D", place.postgres_data, f"--config-file={ours}")
    told = {"shared_buffers": "262144", "synchronous_commit": "on", "jit": "off", "listen_addresses": "*"}
    for name, value in told.items():
        assert place.run(program, "-C", name, *at, cwd=place.sockets).strip() == value


def test_redis_takes_its_settings(services, tmp_path):
    program = find_place(databases.VAR).redis_server
    socket = tmp_path / "redis.sock"
    command = [program, DEPLOY / "redis" / "assigame.conf", "--port", "0", "--unixsocket", socket, "--dir", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        wait_for(socket.exists, "Redis has no socket")
        with Redis(unix_socket_path=str(socket), decode_responses=True) as client:
            kept = client.config_get("*")
            assert (kept["appendfsync"], kept["appendonly"]) == ("everysec", "yes")
            assert kept["maxmemory-policy"] == "noeviction"
            assert kept["bind"] == "127.0.0.1 -::1"  # a machine without IPv6 is none that fails
        server.terminate()
        assert server.wait(20) == 0


def test_the_containers_are_those_of_a_whole_market():
    whole = yaml.safe_load(COMPOSE.read_text())
    assert set(whole["services"]) == {"set-up", "web", "worker", "nginx", "postgres", "redis"}
    for service in whole["services"].values():
        mounted = [volume.split(":")[0] for volume in service.get("volumes", ())]
        ours = [DEPLOY / path for path in mounted if path.startswith("./")]
        assert [path for path in ours if not path.exists()] == []
    units = (DEPLOY / "systemd" / "assigame-web@.service").read_text()
    assert whole["x-market"]["env_file"] == re.findall(r"^EnvironmentFile=(.+)$", units, re.MULTILINE)
    assert (ROOT / whole["x-market"]["build"]["dockerfile"]).exists()
