"""The house style: no breach in the product, and every rule trips on a sample that breaks it."""

from pathlib import Path

import pytest

from base.style import LONGEST_FUNCTION, LONGEST_MODULE, faults

ROOT = Path(__file__).parent.parent


def test_the_product_keeps_the_house_style():
    assert faults(ROOT) == []


TOP = '"""A sample."""\n'
BROKEN = {
    "too long a module": ("rules.py", TOP + "x = 1\n" * LONGEST_MODULE, f"{LONGEST_MODULE} are the most"),
    "too long a function": (
        "rules.py",
        TOP + 'def work():\n    """Work."""\n' + "    x = 1\n" * LONGEST_FUNCTION,
        f"{LONGEST_FUNCTION} are the most",
    ),
    "utils": ("catalog/utils.py", TOP, "named for nothing"),
    "helpers": ("helpers.py", TOP, "named for nothing"),
    "manager": ("bot/manager.py", TOP, "named for nothing"),
    "service": ("services.py", TOP, "named for nothing"),
    "base": ("bot/base.py", TOP, "named for nothing"),
    "no sentence": ("rules.py", "x = 1\n", "no sentence at the top"),
    "relative import": ("rules.py", TOP + "from . import stock\n", "relative import"),
    "no docstring": (
        "rules.py",
        TOP + "def work():\n    x = 1\n    y = 2\n    return x + y\n",
        "work has no docstring",
    ),
    "another clock": ("rules.py", TOP + 'SQL = "select now() from stock"\n', "asks another clock"),
    "the session's clock": ("rules.py", TOP + 'SQL = "select current_timestamp"\n', "asks another clock"),
    "a blocking lock": (
        "locks.py",
        TOP + 'SQL = "select id from stock for update"\n',
        "`for update` blocks foreign keys",
    ),
    "a shared lock": ("locks.py", TOP + 'SQL = "select id from stock for share"\n', "`for share` blocks foreign keys"),
    "a lock elsewhere": ("rules.py", TOP + 'SQL = "select 1 for no key update"\n', "a row lock outside locks.py"),
}


@pytest.mark.parametrize("name, text, fault", BROKEN.values(), ids=BROKEN)
def test_each_rule_trips(tmp_path, name, text, fault):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert [fault in found and found.startswith(name) for found in faults(tmp_path)] == [True]


KEPT = {
    "locks.py": TOP + 'SQL = "select id from stock order by id for no key update"\n',
    "clock.py": TOP + 'SQL = "select now()"\n',
    "rules.py": TOP + 'SQL = "select market_now()"\nWORDS = "now() and for share are words here"\n',
    "__init__.py": "",
    "tests/utils.py": "x = 1\n",
}


@pytest.mark.parametrize("name, text", KEPT.items(), ids=KEPT)
def test_what_keeps_the_rules_is_left_in_peace(tmp_path, name, text):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert faults(tmp_path) == []
