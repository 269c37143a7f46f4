"""What is installed is what is chosen, what is chosen is used, and each choice has its reason."""

import ast
import json
import re
import sys
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from tests.deploy.bill import BILL, PINS, bill_of

ROOT = Path(__file__).parent.parent
ELSEWHERE = {"atheris"}  # the marker of its line leaves it out on some machines
OURS = {path.stem for path in ROOT.glob("*.py")} | {path.name for path in ROOT.iterdir() if path.is_dir()}
PINNED = re.compile(r"([A-Za-z0-9._-]+)==\S+")
# Reached otherwise than by an import: as a command, or as the driver that SQLAlchemy's address names.
COMMANDS = {"mypy", "pip-tools", "pytest-xdist", "ruff", "types-pyyaml", "types-requests"}

ASKED_FOR = {"async-timeout": "redis"}  # by another, on some Pythons only: the pins that are made on others lack it


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def chosen(file):
    """Each name of a short list → its reason."""
    lines = [line for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]
    return {normal(re.split(r"[#\[;]", line)[0].strip()): line.partition("#")[2].strip() for line in lines}


def pinned(file):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {normal(match[1]) for line in lines if (match := PINNED.match(line))}


def hashes(file):
    """`name==version` of each pin → the SHA-256 of its files."""
    whole = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in whole.splitlines() if PINNED.match(line)]
    return {line.split()[0]: re.findall(r"--hash=sha256:([0-9a-f]{64})", line) for line in lines}


def imported_by(*places):
    """The distributions that these files import, or find without importing them (`_wheel("name")`)."""
    modules = set()
    for path in (path for place in places for path in ([place] if place.is_file() else place.rglob("*.py"))):
        modules |= modules_in(path)
    distributions = packages_distributions()
    outside = {module for module in modules if module not in sys.stdlib_module_names and module not in OURS}
    absent = {module: [module if module in ELSEWHERE else f"{module} (not installed)"] for module in outside}
    return {normal(name) for module in outside for name in distributions.get(module, absent[module])}


@cache  # most files are asked for by several tests
def modules_in(path):
    """The modules that a file imports."""
    return frozenset().union(*map(modules_of, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))


def modules_of(node):
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module.split(".")[0]}
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_wheel":
        return {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return set()


def program():
    rooms = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "bench")]
    return [*ROOT.glob("*.py"), *rooms, ROOT / "migrations"]


def checks():
    return [path for path in (ROOT / "tests", ROOT / "bench") if path.exists()]


def test_every_import_of_the_program_is_chosen():
    hidden_below = {"pydantic-core", "werkzeug", "jinja2", "markupsafe"}  # parts of pydantic and flask
    assert imported_by(*program()) - hidden_below - set(chosen("requirements.in")) == set()


def test_everything_chosen_is_used():
    assert set(chosen("requirements.in")) - ASKED_FOR.keys() - imported_by(*program()) == set()


@pytest.mark.parametrize("name, library", ASKED_FOR.items())
def test_what_another_library_asks_for_on_some_pythons_is_asked_for(name, library):
    assert [line for line in requires(library) if normal(line).startswith(f"{name}>") and "python" in line]


def test_every_import_of_the_tests_is_chosen():
    known = set(chosen("requirements.in")) | set(chosen("requirements-dev.in")) | {"werkzeug"}
    assert imported_by(*checks()) - known == set()


def test_every_tool_of_the_tests_is_used():
    assert set(chosen("requirements-dev.in")) - COMMANDS - imported_by(*checks()) == set()


@pytest.mark.parametrize("file", ["requirements.in", "requirements-dev.in"])
def test_each_choice_has_its_reason(file):
    reasons = chosen(file)
    assert len(reasons) >= 10
    assert [name for name, reason in reasons.items() if len(reason) < 10] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_choice_is_pinned_without_saying_where_from(name):
    assert set(chosen(f"{name}.in")) <= pinned(f"{name}.txt")
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    assert [pin for pin, files in hashes(f"{name}.txt").items() if not files] == []
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted-host|@ file", text)


@pytest.mark.parametrize("file", ["Makefile", "deploy/Dockerfile", "OPERATIONS.md"])
def test_whoever_installs_takes_no_file_of_another_hash(file):
    installing = re.findall(r"pip install[^&|\n]* -r requirements\S*", (ROOT / file).read_text(encoding="utf-8"))
    assert installing
    assert [line for line in installing if "--require-hashes" not in line] == []


def test_the_bill_of_a_release_names_each_pin_with_its_version_and_hashes():
    bill = json.loads(BILL.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {
        f"{one['name']}=={one['version']}": [f"{told['alg']} {told['content']}" for told in one["hashes"]]
        for one in bill["components"]
    }
    pinned_files = {
        pin: [f"SHA-256 {file}" for file in sorted(files)] for pin, files in hashes("requirements.txt").items()
    }
    assert listed == pinned_files
    needed = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert {name.partition("@")[0] for name in needed["assigame"]} == set(chosen("requirements.in"))
    assert [name.partition("@")[0] for name in needed[listed_as(bill, "psycopg")]] == [
        "psycopg-binary",
        "typing-extensions",
    ]


def listed_as(bill, name):
    return next(one["bom-ref"] for one in bill["components"] if one["name"] == name)


def test_the_bill_is_made_of_the_pins_as_they_are():
    assert BILL.read_text(encoding="utf-8") == bill_of(PINS.read_text(encoding="utf-8"))
