"""The recipients of a broadcast: each once, in the right chat, on the right day."""

from datetime import date

from bot.broadcasts import planning
from bot.broadcasts.audience import Audience
from tests.bot.broadcasts.test_counting import with_tier

TODAY, TOMORROW = date(2026, 12, 1), date(2026, 12, 2)


def test_everybody_has_one_row_and_those_who_cannot_be_told_the_reason(people):
    soon, free, shut = people.person(("twilio", 20)), people.person(), people.person(("twilio", 30))
    no, page = people.person(wants=False), people.person(("messenger", 30))
    number = people.begun()
    assert people.recipients(number) == [
        (soon, "planned", "free", ""),  # whose window shuts first
        (free, "planned", "free", ""),
        (shut, "planned", "template", ""),
        (page, "skipped", "", "window_shut"),
        (no, "skipped", "", "no_consent"),
    ]
    assert people.recipients(number, "slice_on") == [(TODAY,)] * 3 + [(None,)] * 2
    assert people.state(number) == "sending"


def test_a_person_with_two_chats_gets_it_once(people):
    people.person(("twilio", 30), ("messenger", 2))
    people.person(("twilio", 40), ("whatsapp", 30))
    number = people.begun()
    kind = "(select kind from channel_account a where a.id = account_id)"
    assert people.recipients(number, kind, "way") == [("messenger", "free"), ("whatsapp_cloud", "template")]


def test_who_is_planned_already_stays_as_he_is(people):
    people.person()
    number = people.begun()
    people.db.run("update broadcast_recipient set state = 'sent'")
    people.person()
    at = people.db.value("select market_now()")
    assert planning.plan(people.db, people.config, number, at) == 1
    assert [state for _, state, *_ in people.recipients(number)] == ["sent", "planned"]
    assert planning.plan(people.db, people.config, number, at) == 1


def test_an_accounts_tier_makes_days_and_each_account_has_its_own(people):
    people.config = with_tier(people.config, 2)
    people.config = with_tier(people.config, 1, "whatsapp")
    people.announced(people.person(wants=False), way="template")
    for _ in range(4):
        people.person(("twilio", 30))
    for _ in range(2):
        people.person(("whatsapp", 30))
    people.person()
    number = people.begun()
    kind = "(select kind from channel_account a where a.id = account_id)"
    planned = people.recipients(number, kind, "way", "extract(day from slice_on)::int")
    assert planned == [
        ("twilio_whatsapp", "free", 1),
        ("twilio_whatsapp", "template", 1),
        ("whatsapp_cloud", "template", 1),
        ("twilio_whatsapp", "template", 2),
        ("twilio_whatsapp", "template", 2),
        ("whatsapp_cloud", "template", 2),
        ("twilio_whatsapp", "template", 3),
        (None, "", None),
    ]
    assert sorted(people.count().slices) == [(TODAY, 3), (TOMORROW, 3), (date(2026, 12, 3), 1)]


def test_only_the_audience_is_planned(people):
    people.person(language="en")
    french = people.person()
    assert [contact for contact, *_ in people.recipients(people.begun(Audience(language="fr")))] == [french]
