"""A preview: people by channel, ways and reasons, F CFA, and the days that a tier forces."""

from datetime import UTC, date, datetime, timedelta

import pytest

from base.accounts import TwilioWhatsappAccount
from base.config import Announcements
from bot.broadcasts import quiet
from bot.broadcasts.audience import Audience
from bot.broadcasts.counting import OnChannel
from bot.broadcasts.senders import WINDOW, senders
from wiring import channels

TODAY = date(2026, 12, 1)


def with_tier(config, most, key="twilio"):
    """The settings, with a tier of one account."""
    accounts = tuple(
        one.model_copy(update={"most_a_day": most}) if one.key == key else one for one in config.channel_accounts
    )
    return config.model_copy(update={"channel_accounts": accounts})


def test_people_are_counted_by_channel_and_way_and_the_rest_by_reason(people):
    people.person()
    people.person(("twilio", 30))
    people.person(("whatsapp", 1))
    people.person(("messenger", 2))
    people.person(("messenger", 30))
    people.person(wants=False)
    unreachable = people.person(("twilio", 5))
    people.db.run("update identity set unreachable_since = market_now() where contact_id = %(id)s", id=unreachable)
    counted = people.count()
    assert counted.channels == (
        OnChannel("twilio_whatsapp", free=1, template=1),
        OnChannel("whatsapp_cloud", free=1, template=0),
        OnChannel("messenger", free=1, template=0),
    )
    assert (counted.people, counted.free, counted.template) == (4, 3, 1)
    assert counted.unreached == {"no_consent": 1, "unreachable": 1, "window_shut": 1}


def test_a_person_with_two_chats_is_one_where_his_window_is_open_else_where_he_wrote_last(people):
    people.person(("twilio", 30), ("messenger", 2))
    people.person(("twilio", 40), ("whatsapp", 30))
    people.person(("twilio", 40), ("messenger", 30))  # a Page has no such template
    assert people.count().channels == (
        OnChannel("twilio_whatsapp", 0, 1),
        OnChannel("whatsapp_cloud", 0, 1),
        OnChannel("messenger", 1, 0),
    )


def test_whatsapp_is_both_kinds_of_it_and_another_channel_its_own(people):
    people.person(("twilio", 1))
    people.person(("whatsapp", 30))
    people.person(("whatsapp", 1), ("messenger", 1))
    people.person(("messenger", 2))
    on_whatsapp, on_messenger = (people.count(Audience(channel=one)) for one in ("whatsapp", "messenger"))
    assert on_whatsapp.channels == (OnChannel("twilio_whatsapp", 1, 0), OnChannel("whatsapp_cloud", 1, 1))
    assert on_whatsapp.unreached == {}
    assert on_messenger.channels == (OnChannel("messenger", 2, 0),)


def test_who_wrote_again_since_nobody_was_reached_is_reached(people):
    contact = people.person(("twilio", 1))
    people.db.run(
        "update identity set unreachable_since = market_now() - interval '2 hours' where contact_id = %(id)s",
        id=contact,
    )
    assert people.count().people == 1


def test_an_account_that_is_off_reaches_nobody(people):
    people.person()
    people.db.run("update channel_account set key = 'old' where key = 'twilio'")
    assert people.count().unreached == {"no_chat": 1}


@pytest.mark.parametrize(("state", "reached"), [("approved", 1), ("paused", 1), (None, 1), ("rejected", 0)])
def test_a_shut_window_needs_a_template_that_may_be_sent_one_day(people, state, reached):
    people.person(("twilio", 30))
    for language in ("fr", "en"):
        people.approve("twilio", f"announcement_{language}", state)
    assert people.count().people == reached


def test_the_estimate_is_of_what_each_message_is_there(people):
    people.person()
    people.person(("twilio", 30))
    people.person(("whatsapp", 1))
    people.person(("whatsapp", 30))
    assert people.count().cost == 3 + 16 + 0 + 13
    people.db.run("update channel_content set category = 'utility' where name = 'announcement_fr'")
    assert people.count().cost == 3 + 6 + 0 + 3


