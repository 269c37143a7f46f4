"""A process is there soon and stays small: what only rare work needs is loaded when that work comes."""

import subprocess
import sys
from pathlib import Path

import pytest

from base.later import Later, later

ROOT = Path(__file__).parent.parent
PAGES = {"fpdf", "fontTools", "openpyxl", "numpy", "icalendar", "alembic"}
DOOR = {"flask", "werkzeug", "jinja2"}
STORES = {"psycopg", "sqlalchemy", "redis", "base.db"}
ROLES = {"bot.understanding.organizer_words", "bot.understanding.stock_shapes", "bot.understanding.mixed"}


def loaded_by(code):
    """The modules of a new process that has run this."""
    told = f"import sys; {code}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "door, heavy",
    [
        ("worker", PAGES | DOOR | ROLES),
        ("webhooks", PAGES | ROLES),
        ("catalog.sheets.process", PAGES | DOOR | STORES),
        ("events.sheets.process", PAGES | DOOR | STORES),
    ],
)
def test_importing_a_door_or_what_reads_a_sheet_loads_nothing_that_only_rare_work_needs(door, heavy):
    assert loaded_by(f"import {door}") & heavy == set()


def test_a_module_for_later_is_loaded_by_the_first_of_its_names(tmp_path, monkeypatch):
    (tmp_path / "seldom_used.py").write_text("RATE = 56\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = Later("seldom_used")
    assert "seldom_used" not in sys.modules
    assert module.RATE == 56
    assert sys.modules.pop("seldom_used").RATE == 56


def test_several_modules_for_later_are_named_by_their_ends():
    parser, encoder = later("json.", "decoder", "encoder")
    assert (parser.JSONDecoder.__module__, encoder.JSONEncoder.__module__) == ("json.decoder", "json.encoder")


def test_a_process_that_is_warm_has_read_what_every_role_may_say():
    assert loaded_by("from bot.warming import warm; warm()") >= ROLES
