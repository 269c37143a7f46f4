"""Progress with its end in sight, results with what people did then, and the export."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from bot.broadcasts import exports, results
from bot.broadcasts.results import OfVendor, Progress
from tests.bot.broadcasts.test_counting import with_tier
from tests.catalog.market import make_good, make_vendor


def now(people):
    return people.db.value("select market_now()")


def done(people):
    """A broadcast of which all queued ones were sent."""
    number = people.begun()
    people.moves(number)
    people.ends(people.queued())
    people.moves(number)
    return number


def test_progress_tells_counts_and_when_it_is_done(people):
    for _ in range(280):
        people.person()
    people.person(wants=False)
    rules = people.config.announcements.model_copy(update={"second_above": 1000})
    people.config = people.config.model_copy(update={"announcements": rules})
    number = people.begun()
    usual = (results.progress(people.db, people.config, number).done_at - now(people)).total_seconds()
    assert usual == pytest.approx(280 / 56)
    people.moves(number)
    people.ends(people.queued()[:140])
    people.passes(secs=10)
    people.moves(number)
    told = results.progress(people.db, people.config, number)
    assert told == Progress("sending", "", {"queued": 140, "sent": 140, "skipped": 1}, 281, 140, told.done_at, None)
    assert (told.done_at - now(people)).total_seconds() == pytest.approx(10)
    with pytest.raises(LookupError):
        results.progress(people.db, people.config, 10_000)


def test_progress_over_days_ends_with_its_last_day(people):
    people.config = with_tier(people.config, 1)
    for _ in range(3):
        people.person(("twilio", 30))
    number = people.begun()
    told = results.progress(people.db, people.config, number)
    assert (told.next_on, f"{told.done_at:%d/%m %H:%M}") == (None, "03/12 08:00")
    people.moves(number)
    people.ends(people.queued())
    people.moves(number)
    assert results.progress(people.db, people.config, number).next_on == date(2026, 12, 2)


def test_what_does_not_fit_the_evening_ends_in_the_morning(people):
    for _ in range(112):
        people.person()
    number = people.begun()
    people.at("2026-12-01 19:59:59+00")
    assert results.progress(people.db, people.config, number).done_at == datetime(2026, 12, 2, 8, 0, 1, tzinfo=UTC)
    people.at("2026-12-01 22:00+00")
    assert results.progress(people.db, people.config, number).done_at == datetime(2026, 12, 2, 8, 0, 2, tzinfo=UTC)


def test_what_has_ended_has_no_end_in_sight(people):
    people.person()
    number = done(people)
    people.moves(number)
    told = results.progress(people.db, people.config, number)
    assert told == Progress("done", "", {"sent": 1}, 1, 0, None, None)


def test_a_result_tells_states_and_reasons(people):
    for _ in range(5):
        people.person()
    people.person(wants=False)
    people.person(("messenger", 30))
    number = people.begun()
    people.moves(number)
    rows = people.queued()
    people.ends(rows[:1], "delivered")
    people.ends(rows[1:2], "failed", "unreachable 131026")
    people.ends(rows[2:3], "failed", "answer lost")
    people.ends(rows[3:4], "failed", "moon 1")
    people.ends(rows[4:], "skipped", "held")
    people.moves(number)
    found = results.result(people.db, number)
    assert found.counts == {"delivered": 1, "failed": 2, "skipped": 3, "uncertain": 1}
    assert found.reasons == {
        "held": 1, "no_consent": 1, "other": 1, "unreachable": 1, "uncertain": 1, "window_shut": 1
    }  # fmt: skip
    assert (found.replies, found.opt_outs, found.orders, found.amount, found.vendors) == (0, 0, 0, 0, [])
    with pytest.raises(LookupError):
        results.result(people.db, 10_000)


def says(people, contact):
    people.db.run(
        "insert into turn (commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes,"
        " answers, reader, before, after, said, version, now)"
        " select 1, id, '{}', 'buyer', '', '', '', '[]', '[]', '{}', '{}', '{}', '[]', '', market_now()"
        " from conversation where contact_id = %(id)s",
        id=contact,
    )


def stops(people, contact):
    people.db.run(
        "insert into consent (contact_id, what, is_given, words, account_id)"
        " values (%(id)s, 'announcements', false, 'STOP', %(account)s)",
        id=contact,
        account=people.ids["twilio"],
    )


def test_what_people_did_within_three_days_counts_per_vendor(people):
    yawa, kossi = make_vendor(people.db, "yawa"), make_vendor(people.db, "kossi")
    rice, oil = make_good(people.db, yawa), make_good(people.db, kossi, "Huile")
    first, second, late, untold = (people.person() for _ in range(4))
    people.orders(first, good=rice, days=1)  # before
    people.db.run("update contact set wants_announcements = false where id = %(id)s", id=untold)
    number = done(people)
    people.passes(hours=1)
    for contact in (first, first, second, untold):
        says(people, contact)
    people.orders(first, good=rice, goods=5000)
    people.orders(second, good=rice, goods=2000)
    people.orders(second, good=oil, goods=900)
    people.orders(second, good=oil, goods=700, state="cancelled")
    people.orders(untold, good=oil)
    stops(people, second)
    people.passes(hours=72)
    says(people, late)
    people.orders(late, good=rice)
    stops(people, late)
    found = results.result(people.db, number)
    assert (found.replies, found.opt_outs, found.orders, found.amount) == (2, 1, 3, 7900)
    assert found.vendors == [OfVendor(yawa, "Yawa", 2, 7000), OfVendor(kossi, "Kossi", 1, 900)]


def test_an_export_has_a_line_for_each_and_no_formula(people, monkeypatch):
    monkeypatch.setattr(exports, "PIECE", 2)
    people.person(name="=HYPERLINK(1)")
    people.person(("twilio", 30), name='Kofi; "K"')
    people.person(("messenger", 1), wants=False, name="+Ama", language="en")
    number = done(people)
    told = b"".join(exports.as_csv(people.db, number, "fr"))
    assert told.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(io.StringIO(told.decode("utf-8-sig")), delimiter=";")
    assert header == ["Personne", "Canal", "Langue", "État", "Envoi", "Raison", "Envoyé à", "Suivi à"]
    moment = "01/12/2026 10:00:00"
    assert lines == [
        ["'=HYPERLINK(1)", "WhatsApp", "fr", "envoyée", "message libre", "", moment, moment],
        ['Kofi; "K"', "WhatsApp", "fr", "envoyée", "modèle", "", moment, moment],
        ["'+Ama", "", "en", "non envoyée", "", "ne veut pas d'annonces", "", moment],
    ]
    sheet = load_workbook(io.BytesIO(exports.as_workbook(people.db, number, "fr"))).active
    cells = list(sheet.iter_rows(values_only=True))
    assert [list(row)[:4] for row in cells] == [
        header[:4],
        ["'=HYPERLINK(1)", "WhatsApp", "fr", "envoyée"],
        ['Kofi; "K"', "WhatsApp", "fr", "envoyée"],
        ["'+Ama", None, "en", "non envoyée"],
    ]
    assert all(cell.data_type != "f" for row in sheet for cell in row)


def test_an_export_of_nobody_is_its_header(people):
    number = people.draft()
    assert b"".join(exports.as_csv(people.db, number, "en")).decode("utf-8-sig").startswith("Person;Channel;")
    assert list(exports.lines(people.db, number, "en")) == []