def test_a_tier_forces_days_for_those_outside_their_windows_alone(people):
    people.config = with_tier(people.config, 2)
    for _ in range(5):
        people.person(("twilio", 30))
    for _ in range(4):
        people.person()
    days = [TODAY + timedelta(days=number) for number in range(3)]
    assert people.count().slices == ((days[0], 2 + 4), (days[1], 2), (days[2], 1))
    people.config = with_tier(people.config, 0)
    assert people.count().slices == ((TODAY, 9),)


def test_what_an_account_has_used_of_its_day_is_taken_off_today(people):
    people.config = with_tier(people.config, 3)
    for _ in range(4):
        people.announced(people.person(wants=False), way="template")
    people.announced(people.person(wants=False), way="template", days=1.5)
    for _ in range(4):
        people.person(("twilio", 30))
    assert next(one.used for one in senders(people.db, people.config) if one.kind == "twilio_whatsapp") == 4
    assert people.count().slices == ((TODAY + timedelta(days=1), 3), (TODAY + timedelta(days=2), 1))
    due = datetime(2026, 12, 3, 9, tzinfo=UTC)
    assert people.count(due_at=due).slices == ((date(2026, 12, 3), 3), (date(2026, 12, 4), 1))


def test_the_shipped_tiers_are_metas_first_ones(config):
    told = {account.key: account.most_a_day for account in config.channel_accounts}
    assert told == {"twilio": 250, "whatsapp": 250, "messenger": 0, "simulator": 0}
    assert TwilioWhatsappAccount(key="x").most_a_day == 0


def test_in_the_quiet_hours_the_first_day_is_that_of_the_morning(people):
    people.person()
    people.at("2026-12-01 21:00+00")
    people.db.run("update conversation set last_in_at = market_now()")
    assert people.count().slices == ((date(2026, 12, 2), 1),)
    assert people.count(override_quiet=True).slices == ((TODAY, 1),)
    people.at("2026-12-02 03:00+00")
    assert people.count().slices == ((date(2026, 12, 2), 1),)


def test_who_had_two_announcements_this_week_gets_no_third_but_by_override(people):
    contact = people.person()
    people.announced(contact, days=1)
    assert people.count().people == 1
    people.announced(contact, days=6)
    assert people.count().unreached == {"weekly": 1}
    assert people.count(override_weekly=True).people == 1
    people.passes(days=2)
    people.db.run("update conversation set last_in_at = market_now()")
    assert people.count().people == 1


def test_an_audience_of_one_channel_is_told_there_and_nowhere_else(people):
    people.person(("twilio", 30), ("messenger", 2))
    assert people.count(Audience(channel="twilio_whatsapp")).channels == (OnChannel("twilio_whatsapp", 0, 1),)


def test_every_channel_has_the_window_that_is_counted_with(config):
    windows = {kind: channel.limits.window for kind, channel in channels(config).items()}
    assert windows == {"twilio_whatsapp": WINDOW, "whatsapp_cloud": WINDOW, "messenger": 86400, "simulator": 86400}


@pytest.mark.parametrize(
    ("hour", "is_quiet", "begins", "ends"),
    [
        (7, True, (1, 7), (1, 8)),
        (8, False, (1, 20), (1, 8)),
        (19, False, (1, 20), (1, 19)),
        (20, True, (1, 20), (2, 8)),
    ],
)
def test_a_night_goes_from_the_evening_to_the_morning(hour, is_quiet, begins, ends):
    rules, moment = Announcements(), datetime(2026, 12, 1, hour, tzinfo=UTC)
    assert quiet.is_quiet(rules, moment) is is_quiet
    assert quiet.begins_after(rules, moment) == datetime(2026, 12, *begins, tzinfo=UTC)
    assert quiet.ends_after(rules, moment) == datetime(2026, 12, *ends, tzinfo=UTC)
