"""A broadcast on its way: begun, fed, stopped, resumed, paused, repeated, ended."""

from datetime import UTC, datetime

import pytest

from bot import attention, reports
from bot.broadcasts import drafts, following, sending
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Attached
from bot.broadcasts.facts import BroadcastDone, BroadcastPaused
from bot.messages import Refused, StatusReport
from tests.bot.broadcasts.test_counting import with_tier
from tests.bot.broadcasts.test_drafts import MAKER, OTHER

NINE = datetime(2026, 12, 2, 9, tzinfo=UTC)


def counts(people, number):
    rows = people.db.rows(
        "select state, count(*) as people from broadcast_recipient where broadcast_id = %(id)s group by 1", id=number
    )
    return {row.state: row.people for row in rows}


def lines(people):
    return [row.about for row in people.db.rows("select about from attention where settled_at is null order by id")]


def scheduled(people, due=NINE, **told):
    number = people.draft(due_at=due, by=MAKER, **told)
    drafts.preview(people.db, people.config, number)
    assert drafts.confirm(people.db, people.config, number, MAKER) == "scheduled"
    return number


@pytest.fixture
def crowd(people):
    """Forty people with open windows, and a sender that has twenty of them in the outbox at once."""
    for _ in range(40):
        people.person()
    slow = people.config.channel_accounts[0].rates.model_copy(update={"sender_per_second": 1})
    accounts = tuple(one.model_copy(update={"rates": slow}) for one in people.config.channel_accounts)
    people.config = people.config.model_copy(update={"channel_accounts": accounts})
    return people


def test_a_slice_at_a_time_is_in_the_outbox_and_the_end_is_told(crowd):
    number = crowd.begun()
    assert crowd.moves(number) == 20
    assert crowd.moves(number) == 0
    assert counts(crowd, number) == {"planned": 20, "queued": 20}
    crowd.ends(crowd.queued()[:15])
    assert crowd.moves(number) == 30
    assert counts(crowd, number) == {"planned": 5, "queued": 20, "sent": 15}
    crowd.ends(crowd.queued())
    crowd.moves(number)
    crowd.ends(crowd.queued())
    assert crowd.moves(number) == 5
    assert crowd.facts(BroadcastDone) == []
    assert crowd.moves(number) == 0
    assert crowd.facts(BroadcastDone) == [BroadcastDone(number)]
    assert (crowd.state(number), counts(crowd, number)) == ("done", {"sent": 40})
    assert crowd.db.value("select count(*) from outbox") == 40
    assert sending.moving(crowd.db) == []


def test_what_is_queued_is_each_readers_announcement_with_its_template(people):
    people.person()
    people.person(language="en")
    people.moves(people.begun())
    rows = people.db.rows("select kind, place, bubble, template, about from outbox order by said_at")
    assert [row.bubble["body"] for row in rows] == [
        "Atelier demain à 9 h.\n\nPour ne plus recevoir d'annonces, écrivez STOP.",
        "Workshop tomorrow at 9.\n\nTo get no more announcements, write STOP.",
    ]
    assert [row.template["name"] for row in rows] == ["announcement_fr", "announcement_en"]
    assert [row.template["values"] for row in rows] == [["Atelier demain à 9 h."], ["Workshop tomorrow at 9."]]
    assert rows[1].template["others"] == [
        {"name": "announcement_fr", "language": "fr", "values": ["Atelier demain à 9 h."]}
    ]
    assert {(row.kind, row.place) for row in rows} == {("bulk", 1)}
    assert list(rows[0].about) == ["broadcast"]


def test_words_in_one_language_go_to_all_in_that_one(people):
    people.person(language="en")
    people.moves(people.begun(texts={"fr": "Un\n\n  deux"}))
    row = people.db.one("select bubble, template from outbox")
    assert row.bubble["body"].startswith("Un\n\n  deux\n\nPour ne plus")
    assert row.template == {"name": "announcement_fr", "language": "fr", "values": ["Un deux"]}


@pytest.mark.parametrize(("kind", "key", "rows"), [("image", "photo", 1), ("audio", "audio", 2)])
def test_a_photo_stands_above_the_words_and_a_voice_note_behind_them(people, kind, key, rows):
    inbox_id = people.attached(people.person(), kind)
    people.person(("twilio", 30))
    people.moves(people.begun(attached=Attached(kind, inbox_id)))
    told = people.db.rows("select place, bubble, template from outbox order by said_at, place")
    assert len(told) == rows + 1  # outside of a window the words alone
    assert told[rows - 1].bubble[key].startswith("https://market.example/received/")
    assert [row.template is None for row in told] == ([False, False] if rows == 1 else [False, True, False])


