"""The rooms and whom each may call, one line per room; and the laws that no module may break alone."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from base.accounts import Rates, TwilioWhatsappAccount
from base.config import Announcements, Config, DatabaseSection, MediaSection, RedisSection, Server, SimulatorSection
from base.config import Market as MarketSection
from base.style import modules
from base.timing import Timing

ROOT = Path(__file__).parent.parent
DOMAIN = {"catalog", "orders", "payments", "events"}
MAY_IMPORT = {
    "base": set(),
    "catalog": {"base"},
    "payments": {"base"},
    "events": {"base"},
    "orders": {"base", "catalog", "payments"},
    "bot": {"base", *DOMAIN},
    "handlers": {"base", "bot.messages", "bot.provider_answers"},
    "dashboard": {"base", *DOMAIN, "bot.broadcasts", "bot.contacts", "bot.handover"},
    "wiring": {"base", *DOMAIN, "bot", "handlers", "dashboard"},
    "webhooks": {"wiring", "base", "bot", "handlers", "payments", "dashboard"},
    "worker": {"jobs", "wiring", "base", "bot"},
    "jobs": {"wiring", "providers", "base", "bot", "handlers", *DOMAIN},
    "providers": {"wiring", "base", "bot", "handlers"},
    "organizing": {"serving", "wiring", "base", "bot"},
    "serving": {"wiring", "base", "bot", *DOMAIN},
    "cli": {"organizing", "serving", "webhooks", "wiring", "providers", "base", "bot", "handlers", *DOMAIN},
    "migrations": {"base", "bot", *DOMAIN},
}
NOT_THE_PRODUCT = {"tests", "bench"}
# The simulator is a provider: it signs and reads what a channel signs and reads.
WIRE_OF_THE_SIMULATOR = {"handlers.signatures"}
BROAD = {"Exception", "BaseException"}
BROAD_CATCHES = {"webhooks.py": 1, "bot/engine.py": 2}  # at the door, and in the taking loop: a batch, a turn alone


def files(room):
    return [path for path in (ROOT / f"{room}.py", *(ROOT / room).rglob("*.py")) if path.exists()]


@cache
def tree_of(path):
    return ast.parse(path.read_text())


def imported_names(path):
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_allowed(room, name):
    allowed = MAY_IMPORT[room] | (WIRE_OF_THE_SIMULATOR if room == "dashboard" else set())
    return any(f"{name}.".startswith(f"{a}.") for a in allowed)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_calls_only_the_rooms_below_it(room):
    for path in files(room):
        for name in imported_names(path):
            home = name.split(".")[0]
            if home in {*MAY_IMPORT, *NOT_THE_PRODUCT} and home != room:
                assert is_allowed(room, name), f"{path.relative_to(ROOT)}: {name}"


def test_the_readme_draws_the_rooms_as_the_law_has_them():
    drawn = (ROOT / "README.md").read_text().partition("<!-- rooms -->")[2].partition("<!-- /rooms -->")[0]
    layers = [set(re.findall(r"[a-z]+", layer)) for layer in drawn.strip("\n`").split("→")]
    above: set[str] = set()
    for layer in layers:
        for room in layer:
            allowed = {name.partition(".")[0] for name in MAY_IMPORT[room]}
            assert not allowed & above, f"{room} is drawn below what it may call"
        above |= layer
    assert above == {room for room in MAY_IMPORT if files(room)} - {"migrations"}


def test_the_law_sees_a_breach():
    assert not is_allowed("handlers", "bot.engine.Taker")
    assert not is_allowed("handlers", "bot.messages_of.x")
    assert not is_allowed("orders", "bot.messages")
    assert not is_allowed("base", "catalog.stock")
    assert not is_allowed("bot", "tests.bot.stall")
    assert is_allowed("handlers", "bot.messages.Incoming")


def test_channels_do_not_know_one_another():
    folders = {d.name for d in (ROOT / "handlers").iterdir() if d.is_dir()}
    for path in (ROOT / "handlers").glob("*/*.py"):
        others = folders - {path.parent.name}
        assert not [n for n in imported_names(path) if n.split(".")[0] == "handlers" and n.split(".")[1] in others], (
            path
        )


def test_every_package_is_a_known_room():
    rooms = {p.parent.name for p in ROOT.glob("*/__init__.py")} | {p.stem for p in ROOT.glob("*.py")}
    assert rooms - NOT_THE_PRODUCT <= set(MAY_IMPORT)


def test_a_channel_knows_no_database_and_no_session():
    forbidden = ("base.db", "sqlalchemy", "psycopg", "redis")
    for path in files("handlers"):
        assert not [
            name for name in imported_names(path) if f"{name}.".startswith(tuple(f"{f}." for f in forbidden))
        ], path


def test_only_the_way_out_opens_connections():
    clients = ("requests", "urllib3", "http.client", "urllib.request", "socket")
    allowed = {"base/outbound.py", "base/outbound_twilio.py"}
    # the host's name, whether a port is free, the end of a connection that stands: nothing is connected
    allowed |= {"wiring.py", "base/port.py", "base/leash.py"}
    for path in modules(ROOT):
        place = str(path.relative_to(ROOT))
        found = [n for n in imported_names(path) if f"{n}.".startswith(tuple(f"{c}." for c in clients))]
        assert not found or place in allowed or place.startswith("base/embedded"), f"{place}: {found}"


def broad_catches(tree):
    """How many handlers catch whatever comes."""
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return sum(
        h.type is None or bool(BROAD & {n.id for n in ast.walk(h.type) if isinstance(n, ast.Name)}) for h in handlers
    )


def test_whatever_comes_is_caught_at_the_door_and_in_the_taking_loop_only():
    counted = {str(path.relative_to(ROOT)): broad_catches(tree_of(path)) for path in modules(ROOT)}
    assert {place: count for place, count in counted.items() if count} == BROAD_CATCHES


def test_the_count_of_broad_catches_sees_each_kind():
    text = "try: x\nexcept Exception: y\ntry: x\nexcept (ValueError, BaseException): y\ntry: x\nexcept: y\n"
    assert broad_catches(ast.parse(text + "try: x\nexcept ValueError: y\n")) == 3


def test_only_wiring_knows_every_room():
    rooms = {name.split(".")[0] for name in imported_names(ROOT / "wiring.py")} & set(MAY_IMPORT)
    assert rooms == {"base", "bot", "catalog", "dashboard", "events", "handlers", "orders"}


def calls(path):
    """The names of methods and functions that a module calls."""
    found = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    return {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in found}


def test_only_locks_modules_take_row_locks_through_the_database():
    lockers = {str(p.relative_to(ROOT)) for p in modules(ROOT) if "lock" in calls(p)}
    assert lockers <= {"orders/locks.py", "catalog/locks.py", "events/locks.py", "bot/locks.py", "catalog/stock.py"}


def test_rules_receive_a_transaction_and_never_open_or_end_one():
    for room in ("catalog", "events", "orders", "bot/dialogs"):
        for path in (ROOT / room).rglob("*.py"):
            assert not {"unit_of_work", "commit", "rollback", "begin"} & calls(path), path


def test_no_call_leaves_the_house_inside_a_turn():
    for room in ("catalog", "events", "orders", "bot"):
        for path in (ROOT / room).rglob("*.py"):
            assert not [n for n in imported_names(path) if n.startswith(("base.outbound", "handlers"))], path


SECTIONS = {
    "config": Config,
    "server": Server,
    "database": DatabaseSection,
    "redis": RedisSection,
    "market": MarketSection,
    "announcements": Announcements,
    "simulator": SimulatorSection,
    "media": MediaSection,
    "timing": Timing,
    "rates": Rates,
    "account": TwilioWhatsappAccount,
}


def settings_read(path):
    """The (section, setting) pairs that a module reads: `config.timing.lease` is one of timing, and one of config."""
    nodes = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)]
    return {(getattr(node.value, "attr", getattr(node.value, "id", "")), node.attr) for node in nodes}


def test_every_setting_is_read_where_it_rules_or_by_its_model_for_others():
    read = set().union(*(settings_read(path) for path in modules(ROOT) if path.parent.name != "base"))
    read |= settings_read(ROOT / "base/outbound.py")  # whose time-outs are made of three
    of_models = settings_read(ROOT / "base/config.py") | settings_read(ROOT / "base/accounts.py")
    own = {name for owner, name in of_models if owner in ("self", "simulator")}
    unread = [
        f"{section}.{name}"
        for section, model in SECTIONS.items()
        for name in model.model_fields
        if (section, name) not in read and name not in own
    ]
    assert unread == []
