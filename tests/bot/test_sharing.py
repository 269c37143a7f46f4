"""Two machines of one market: whether they share the folders that they must is seen before somebody misses a file."""

import os
import stat

import pytest
import structlog

from base.db import Database
from bot import sharing
from tests.bot.doctor.test_doctor import Ward, ward  # noqa: F401

HERE, OTHER = "market-1", "market-2"


@pytest.fixture
def at_work(ward, monkeypatch):  # noqa: F811
    """Workers of two machines show themselves; this one is the first, and has signed."""
    monkeypatch.setattr(sharing.platform, "node", lambda: HERE)
    ward.run("delete from heartbeat")
    for machine in (HERE, OTHER):
        ward.run(f"insert into heartbeat (process, role, at) values ('{machine}:7:worker:a1', 'worker', market_now())")
    sharing.sign(ward.market.config)
    return ward


def sign_as(name, config, monkeypatch):
    """Another machine, with the folders of these settings, begins a worker."""
    with monkeypatch.context() as patch:
        patch.setattr(sharing.platform, "node", lambda: name)
        sharing.sign(config)


def told(ward):  # noqa: F811
    return [says for level, check, says in ward.faults() if check == "files"]


def test_a_machine_whose_folders_are_its_own_is_told_by_the_doctor(at_work):
    assert told(at_work) == [
        f"{at_work.var}/received is not shared with the machine {OTHER}",
        f"{at_work.var}/media is not shared with the machine {OTHER}",
    ]


def test_machines_that_share_them_are_told_nothing(at_work, monkeypatch):
    sign_as(OTHER, at_work.market.config, monkeypatch)
    assert told(at_work) == []


def test_pictures_in_a_bucket_need_no_folder(at_work):
    bucket = {"ASSIGAME__MEDIA__STORE": "s3://market/pictures", "S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "word"}
    assert [says for _, check, says in at_work.faults(**bucket) if check == "files"] == [
        f"{at_work.var}/received is not shared with the machine {OTHER}"
    ]


def test_a_machine_that_is_silent_is_not_missed(at_work):
    at_work.run(f"update heartbeat set at = at - interval '31 s' where process like '{OTHER}:%%'")
    assert told(at_work) == []


def test_a_worker_says_at_its_start_which_folders_are_not_shared(at_work):
    with structlog.testing.capture_logs() as lines:
        sharing.tell(at_work.market.config, at_work.database)
    assert [(line["event"], line["log_level"], line["folder"], line["machine"]) for line in lines] == [
        ("folder_not_shared", "error", str(at_work.var / name), OTHER) for name in ("received", "media")
    ]


def test_what_people_sent_is_for_its_owner_alone(at_work):
    assert stat.S_IMODE(os.stat(at_work.var / "received").st_mode) == 0o700


def test_files_that_tables_tell_of_and_nobody_finds_are_counted(ward):  # noqa: F811
    (ward.var / "received").mkdir()
    (ward.var / "received" / "b.ogg").touch()
    for number, file, reference in ((1, "a.ogg", "ME1"), (2, "b.ogg", "ME2"), (3, "c.ogg", "")):
        ward.run(
            "insert into received_media"
            " (inbox_id, place, conversation_id, account_id, kind, mime, reference, state, file)"
            f" values ({number}, 1, 1, 1, 'audio', 'audio/ogg', '{reference}', 'kept', '{file}')"
        )
    assert told(ward) == [f"1 of the last 2 files of {ward.var}/received are not there"]
    (ward.var / "received" / "a.ogg").touch()
    assert told(ward) == []


def test_a_disk_that_takes_nothing_stops_no_worker(at_work, tmp_path):
    config = at_work.market.config.model_copy(update={"var": tmp_path / "file" / "var"})
    (tmp_path / "file").touch()
    with structlog.testing.capture_logs() as lines:
        sharing.sign(config)
    assert [(line["event"], line["error"]) for line in lines] == [("machine_not_signed", "NotADirectoryError")]


def test_a_database_that_is_away_stops_no_worker(at_work):
    away = Database("postgresql+psycopg://postgres@/nothing?host=/nowhere")
    with structlog.testing.capture_logs() as lines:
        sharing.tell(at_work.market.config, away)
    assert [line["event"] for line in lines] == ["database_away"]


def test_a_machine_is_called_here_as_in_its_heartbeats(ward):  # noqa: F811
    assert ward.market.owner.startswith(f"{sharing.platform.node()}:")
