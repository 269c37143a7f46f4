"""OPERATIONS.md: each alarm has its page, and whatever it has somebody type exists and is taken."""

import re
import shlex
import subprocess

import click
import pytest
import yaml

from base.config import ROOT, load
from bot import sharing
from bot.hands import folder_of
from cli import cli
from tests.deploy.test_alerts import ALERTS
from wiring import media_of

RUNBOOK = (ROOT / "OPERATIONS.md").read_text()
WORDS = re.findall(r'^msgid "(.+)"$', (ROOT / "bot/locales/en/LC_MESSAGES/bot.po").read_text(), re.MULTILINE)
COMMAND = re.compile(
    r"^(?:[^\s`]+/python )?cli\.py (.+?)(?:\s+#.*)?$|`(?:[^\s`]+/python )?cli\.py ([^`]+)`", re.MULTILINE
)
QUERY = re.compile(r"^(select .+)$|`(select .+?)`", re.MULTILINE)
PARTS = {"what it means": r"\*[A-Z][^*]+\*", "where to look": r"^Look: ", "what to do": r"^Do: "}


def anchor_of(heading):
    return f"OPERATIONS.md#{re.sub(r'[^a-z0-9 -]', '', heading.lower()).replace(' ', '-')}"


def pages():
    """Address of each page, as links name it → its words."""
    parts = re.split(r"^#+ (.+)$", RUNBOOK, flags=re.MULTILINE)
    return {anchor_of(heading): words for heading, words in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alarm_has_a_page_that_says_what_it_means_where_to_look_and_what_to_do(alert):
    words = pages()[ALERTS[alert]["annotations"]["runbook"]]
    assert [part for part, pattern in PARTS.items() if not re.search(pattern, words, re.MULTILINE)] == []
    assert len(ALERTS[alert]["annotations"]["summary"]) >= 20


def commands():
    """Each command of ours that the runbook has somebody type, without what only explains it."""
    return sorted({one or other for one, other in COMMAND.findall(RUNBOOK)})


def test_the_runbook_has_commands_of_every_kind():
    said = set(commands())
    assert {"doctor", "backup FILE", "restore FILE --replace", "dead-letters --again ID", "templates push"} <= said
    assert len(said) >= 20


@pytest.mark.parametrize("said", commands())
def test_every_command_of_the_runbook_exists_with_its_options(said):
    command, words = cli, shlex.split(said)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []


def test_what_is_typed_on_a_machine_is_a_command_of_ours():
    assert set(
        re.findall(r"assigame ([a-z-]+)", "\n".join(re.findall(r"^assigame .+$|`assigame .+?`", RUNBOOK, re.M)))
    ) <= set(cli.commands)


def names_of(texts_of):
    """The last parts of the names of the texts that begin so."""
    return {name.rpartition(".")[2] for name in WORDS if name.startswith(texts_of)}


def test_every_kind_of_line_of_the_organizers_list_says_what_to_do():
    of_notices_alone = {"broadcast_done", "broadcast_counted"}
    kinds = names_of("attention.kind.") - {"other", *of_notices_alone}
    assert len(kinds) >= 35
    assert {kind for kind in kinds if f"*{kind}*" not in RUNBOOK} == set()


def test_every_reason_for_which_an_announcement_stops_says_what_to_do():
    told = pages()["OPERATIONS.md#announcement-paused"]
    reasons = names_of("announce.paused.") - {"asked"}  # by an organizer
    assert set(re.findall(r"^- \*(\w+)\*: ", told, re.MULTILINE)) == reasons


@pytest.mark.parametrize(("tables", "begun"), [("true", 4), ("false", 0)])
def test_no_process_begins_anew_where_the_new_version_could_not_be_put_there(tables, begun, tmp_path):
    (typed,) = re.findall(r"^```\n(git pull && \.venv.+?)^```", RUNBOOK, re.DOTALL | re.MULTILINE)
    told = f"[ $2 != assigame-setup ] && echo $2 || {tables}"
    programs = f"git() {{ true; }}\ncurl() {{ true; }}\nsystemctl() {{ {told}; }}\n"
    done = subprocess.run(
        ["sh", "-c", programs + re.sub(r"\.venv/bin/\w+", "true", typed)], cwd=tmp_path, capture_output=True, text=True
    )
    assert len(done.stdout.split()) == begun


def test_a_roll_waits_for_all_that_it_begins_anew_workers_too():
    rolls = re.findall(r"^for unit in ([^;]+); do$(.+?)^done$", RUNBOOK, re.DOTALL | re.MULTILINE)
    assert len(rolls) == 2  # for a new version, and for another secret
    for units, does in rolls:
        waited = {path: ports.split(",") for ports, path in re.findall(r"'http://127.0.0.1:{(.+?)}/(\w+)'", does)}
        assert {
            "readyz": re.findall(r"assigame-web@(\d+)", units),
            "metrics": [f"900{number}" for number in re.findall(r"assigame-worker@(\d+)", units)],
        } == waited


@pytest.mark.parametrize(("tables", "is_rolled"), [("true", True), ("false", False)])
def test_no_container_begins_anew_where_the_tables_could_not_be_made(tables, is_rolled, tmp_path):
    (typed,) = re.findall(r"^```\n(git pull && docker.+?)^```", RUNBOOK, re.DOTALL | re.MULTILINE)
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "roll").write_text("#!/bin/sh\necho rolled\n")
    (tmp_path / "deploy" / "roll").chmod(0o755)
    programs = f"git() {{ true; }}\ndocker() {{ [ $4 = build ] || {tables}; }}\n"
    done = subprocess.run(["sh", "-c", programs + typed], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout == "rolled\n") == is_rolled == (done.returncode == 0)


