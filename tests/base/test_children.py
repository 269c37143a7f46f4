"""The processes that `cli.py run` owns."""

import os
import threading
from pathlib import Path

from base.children import Child, Children
from tests.waiting import wait_for

# Its first life leaves a process of its own behind, as a killed web server leaves the one that answers.
LIFE = """
import pathlib, subprocess, sys, time
left = pathlib.Path(sys.argv[1])
if left.exists():
    (left.parent / "second").touch()
    time.sleep(60)
process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
left.write_text(str(process.pid))
"""


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_dead_child_has_left_is_ended_before_it_is_started_again(tmp_path):
    left = tmp_path / "left"
    children = Children(dict(os.environ), [Child("web", ["-c", LIFE, str(left)])])
    watching = threading.Thread(target=children.watch, args=(lambda: None,))
    watching.start()
    try:
        wait_for((tmp_path / "second").exists, "it is not started again")
        assert not runs(int(left.read_text()))
    finally:
        children.stop()
        watching.join(20)
    assert not watching.is_alive()
