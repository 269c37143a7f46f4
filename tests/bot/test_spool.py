"""The spool: oldest first, fsynced, drained by one, never blocked by one file."""

import fcntl
import os
import threading
import time
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from psycopg import OperationalError

from bot import spool as spool_module
from bot.messages import Identity, Incoming, Kept, Parsed, Sender, StatusReport, Watermark
from bot.spool import Spool, SpoolFull, Unstorable
from bot.storing import joined

SEEN = datetime(2026, 11, 27, 9, 0, 0, 46_000, tzinfo=UTC)


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "spool")


def webhook(number, text="riz", watermarks=()):
    sender = Sender((Identity("phone", "+22890000001"),), "Awa")
    kept = (Kept(Incoming(f"m{number}", sender, text), b"\xff\x00raw"),)
    return Parsed(kept, (StatusReport("SM1", "read", 7),), watermarks=watermarks)


def ids(webhooks):
    return [parsed.messages[0].message.provider_id for parsed in webhooks]


def is_lock(path):
    return path.name.endswith("lock")


def drained(spool):
    """The ids of what was drained, a list for each call of `store`."""
    stored = []
    spool.drain(lambda _, webhooks: stored.append(ids(webhooks)))
    return stored


def test_webhooks_come_back_whole_oldest_first_and_their_files_go(spool):
    marks = tuple(Watermark(Identity("psid", "7000000000000001"), told, SEEN) for told in ("delivered", "read"))
    written = [webhook(number, watermarks=marks[:number]) for number in range(5)]
    for number, parsed in enumerate(written):
        spool.put(f"account_{number}", parsed)
    assert not spool.is_empty()
    stored = []
    assert spool.drain(lambda key, webhooks: stored.append((key, webhooks))) == 5
    assert stored == [(f"account_{number}", [parsed]) for number, parsed in enumerate(written)]
    assert spool.is_empty()


def test_an_empty_folder_in_which_nothing_changes_is_not_read_again(spool, monkeypatch):
    spool.put("twilio", webhook(1))
    assert drained(spool) == [["m1"]]
    assert spool.is_empty()  # it has just changed: another change may bear the same time
    reads = []
    real = os.scandir
    monkeypatch.setattr(spool_module.os, "scandir", lambda folder: (reads.append(folder), real(folder))[1])
    old = time.time() - 10
    os.utime(spool.folder, (old, old))
    assert [spool.is_empty() for _ in range(3)] == [True] * 3
    assert reads == [spool.folder]
    spool.put("twilio", webhook(2))
    assert not spool.is_empty()


def test_webhooks_that_are_stored_as_one_lose_nothing():
    full = [Parsed(*((f"{one.name} {n}",) for one in fields(Parsed))) for n in (1, 2)]
    both = joined(full)
    told = [getattr(both, one.name) for one in fields(Parsed)]
    assert told == [(f"{one.name} 1", f"{one.name} 2") for one in fields(Parsed)]
    assert joined([]) == Parsed()


def test_lone_surrogates_stop_no_webhook(spool):
    spool.put("twilio", webhook(1, "riz \ud800"))
    texts = []
    spool.drain(lambda _, webhooks: texts.append(webhooks[0].messages[0].message.text))
    assert texts == ["riz \ufffd"]


def test_a_webhook_is_on_the_disk_before_it_is_answered(spool, monkeypatch):
    calls = []
    real = os.fsync
    monkeypatch.setattr(spool_module.os, "fsync", lambda handle: (calls.append(os.fstat(handle).st_mode), real(handle)))
    path = spool.put("twilio", webhook(1))
    assert [oct(mode)[:-3] for mode in calls] == ["0o100", "0o40"]  # the file, then its folder
    assert path.exists()


def test_a_torn_file_is_put_aside_and_holds_up_no_other(spool):
    torn = spool.put("twilio", webhook(1))
    torn.write_bytes(torn.read_bytes()[:40])
    spool.put("twilio", webhook(2))
    assert drained(spool) == [["m2"]]
    assert [path.suffix for path in spool.folder.iterdir() if not is_lock(path)] == [".unreadable"]
    assert spool.is_empty()


def test_webhooks_of_one_account_that_follow_each_other_are_stored_twenty_at_a_time(spool):
    for number in range(45):
        spool.put("twilio", webhook(number))
    spool.put("other", webhook(45))
    spool.put("twilio", webhook(46))
    numbers = [range(20), range(20, 40), range(40, 45), [45], [46]]
    assert drained(spool) == [[f"m{number}" for number in batch] for batch in numbers]
    assert spool.is_empty()


def test_a_webhook_that_the_database_refuses_is_put_aside_and_holds_up_no_other(spool):
    for number in (1, 2, 3):
        spool.put("twilio", webhook(number))
    stored = []

    def store(_, webhooks):
        if "m2" in ids(webhooks):
            raise Unstorable
        stored.append(ids(webhooks))

    assert spool.drain(store) == 3
    assert stored == [["m1"], ["m3"]]
    assert [path.suffix for path in spool.folder.iterdir() if not is_lock(path)] == [".unstorable"]


