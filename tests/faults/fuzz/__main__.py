"""`python -m tests.faults.fuzz TARGET MODULE,MODULE [libFuzzer's options] CORPUS`: plays a target until it is told to.

Only the modules that are named, and what lies in them, are instrumented: all of them would take half a minute.
"""

import logging
import sys
import warnings
from pathlib import Path

import atheris

from base.style import modules

ROOT = Path(__file__).parents[3]  # base.config is still to be instrumented


def left_alone(leading):
    """The names of our other modules: atheris chooses by whole packages, and leaves out single ones."""
    for path in modules(ROOT):
        name = str(path.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__init__")
        if not any(f"{name}.".startswith(f"{one}.") for one in leading):
            yield name


if __name__ == "__main__":
    program, name, named, *options = sys.argv
    leading = named.split(",")
    packages = [one.partition(".")[0] for one in leading]
    with atheris.instrument_imports(include=packages, exclude=list(left_alone(leading))):
        from base import log
        from tests.faults.fuzz.targets import TARGETS
    log.configure("demo")
    logging.disable()  # a thousand refusals a second would be told
    warnings.simplefilter("ignore")
    atheris.Setup([program, *options], TARGETS[name].play)
    atheris.Fuzz()
