"""A reader that has been taken over: it tries what a reader has no business with."""

import subprocess
import sys
from urllib.request import urlopen

from base.sheets import process

WRITTEN = "/tmp/assigame-greedy-reader"


def memory():
    return [bytes(10_000_000) for _ in range(1000)]


def time():
    while True:
        pass


def network():
    return urlopen("http://127.0.0.1:9/").read()


def program():
    return subprocess.run(["true"]).returncode


def file():
    with open(WRITTEN, "w") as out:
        return out.write("x")


def many_words():
    while True:
        sys.stdout.write("x" * 1_000_000)


WISHES = {b"memory": memory, b"time": time, b"network": network, b"program": program, b"file": file}
process.CPU = 1
process.main(lambda content: WISHES.get(content, many_words)())