def test_while_the_database_is_away_nothing_is_lost_and_the_order_stays(spool):
    for number in (1, 2):
        spool.put("twilio", webhook(number))

    def store(_, webhooks):
        raise OperationalError("away")

    with pytest.raises(OperationalError):
        spool.drain(store)
    assert drained(spool) == [["m1", "m2"]]


def test_a_full_spool_takes_nothing_more_and_takes_again_once_drained(tmp_path):
    spool = Spool(tmp_path / "spool", most_bytes=400)
    spool.put("twilio", webhook(1))
    with pytest.raises(SpoolFull):
        spool.put("twilio", webhook(2))
    assert len(spool.waiting()) == 1
    spool.drain(lambda *_: None)
    spool.put("twilio", webhook(2))
    assert len(spool.waiting()) == 1


def test_a_folder_that_cannot_be_written_is_full(tmp_path):
    (tmp_path / "spool").write_text("a file where the folder should be")
    with pytest.raises(SpoolFull):
        Spool(tmp_path / "spool").put("twilio", webhook(1))


def test_only_one_process_drains(spool):
    spool.put("twilio", webhook(1))
    with (spool.folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert spool.drain(lambda *_: pytest.fail("it is somebody else's turn")) == 0
    assert spool.drain(lambda *_: None) == 1


def test_while_people_never_cease_to_write_the_spool_is_emptied_all_the_same(spool):
    stored, came, threads = [], [], []

    def store(_, webhooks):
        """While these are stored the next one comes; he is waited for, if he has not to wait himself."""
        stored.append(ids(webhooks))
        one = webhook(len(stored) + 1)
        threads.append(threading.Thread(target=lambda: came.append(spool.put_behind("twilio", one))))
        threads[-1].start()
        threads[-1].join(0.5)

    spool.put("twilio", webhook(1))
    assert spool.drain(store) == 2
    for thread in threads:
        thread.join(10)
    assert stored == [["m1"], ["m2"]]
    assert [path is None for path in came] == [False, True]  # the last waited, and then there was nobody before him
    assert spool.is_empty()


def test_nobody_is_kept_waiting_for_a_database_that_is_still_away(spool):
    spool.put("twilio", webhook(1))

    def store(_, webhooks):
        assert spool.put_behind("twilio", webhook(2))
        raise OperationalError("away")

    with pytest.raises(OperationalError):
        spool.drain(store)
    assert drained(spool) == [["m1", "m2"]]


def test_two_drainers_at_once_store_each_webhook_once(spool):
    for number in range(20):
        spool.put("twilio", webhook(number))
    stored, threads = [], []
    for _ in range(4):
        threads.append(threading.Thread(target=spool.drain, args=(lambda _, webhooks: stored.extend(ids(webhooks)),)))
        threads[-1].start()
    for thread in threads:
        thread.join(10)
    spool.drain(lambda _, webhooks: stored.extend(ids(webhooks)))
    assert stored == [f"m{number}" for number in range(20)]


def test_a_folder_that_is_not_there_is_empty(spool):
    assert spool.is_empty()
    assert spool.waiting() == []
    assert spool.drain(lambda *_: None) == 0


def test_a_disk_without_room_leaves_no_unfinished_file(spool, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    spool.put("main", webhook(1))
    monkeypatch.setattr(spool_module.os, "fsync", full)
    with pytest.raises(SpoolFull):
        spool.put("main", webhook(2))
    assert [path.suffix for path in spool.folder.iterdir() if not is_lock(path)] == [".webhook"]


def test_what_a_killed_process_left_unfinished_goes_after_a_minute(spool):
    spool.put("main", webhook(1))
    old, new = spool.folder / "1-main.webhook.part", spool.folder / "2-main.webhook.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert spool.drain(lambda *_: None) == 1
    assert [path.name for path in spool.folder.iterdir() if not is_lock(path)] == ["2-main.webhook.part"]


def test_a_file_that_is_finished_during_the_look_for_unfinished_ones_holds_up_no_drain(spool, monkeypatch):
    spool.put("main", webhook(1))
    monkeypatch.setattr(type(spool.folder), "glob", lambda folder, _: [folder / "2-main.webhook.part"])
    assert spool.drain(lambda *_: None) == 1


def test_what_comes_while_the_folder_is_listed_waits_for_the_next_look(spool, monkeypatch):
    first = spool.put("main", webhook(1))
    listing = os.listdir

    def listing_of_a_busy_folder(folder):
        """The second file comes behind where the look already is, the third one before it."""
        missed = spool.put("main", webhook(2))
        spool.put("main", webhook(3))
        return set(listing(folder)) - {missed.name}

    monkeypatch.setattr(os, "listdir", listing_of_a_busy_folder)
    assert [path for path, _ in spool.waiting()] == [first]
    monkeypatch.setattr(os, "listdir", listing)
    assert len(spool.waiting()) == 3


def test_what_was_written_before_the_clock_was_set_back_waits_for_no_hour(spool, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(time, "time_ns", lambda ahead=time.time_ns() + 3600 * 10**9: ahead)
        spool.put("main", webhook(1))
    assert drained(spool) == [["m1"]]
    assert spool.is_empty()
