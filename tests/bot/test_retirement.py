"""What is too old: bubbles that nobody needs any more."""

from bot import accounts, retirement
from tests.bot.outgoing import hears_of_failures, put, states
from tests.bot.stall import AWA, KOSSI


def test_what_is_too_old_is_settled_on_a_paused_account_too(stall):
    put(stall, AWA, "reply")
    notice = put(stall, KOSSI, "notice")
    put(stall, AWA, "bulk")
    put(stall, KOSSI, "reply", too_old=9000)
    with stall.database.unit_of_work() as db:
        accounts.pause(db, stall.account_id, "20003")
    stall.passes(3601)
    told = hears_of_failures(stall)
    with stall.database.unit_of_work() as db:
        assert retirement.retire_bubbles(db, "me", stall.config.timing) == 3
    assert states(stall) == ["failed", "failed", "skipped", "waiting"]
    assert told == [(*notice, "notice_unsent")]
    assert stall.rows("select kind from attention") == [("reply_unsent",)]


def test_replies_dropped_as_too_old_are_one_line_for_each_chat(stall):
    put(stall, AWA, "reply", "reply", "reply")
    put(stall, KOSSI, "reply")
    stall.passes(3601)
    with stall.database.unit_of_work() as db:
        assert retirement.retire_bubbles(db, "me", stall.config.timing) == 4
    contacts = stall.rows("select kind, about->>'contact', conversation_id from attention order by id")
    people = stall.rows("select contact_id::text, id from conversation order by id")
    assert contacts == [("reply_unsent", *person) for person in people]