@pytest.mark.parametrize("kind", ["image", "audio"])
def test_one_whose_file_is_gone_pauses_and_is_not_sent_without_it(crowd, kind):
    number = crowd.begun(attached=Attached(kind, crowd.attached(crowd.db.value("select min(id) from contact"), kind)))
    crowd.moves(number)
    crowd.ends(crowd.queued()[:6])
    crowd.db.run("update received_media set state = 'gone'")
    crowd.moves(number)
    assert crowd.state(number) == ("paused", "file")
    assert crowd.queued() == []
    assert crowd.facts(BroadcastPaused) == [BroadcastPaused(number, "file")]
    assert lines(crowd) == [{"broadcast": number, "reason": "file"}]
    told = counts(crowd, number)
    sending.resume(crowd.db, crowd.config, number, MAKER)
    crowd.moves(number)
    assert (crowd.state(number), counts(crowd, number)) == (("paused", "file"), told)


def test_one_whose_file_is_gone_when_all_were_told_ends(people):
    contact = people.person()
    number = people.begun(attached=Attached("image", people.attached(contact)))
    people.moves(number)
    people.db.run("update received_media set state = 'gone'")
    people.ends(people.queued())
    people.moves(number)
    people.moves(number)
    assert people.state(number) == "done"


def test_each_is_looked_at_again_when_his_turn_comes(people):
    contacts = [people.person() for _ in range(5)]
    number = people.begun()
    people.db.run("update contact set wants_announcements = false where id = %(id)s", id=contacts[0])
    people.announced(contacts[1], days=1)
    people.announced(contacts[1], days=2)
    people.db.run(
        "update conversation set last_in_at = market_now() - interval '30 hours' where contact_id = %(id)s",
        id=contacts[2],
    )
    other = people.person(("messenger", 1))
    people.db.run("update conversation set contact_id = %(to)s where contact_id = %(id)s", to=other, id=contacts[3])
    people.moves(number)
    told = {contact: told for contact, *told in people.recipients(number)}
    assert told[contacts[0]] == ["skipped", "", "no_consent"]
    assert told[contacts[1]] == ["skipped", "", "weekly"]
    assert told[contacts[2]] == ["queued", "template", ""]
    assert told[contacts[3]] == ["skipped", "", "no_chat"]
    assert told[contacts[4]] == ["queued", "free", ""]


def test_two_broadcasts_at_once_give_nobody_a_third_announcement(people):
    contact = people.person()
    people.announced(contact, days=1)
    first, second = people.begun(), people.begun()
    assert [counts(people, one) for one in (first, second)] == [{"planned": 1}] * 2
    people.moves(first)
    people.moves(second)
    assert [counts(people, one) for one in (first, second)] == [{"queued": 1}, {"skipped": 1}]
    third = people.begun(override_weekly=True)
    people.moves(third)
    assert counts(people, third) == {"queued": 1}


def test_stop_takes_back_what_waits_and_resume_goes_on_without_doubling(crowd):
    number = crowd.begun()
    crowd.moves(number)
    under_way, *_ = rows = crowd.queued()
    crowd.ends(rows[1:4])
    crowd.ends([under_way], "sending")
    assert sending.stop(crowd.db, number, MAKER)
    assert crowd.state(number) == "stopped"
    assert crowd.queued() == []
    assert counts(crowd, number) == {"planned": 36, "queued": 4}
    assert crowd.moves(number) == 3
    crowd.ends([under_way])
    assert crowd.moves(number) == 1
    assert sending.moving(crowd.db) == []
    assert not sending.stop(crowd.db, number, MAKER)

    assert sending.resume(crowd.db, crowd.config, number, MAKER) == "resumed"
    assert sending.resume(crowd.db, crowd.config, number, MAKER) == "before"
    for _ in range(6):
        crowd.moves(number)
        crowd.ends(crowd.queued())
    assert (crowd.state(number), counts(crowd, number)) == ("done", {"sent": 40})
    each = crowd.db.rows("select conversation_id from outbox group by 1 having count(*) > 1")
    assert each == []
    assert crowd.history(number)[-4:] == ["started", "stopped", "resumed", "done"]


