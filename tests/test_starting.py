"""A worker is there soon and stays small: what only rare work needs is loaded when that work comes."""

import subprocess
import sys
from pathlib import Path

import pytest

from base.later import Later, later

ROOT = Path(__file__).parent.parent
PAGES = {"fpdf", "fontTools", "openpyxl", "numpy", "icalendar", "alembic"}
DOOR = {"flask", "werkzeug", "jinja2"}
ROLES = {"bot.understanding.organizer_words", "bot.understanding.stock_shapes", "bot.understanding.mixed"}


@pytest.mark.parametrize("door, heavy", [("worker", PAGES | DOOR | ROLES), ("webhooks", PAGES | ROLES)])
def test_importing_a_door_loads_nothing_that_only_rare_work_needs(door, heavy):
    told = f"import sys, {door}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(loaded.stdout.split()) & heavy == set()


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
    told = "import sys; from bot.warming import warm; warm(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(loaded.stdout.split()) >= ROLES
