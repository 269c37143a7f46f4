"""The table of channels.md §7 is proved cell by cell: each neutral part on each channel, around each of its limits."""

import re
import warnings
from dataclasses import fields, replace
from pathlib import Path

import pytest

from base.config import ROOT
from bot.messages import Outgoing
from tests.handlers.mapping_table import CHANNELS, TABLE, Cell, cell, edge

REFERENCE = Path(ROOT).parent / "shared" / "reference" / "channels.md"
HERE = Path(__file__).parent
CELLS = [(row, channel, cells[place]) for row, cells in TABLE.items() for place, channel in enumerate(CHANNELS)]
IDS = [f"{row} {channel}" for row, channel, _ in CELLS]
NUMBER = re.compile(r"\b\d+\b")
# what a bubble can say -> the row of the table that tells how
PARTS = {
    "body": "text",
    "layout": "choices 1–3",
    "offers": "choices 4–10",
    "opener": "choices 4–10",
    "photo": "image + caption",
    "document": "document/PDF ticket",
    "document_name": "document/PDF ticket",
    "audio": "audio",
    "link": "link button",
    "asks": "ask phone",
    "place": "location send",
    "receipt": "order recap/receipt",
    "quotes": "reply quote",
}
UNSAID = {"product", "comment", "is_by_a_person"}  # what it is about, what it answers (§3.3), who wrote it (§3.5)


@pytest.fixture(scope="module")
def cases(request):
    """Called with a channel and a file of its tests: the names of all cases there."""
    known = {}

    def find(channel, name):
        if (channel, name) not in known:
            module = pytest.Module.from_parent(request.session, path=HERE / channel / f"{name}.py")
            known[channel, name] = {item.name for item in request.session.genitems(module)}
        return known[channel, name]

    return find


def are_there(named, cases, channel):
    """Whether there is such a case: `file::` before it, `*` for any part of it, no brackets for any of its values."""
    file, _, name = named.rpartition("::")
    wanted = re.compile(".*".join(map(re.escape, name.split("*"))) + r"(\[.*)?" * ("[" not in name), re.DOTALL)
    return any(map(wanted.fullmatch, cases(channel, file or "test_mapping")))


def lacks(told: Cell, cases, channel):
    """What is missing of a cell: cases that are not there, and sides of its limits; a cell without a case lacks all."""
    if told.lacks:
        return [] if not told.named else ["a part that is never asked for has cases"]
    missing = [named or "a side" for named in told.named if not named or not are_there(named, cases, channel)]
    same = [one for one in told.edges if len({one.below, one.at, one.above}) < 3]
    return missing + [f"three sides of {one.limit}" for one in same] if told.named else ["a case"]


@pytest.mark.parametrize(("row", "channel", "told"), CELLS, ids=IDS)
def test_a_cell_has_its_cases_and_each_of_its_limits_one_on_either_side_and_one_at_it(row, channel, told, cases):
    assert lacks(told, cases, channel) == []


SOUND = "test_a_sound_goes_before_its_words"


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        (cell(), ["a case"]),
        (cell("test_of_yesterday"), ["test_of_yesterday"]),
        (cell("test_sending::test_of_yesterday"), ["test_sending::test_of_yesterday"]),
        (cell(f"{SOUND}[1]"), [f"{SOUND}[1]"]),
        (cell(edges=[edge(3, SOUND, "", "test_a_place_is_a_pin_with_the_words")]), ["a side"]),
        (cell(edges=[edge(3, SOUND, SOUND, "test_a_place_is_a_pin_with_the_words")]), ["three sides of 3"]),
        (cell(edges=[edge(3, SOUND, "test_x[*", "test_a_place_is_a_pin_with_the_words")]), ["test_x[*"]),
        (replace(cell(SOUND), lacks="nobody asks"), ["a part that is never asked for has cases"]),
        (cell(SOUND), []),
    ],
)
def test_whatever_a_cell_lacks_is_seen(told, missing, cases):
    assert lacks(told, cases, "twilio_whatsapp") == missing


def test_all_that_a_bubble_can_say_has_a_row():
    assert PARTS.keys() | UNSAID == {one.name for one in fields(Outgoing)}
    assert all(row in TABLE for row in PARTS.values())


def rows_told():
    """The reference's rows, by their first column; none where it is not at hand, which is said aloud."""
    if not REFERENCE.is_file():
        warnings.warn(f"{REFERENCE.name} is not at ../shared/reference: its table is not compared", stacklevel=2)
        return {}
    section = REFERENCE.read_text(encoding="utf-8").partition("\n## 7.")[2].partition("\n## ")[0]
    lines = [[one.strip() for one in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("|")]
    assert lines[0][0] == "neutral part"
    return {name: told[: len(CHANNELS)] for name, *told in lines[2:]}


def test_the_rows_are_those_of_the_reference():
    if told := rows_told():
        assert [*told] == [*TABLE]


def test_every_number_of_the_reference_is_a_limit_here_or_said_to_be_none():
    for row, told in rows_told().items():
        for channel, words, known in zip(CHANNELS, told, TABLE[row], strict=True):
            numbers = {int(number) for number in NUMBER.findall(words)}
            assert numbers <= {one.told for one in known.edges} | {*known.besides}, (row, channel)
            assert {*known.besides} <= numbers, (row, channel)