def test_in_the_quiet_hours_nothing_is_in_the_outbox_and_in_the_morning_it_goes_on(crowd):
    number = crowd.begun()
    crowd.moves(number)
    limit = crowd.db.value("select max(too_old_at) - market_now() <= interval '1 hour' from outbox")
    assert limit
    crowd.at("2026-12-01 19:59:50+00")
    crowd.db.run("update conversation set last_in_at = market_now()")
    crowd.ends(crowd.queued()[:1])
    crowd.moves(number)
    tonight = crowd.db.value("select max(too_old_at) from outbox where made_at = market_now()")
    assert tonight == datetime(2026, 12, 1, 20, tzinfo=UTC)
    crowd.at("2026-12-01 20:00+00")
    assert crowd.moves(number) == 20
    assert crowd.queued() == []
    assert (crowd.state(number), counts(crowd, number)) == ("sending", {"planned": 39, "sent": 1})
    crowd.at("2026-12-02 08:00+00")
    assert crowd.moves(number) == 20


def test_what_was_too_late_for_the_evening_is_planned_for_the_morning(people):
    people.person()
    number = people.begun()
    people.moves(number)
    people.ends(people.queued(), "skipped", "too old")
    people.at("2026-12-01 20:30+00")
    people.moves(number)
    assert counts(people, number) == {"planned": 1}
    people.at("2026-12-02 08:00+00")
    people.moves(number)
    assert counts(people, number) == {"queued": 1}


def test_the_quiet_hours_can_be_overridden(people):
    people.person()
    people.at("2026-12-01 22:00+00")
    people.db.run("update conversation set last_in_at = market_now()")
    number = people.begun(override_quiet=True)
    people.moves(number)
    assert counts(people, number) == {"queued": 1}


def test_a_tier_is_kept_over_any_twenty_four_hours(people):
    people.config = with_tier(people.config, 2)
    for _ in range(5):
        people.person(("twilio", 30))
    number = people.begun()
    people.moves(number)
    people.ends(people.queued())
    people.moves(number)
    assert counts(people, number) == {"planned": 3, "sent": 2}
    people.at("2026-12-02 09:00+00")
    people.moves(number)
    assert counts(people, number) == {"planned": 3, "sent": 2}
    people.at("2026-12-02 10:00:01+00")
    people.moves(number)
    assert counts(people, number) == {"planned": 1, "queued": 2, "sent": 2}


def test_it_begins_at_its_time_and_not_before(people):
    people.person()
    number = scheduled(people)
    people.at("2026-12-02 08:59:59+00")
    assert sending.begin_due(people.db, people.config) == 0
    people.at("2026-12-02 09:00+00")
    assert sending.begin_due(people.db, people.config) == 1
    assert people.state(number) == "sending"


def test_a_late_run_is_asked_about_and_not_sent(people):
    people.person()
    number = scheduled(people)
    people.at("2026-12-02 09:15:01+00")
    assert sending.begin_due(people.db, people.config) == 1
    assert people.state(number) == ("paused", "late")
    assert people.recipients(number) == []
    assert people.facts(BroadcastPaused) == [BroadcastPaused(number, "late")]
    assert lines(people) == [{"broadcast": number, "reason": "late"}]
    assert sending.resume(people.db, people.config, number, MAKER) == "resumed"
    assert sending.begin_due(people.db, people.config) == 1
    people.moves(number)
    assert counts(people, number) == {"queued": 1}
    assert lines(people) == []


@pytest.mark.parametrize(
    ("repeat", "at", "following"),
    [
        ("daily", "2026-12-02 09:00+00", datetime(2026, 12, 3, 9, tzinfo=UTC)),
        ("weekly", "2026-12-02 09:00+00", datetime(2026, 12, 9, 9, tzinfo=UTC)),
        ("daily", "2026-12-05 10:00+00", datetime(2026, 12, 6, 9, tzinfo=UTC)),
    ],
)
def test_one_that_repeats_puts_the_next_on_its_date(people, repeat, at, following):
    people.person()
    number = scheduled(people, repeat=repeat)
    people.at(at)
    assert sending.begin_due(people.db, people.config) == 1
    rows = people.db.rows("select id, state, due_at, parent_id, repeat from broadcast where id > %(id)s", id=number)
    assert [tuple(row)[1:] for row in rows] == [("scheduled", following, number, repeat)]
    assert sending.begin_due(people.db, people.config) == 0
    assert drafts.cancel(people.db, rows[0].id, MAKER)


@pytest.fixture
def barred(people):
    """A hundred people, and a rule by which more than a hundred need a second organizer."""
    for _ in range(100):
        people.person()
    rules = people.config.announcements.model_copy(update={"second_above": 100})
    people.config = people.config.model_copy(update={"announcements": rules})
    return people


def nine(people, day=2):
    """It is nine that day, and everybody has just written."""
    people.at(f"2026-12-{day:02} 09:00+00")
    people.db.run("update conversation set last_in_at = market_now()")
    return sending.begin_due(people.db, people.config)


