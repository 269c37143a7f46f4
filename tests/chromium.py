"""Where Chromium is; `python -m tests.chromium` fails when there is none."""

import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find():
    """The path of the first that is installed, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def needed():
    """The path; fails where there is none."""
    path = find()
    assert path, f"none of {NAMES} is on the PATH: make test installs it"
    return path


if __name__ == "__main__":
    sys.exit(0 if find() else 1)
