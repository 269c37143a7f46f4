"""What is too old: bubbles that nobody needs any more, payloads and keys that nobody may keep."""

from bot import accounts, retirement
from tests.bot.outgoing import hears_of_failures, put, states
from tests.bot.stall import AWA, KOSSI


def test_what_is_too_old_is_settled_on_a_paused_account_too(stall):
    for kind, phone in {"reply": AWA, "notice": KOSSI}.items():
        put(stall, phone, kind)
    put(stall, AWA, "bulk")
    put(stall, KOSSI, "reply", too_old=9000)
    with stall.database.unit_of_work() as db:
        accounts.pause(db, stall.account_id, "20003")
    stall.passes(3601)
    told = hears_of_failures(stall)
    with stall.database.unit_of_work() as db:
        assert retirement.retire_bubbles(db, "me", stall.config.timing) == 3
    assert states(stall) == ["failed", "failed", "skipped", "waiting"]
    assert told == [(2, "notice_unsent")]
    assert stall.rows("select kind from attention") == [("reply_unsent",)]


def test_what_was_said_is_forgotten_after_90_days_and_its_keys_after_120(stall):
    stall.says(AWA, "riz")
    stall.takes()
    stall.says(KOSSI, "riz")  # still open: never forgotten

    def forget(days):
        stall.passes(days * 86400)
        with stall.database.unit_of_work() as db:
            retirement.forget(db, stall.config.timing)
        messages = "select count(*) from inbox where provider_id not like 'open%%'"
        return stall.value(messages), stall.value("select count(*) from seen")

    assert forget(89) == (2, 4)
    assert forget(1.001) == (1, 4)
    assert (stall.value("select count(*) from turn"), stall.value("select count(*) from outbox")) == (0, 0)
    assert forget(28.9) == (1, 4)
    assert forget(1.1) == (1, 3)  # a message that is kept, as the two that opened the chats, keeps its key


def test_replies_dropped_as_too_old_are_one_line_for_each_chat(stall):
    put(stall, AWA, "reply", "reply", "reply")
    put(stall, KOSSI, "reply")
    stall.passes(3601)
    with stall.database.unit_of_work() as db:
        assert retirement.retire_bubbles(db, "me", stall.config.timing) == 4
    contacts = stall.rows("select kind, about->>'contact', conversation_id from attention order by id")
    people = stall.rows("select contact_id::text, id from conversation order by id")
    assert contacts == [("reply_unsent", *person) for person in people]
