"""Hostile files: each is refused for its reason, in a process that holds little and is soon over."""

import os
import time
from pathlib import Path

import pytest

from base.sheets import apart as base_apart
from base.sheets import bounds
from catalog.sheets import apart
from catalog.sheets.apart import read_apart
from tests.catalog.sheets.workshop import changed, corpus, sheet_of, workbook

CORPUS = corpus()
MOST_HELD = 150_000_000  # bytes


@pytest.fixture
def read(tmp_path):
    def reading(content, **how):
        path = tmp_path / "list"
        path.write_bytes(content)
        return read_apart(path, **how)

    return reading


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_costs_a_refusal_and_no_more(name, read):
    content, reason = CORPUS[name]
    found = read(content)
    assert (found.sheet, found.refused) == (None, reason)
    assert 0 < found.peak_bytes < MOST_HELD
    assert found.seconds < 20


def test_an_honest_list_of_two_thousand_lines_is_read_within_its_bounds(read):
    found = read(workbook([("", f"Riz numéro {n}", 500 + 5 * n, n, "sac", "Céréales") for n in range(2000)]))
    assert found.refused is None
    assert len(found.sheet.lines) == 2000
    assert found.seconds < 10
    assert 10_000_000 < found.peak_bytes < MOST_HELD


def test_who_takes_too_long_by_the_clock_is_ended(read):
    began = time.monotonic()
    found = read(workbook([("", f"riz {n}", 500, 1) for n in range(2000)]), within=0.05)
    assert found.refused == "too_slow"
    assert time.monotonic() - began < 3


def test_who_wants_more_memory_than_there_is_for_him_is_ended(read, monkeypatch):
    monkeypatch.setattr(apart, "MODULE", "tests.catalog.sheets.greedy")
    found = read(b"memory")
    assert found.refused == "too_heavy"
    assert found.peak_bytes < bounds.MEMORY


def test_who_computes_without_end_is_ended_by_the_kernel(read, monkeypatch):
    monkeypatch.setattr(apart, "MODULE", "tests.catalog.sheets.greedy")
    assert read(b"time").refused == "too_slow"


@pytest.mark.parametrize("wish", ["network", "program", "file", "many words"])
def test_the_reader_has_no_network_starts_nothing_and_writes_nothing(read, monkeypatch, wish):
    monkeypatch.setattr(apart, "MODULE", "tests.catalog.sheets.greedy")
    assert read(wish.encode()).refused == "broken"
    assert not Path("/tmp/assigame-greedy-reader").exists()


def test_the_reader_knows_no_secret_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    assert set(base_apart._environment()) == {"PYTHONPATH", "LANG", "PYTHONIOENCODING"}


def test_a_sheet_that_says_it_is_huge_is_read_as_it_is(read):
    honest = workbook()
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>produit</t></is></c><c r="B1" t="inlineStr"><is><t>prix</t></is></c>'
        '</row><row r="2"><c r="A2" t="inlineStr"><is><t>riz</t></is></c><c r="B2"><v>500</v></c></row>'
    )
    xml = sheet_of(rows).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    found = read(changed(honest, **{"xl/worksheets/sheet1.xml": xml}))
    assert [(line.number, line.name, line.price) for line in found.sheet.lines] == [(2, "riz", 500)]


def test_no_process_is_left_behind(read):
    read(workbook())
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
