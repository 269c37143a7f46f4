"""What is said once in a life stands below the first answer, whatever it is, and is logged in its exact words."""

import pytest

from bot import consent
from bot.messages import Happened
from bot.texts import say
from tests.bot.stall import AWA, KOSSI

NOTICE = say("fr", "first.kept", {})
NEW = "+22890000077"


def log(stall):
    return [tuple(row) for row in stall.rows("select what, is_given, words, account_id from consent order by id")]


def test_a_new_persons_first_answer_tells_it_below_and_no_later_one_does(stall):
    stall.says(NEW, "riz")
    stall.takes()
    stall.says(NEW, "savon")
    stall.takes()
    first, *later = stall.said(NEW)
    assert first.endswith(f"\n\n{NOTICE}")
    assert [NOTICE in words for words in later] == [False]
    assert log(stall) == [("kept", True, NOTICE, stall.account_id)]


def test_it_is_told_in_the_persons_language(stall):
    stall.says(NEW, "riz")
    stall.run("update contact set language = 'en'")
    stall.takes()
    assert stall.said(NEW)[0].endswith(
        "\n\nWe keep your contact and your orders to serve you. Type my data to see, delete to erase."
    )


def test_what_somebody_stopped_before_he_was_erased_is_taken_back_by_his_words_and_by_no_event(stall):
    with stall.database.unit_of_work() as db:
        contact = db.value("select contact_id from identity where value = %(phone)s", phone=AWA)
        db.run("update contact set wants_reminders = false")
        assert consent.keep_beyond(db, contact, stall.config.lasting_key) == 1
        db.run("update contact set wants_reminders = true, wants_announcements = true")
        db.run("update conversation set document = document #- '{memory,met}', revision = revision + 1")
    stall.says(AWA, happened=Happened("stopped"))
    stall.takes()
    assert log(stall) == [("announcements", False, consent.TOLD, stall.account_id)]
    stall.says(AWA, "riz")
    stall.takes()
    assert log(stall)[1:] == [
        (what, False, consent.AS_BEFORE, stall.account_id) for what in ("announcements", "reminders")
    ]


@pytest.fixture
def untold(stall):
    """Two open chats that nobody has told anything in."""
    stall.run("update conversation set document = document - 'memory'")
    return stall


def test_who_was_told_in_another_chat_is_not_told_again(untold):
    untold.says(AWA, "riz")
    untold.takes()
    untold.run("update conversation set document = document - 'memory', revision = revision + 1")
    untold.says(AWA, "savon")
    untold.takes()
    assert [NOTICE in words for words in untold.said(AWA)] == [True, False]
    assert len(log(untold)) == 1


def test_an_apology_tells_nothing_and_the_next_answer_does(untold):
    untold.says(AWA, "boom")
    for _ in range(7):
        untold.takes()
        untold.passes(121)
    assert untold.value("select state from inbox order by id desc limit 1") == "dead"
    assert untold.said(AWA)[0].startswith("Pardon")
    assert (log(untold), any(NOTICE in words for words in untold.said(AWA))) == ([], False)
    untold.says(AWA, "riz")
    untold.takes()
    assert NOTICE in untold.said(AWA)[-1]
    assert len(log(untold)) == 1


def test_a_turn_that_fails_has_told_nothing(untold):
    untold.says(AWA, "boom")
    untold.takes()
    assert (log(untold), untold.said(AWA)) == ([], [])


@pytest.mark.parametrize(("words", "is_offered"), [("good morning", True), ("bonjour", False), ("hi", False)])
def test_who_writes_english_is_offered_it_once(stall, words, is_offered):
    for _ in range(2):
        stall.says(AWA, words)
        stall.takes()
    offers = ["For English, type: english." in one for one in stall.said(AWA)]
    assert offers == [is_offered, False]


def test_who_reads_english_is_not_offered_it(stall):
    stall.run("update contact set language = 'en'")
    stall.says(KOSSI, "good morning")
    stall.takes()
    assert "type: english" not in stall.said(KOSSI)[0]