def test_one_that_grew_past_the_bar_waits_for_a_second_organizer(barred):
    number = scheduled(barred)
    barred.person()
    assert nine(barred) == 1
    assert barred.state(number) == ("paused", "moved")
    assert barred.recipients(number) == []
    assert barred.moves(number) == 0
    assert sending.resume(barred.db, barred.config, number, MAKER) == "same_person"
    assert sending.resume(barred.db, barred.config, number, OTHER) == "second"
    assert sending.agree(barred.db, barred.config, number, MAKER, 101) == "same_person"
    assert sending.agree(barred.db, barred.config, number, OTHER, 98) == "moved"
    assert (barred.state(number), barred.recipients(number)) == (("paused", "moved"), [])
    assert sending.agree(barred.db, barred.config, number, OTHER, 101) == "resumed"
    assert sending.begin_due(barred.db, barred.config) == 1
    found = drafts.read(barred.db, number)
    assert (found.state, found.second_by, found.people) == ("sending", OTHER, 101)
    assert counts(barred, number) == {"planned": 101}
    assert barred.history(number)[-3:] == ["seconded", "resumed", "started"]
    assert sending.agree(barred.db, barred.config, number, OTHER, 101) == "before"


def test_what_was_given_up_when_it_had_grown_needs_a_second_organizer_still(barred):
    number = scheduled(barred)
    barred.person()
    nine(barred)
    assert sending.stop(barred.db, number, OTHER)
    assert barred.state(number) == "stopped"
    assert sending.resume(barred.db, barred.config, number, OTHER) == "second"
    barred.db.run("update contact set wants_announcements = false where id = (select max(id) from contact)")
    assert sending.resume(barred.db, barred.config, number, OTHER) == "resumed"


def seconded(people, **told):
    """One to 101 people, to which two have agreed."""
    people.person()
    number = people.draft(due_at=NINE, by=MAKER, **told)
    drafts.preview(people.db, people.config, number)
    assert drafts.confirm(people.db, people.config, number, MAKER) == "second_asked"
    assert drafts.second(people.db, people.config, number, OTHER) == "scheduled"
    return number


@pytest.mark.parametrize(("more", "state"), [(2, "sending"), (3, ("paused", "moved"))])
def test_one_to_which_two_have_agreed_begins_where_it_has_not_grown_by_two_percent(barred, more, state):
    number = seconded(barred)
    for _ in range(more):
        barred.person()
    nine(barred)
    assert barred.state(number) == state


def test_what_two_have_agreed_to_holds_for_those_that_repeat_it_until_they_grow(barred):
    number = seconded(barred, repeat="daily")
    nine(barred)
    assert barred.state(number) == "sending"
    following_one = barred.db.value("select max(id) from broadcast")
    for _ in range(10):
        barred.person()
    barred.db.run("delete from broadcast_recipient")
    nine(barred, 3)
    assert barred.state(following_one) == ("paused", "moved")
    assert sending.agree(barred.db, barred.config, following_one, OTHER, 111) == "resumed"
    assert sending.begin_due(barred.db, barred.config) == 1
    assert barred.db.value("select count(*) from broadcast where state = 'scheduled'") == 1  # it repeats once
    last = barred.db.value("select max(id) from broadcast")
    assert drafts.read(barred.db, last).people == 101
    barred.db.run("delete from broadcast_recipient")
    nine(barred, 4)
    found = drafts.read(barred.db, last)
    assert (found.state, found.people, found.second_by) == ("sending", 111, OTHER)


def test_above_five_percent_of_the_first_two_hundred_it_pauses_itself(people):
    for _ in range(210):
        people.person()
    rules = people.config.announcements.model_copy(update={"second_above": 1000})
    people.config = people.config.model_copy(update={"announcements": rules})
    number = people.begun()
    people.moves(number)
    rows = people.queued()
    people.ends(rows[:10], "failed", "unreachable 131026")
    people.ends(rows[10:100])
    people.moves(number)
    assert people.state(number) == "sending"
    people.ends([rows[100]], "failed", "unreachable 131026")
    people.moves(number)
    assert people.state(number) == ("paused", "errors")
    assert people.queued() == []
    assert counts(people, number) == {"planned": 109, "sent": 90, "failed": 11}
    assert lines(people) == [{"broadcast": number, "reason": "errors"}]
    people.passes(secs=1)
    assert sending.resume(people.db, people.config, number, MAKER) == "resumed"
    people.moves(number)
    assert people.state(number) == "sending"


