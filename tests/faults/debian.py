"""What a long run needs of Debian's packages."""

import os
import subprocess
import sys

import pytest


def needed(package, is_there):
    """Install a package that is not there; a soak asks for root and fails without."""
    if is_there():
        return
    if os.geteuid():
        pytest.fail(f"{package} is missing, and only root can install it")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    ):
        done = subprocess.run(command, capture_output=True, text=True, env=environ)
        sys.stdout.write(done.stderr[-500:])
    assert is_there(), f"{package} could not be installed"