def test_no_command_is_typed_without_the_settings_of_the_machine_but_from_a_clone():
    assert re.findall(r"\S+/python cli\.py \S+", RUNBOOK) == ["`.venv/bin/python cli.py doctor`"]


def test_whoever_changes_the_number_of_one_kind_of_container_names_both_or_begins_that_one_alone():
    assert re.findall(r"`.*?up -d ([^`]+)`", RUNBOOK) == [
        "--no-deps --no-recreate --scale worker=3 worker",
        "--build --scale web=2 --scale worker=2",
        "--no-deps set-up web worker nginx",  # on a further machine, which has no stores
        "--no-deps redis",
    ]


def test_every_file_that_is_put_somewhere_is_there():
    told = set(re.findall(r"\bdeploy/[\w./-]*\w", RUNBOOK))
    assert {"deploy/alerts.yaml", "deploy/nginx/doors.conf", "deploy/redis/assigame.conf", "deploy/roll"} <= told
    assert [path for path in told if not (ROOT / path).exists()] == []


def test_each_setting_that_is_told_as_a_variable_is_taken():
    told = re.findall(r"^(ASSIGAME__\w+)=(.+)$", pages()["OPERATIONS.md#putting-it-on-a-machine"], re.MULTILINE)
    config = load(environ=dict(told))
    assert len(told) == 4
    assert config.market.organizers == ("+22890000000",)
    assert (config.channel_accounts[0].most_a_day, config.channel_accounts[0].rates.sender_per_second) == (2000, 40)
    assert config.timing.chat_kept == 90 * 24 * 3600


def test_the_bucket_that_is_told_is_where_pictures_lie():
    (told,) = re.findall(r"^```\n(ASSIGAME__MEDIA__STORE.+?)^```", RUNBOOK, re.DOTALL | re.MULTILINE)
    store = media_of(load(environ=dict(line.split("=") for line in told.splitlines())))
    assert (store.endpoint, store.bucket, store.prefix) == ("https://s3.example", "bucket", "prefix")
    assert (store.region, store.access_key, store.secret.reveal()) == ("eu-west-3", "KEY", "WORD")


def test_what_lies_under_var_is_shared_or_not_as_told(tmp_path):
    told = dict(re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", pages()["OPERATIONS.md#several-machines"], re.MULTILINE))
    config = load(environ={"ASSIGAME_VAR": str(tmp_path)})
    shared = {name for name, how in told.items() if "**shared by all**" in how}
    assert shared == {folder.name for folder in sharing.folders(config)}
    assert set(told) == {"received", "media", "spool", "hands", "backups"}
    assert folder_of(config).name == "hands"
    units = {path.name: path.read_text() for path in (ROOT / "deploy" / "systemd").glob("*.service")}
    # doors and workers serve while the file server is away; a backup without what people sent would be none
    assert {name for name, text in units.items() if "RequiresMountsFor=" in text} == {"assigame-backup.service"}
    assert "\nRequiresMountsFor=/var/lib/assigame/received\n" in units["assigame-backup.service"]


def test_prometheus_takes_what_it_is_told(tmp_path):
    (told,) = re.findall(r"```yaml\n(rule_files:.+?)```", RUNBOOK, re.DOTALL)
    (tmp_path / "prometheus.yml").write_text(told.replace("/opt/assigame", str(ROOT)))
    done = subprocess.run(["promtool", "check", "config", tmp_path / "prometheus.yml"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"SUCCESS: {len(ALERTS)} rules found" in done.stdout


def test_prometheus_takes_what_it_is_told_of_containers(tmp_path):
    (told,) = re.findall(r"```yaml\n(rule_files:.+?)```", RUNBOOK, re.DOTALL)
    (named,) = re.findall(r"```yaml\n(    dns_sd_configs:.+?)```", RUNBOOK, re.DOTALL)
    whole = re.sub(r"    static_configs:.+\n", named, told).replace("/opt/assigame", str(ROOT))
    (tmp_path / "prometheus.yml").write_text(whole)
    done = subprocess.run(["promtool", "check", "config", tmp_path / "prometheus.yml"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    assert f"`{services['name']}_default`" in RUNBOOK
    ports = {one["names"][0]: one["port"] for one in yaml.safe_load(named)["dns_sd_configs"]}
    figures = services["services"]["worker"]["environment"]["ASSIGAME__SERVER__WORKER_METRICS_PORT"]
    assert ports == {"web": config_port(), "worker": figures}


def config_port():
    """Of a web container, which nobody has told another one."""
    return load(environ={}).server.port


def test_every_query_of_the_runbook_is_taken_by_the_database(db):
    queries = [one or other for one, other in QUERY.findall(RUNBOOK)]
    assert len(queries) >= 8
    for query in queries:
        db.run(re.sub(r"\bP?ID\b", "0", query.removesuffix(";")))