def test_failures_that_come_by_report_pause_it_with_nothing_left_to_fold(people):
    for _ in range(230):
        people.person()
    rules = people.config.announcements.model_copy(update={"second_above": 1000})
    people.config = people.config.model_copy(update={"announcements": rules})
    number = people.begun()
    people.moves(number)
    first = people.queued()[:220]
    people.ends(first)
    people.moves(number)
    assert counts(people, number) == {"queued": 10, "sent": 220}
    reported(people, first[200:], first[:10])
    assert people.moves(number) == 0
    assert people.state(number) == "sending"
    reported(people, first[199:200])
    assert people.moves(number) == 1
    assert people.state(number) == ("paused", "errors")
    assert counts(people, number) == {"planned": 10, "sent": 189, "failed": 31}


def reported(people, *told):
    """Reports say that nobody can be reached there."""
    for row in [row for rows in told for row in rows]:
        report = StatusReport(f"SM{row}", "failed", row, Refused("unreachable", "131026"))
        reports.keep(people.db, people.ids["twilio"], [report])
    following.follow(people.db, reports.fold(people.db, 600, 5).announced)


def test_lost_answers_are_no_hard_errors_and_are_never_sent_again(people):
    for _ in range(30):
        people.person()
    number = people.begun()
    people.moves(number)
    people.ends(people.queued()[:20], "failed", "answer lost")
    people.ends(people.queued(), "failed", "lease ran out")
    people.moves(number)
    people.moves(number)
    assert (people.state(number), counts(people, number)) == ("done", {"uncertain": 30})
    assert people.db.value("select count(*) from outbox") == 30


def test_a_template_that_is_paused_pauses_the_broadcast(people):
    people.person(("twilio", 30))
    number = people.begun()
    people.moves(number)
    people.ends(people.queued(), "waiting", "template waits")
    people.moves(number)
    assert people.state(number) == ("paused", "template")
    assert counts(people, number) == {"planned": 1}
    assert people.facts(BroadcastPaused) == [BroadcastPaused(number, "template")]


def test_an_account_that_is_paused_pauses_the_broadcasts_that_need_it(people):
    people.person()
    people.person(("whatsapp", 1))
    both, one = people.begun(), people.begun(Audience(channel="whatsapp_cloud"))
    people.db.run("update channel_account set paused_at = market_now() where key = 'twilio'")
    people.moves(both)
    people.moves(one)
    assert people.state(both) == ("paused", "account")
    assert people.state(one) == "sending"


def test_who_was_to_be_told_by_an_account_that_is_gone_is_skipped(people):
    people.person()
    number = people.begun()
    people.db.run("update channel_account set key = 'old' where key = 'twilio'")
    people.moves(number)
    assert (people.state(number), counts(people, number)) == ("done", {"skipped": 1})


def test_one_for_nobody_is_over_at_once(people):
    contact = people.person()
    number = scheduled(people)
    people.db.run("update contact set wants_announcements = false where id = %(id)s", id=contact)
    people.at("2026-12-02 09:00+00")
    sending.begin_due(people.db, people.config)
    people.moves(number)
    assert (people.state(number), counts(people, number)) == ("done", {"skipped": 1})


def test_a_line_of_the_list_about_a_pause_is_there_once(people):
    people.person()
    number = people.begun()
    sending.pause(people.db, number, "account")
    sending.pause(people.db, number, "account")
    assert len(lines(people)) == 1
    sending.stop(people.db, number, OTHER)
    assert attention.line_about(people.db, "broadcast_paused", {"broadcast": number}) is None


def test_a_number_that_the_provider_calls_a_source_of_spam_announces_nothing_more(people):
    people.person()
    number = people.begun()
    people.moves(number)
    people.ends(people.queued(), "waiting", "busy 131048")
    people.moves(number)
    assert people.state(number) == ("paused", "restricted")
    assert counts(people, number) == {"planned": 1}


def test_whom_the_provider_puts_off_for_a_day_is_not_told_and_not_tried_again(people):
    soon, late = people.person(), people.person()
    number = people.begun()
    people.moves(number)
    people.db.run(
        "update outbox o set attempts = 1, error = 'busy 131049', due_at = market_now() + case"
        " when c.contact_id = %(late)s then interval '1 day' else interval '2 seconds' end"
        " from conversation c where c.id = o.conversation_id",
        late=late,
    )
    people.moves(number)
    assert people.recipients(number, "contact_id", "state", "reason") == [
        (soon, "queued", ""),
        (late, "failed", "busy 131049"),
    ]
    assert len(people.queued()) == 1
