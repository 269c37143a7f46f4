"""What was kept long enough goes, in short steps, and nothing else does; who asks for it later is answered well."""

from threading import Thread

import pytest
from psycopg.errors import QueryCanceled
from sqlalchemy import Table

from bot import attention, dead_letters, figures, forgetting, holdings, inbox, locks, outbox, reports, retention, voices
from bot.forgetting import Step
from bot.messages import Kept, Parsed, StatusReport
from bot.retention import BATCH, KINDS, Retention
from tests.bot.outgoing import chat_of, claim, fold, put
from tests.bot.stall import AWA, KOSSI, message_of
from tests.test_migrations import ROOMS

DAY = 86400
MESSAGES = "select count(*) from inbox where provider_id not like 'open%%'"
IDS = "select id from {} order by id"


def says(stall, *words, phone=AWA):
    for one in words:
        stall.says(phone, one)
    stall.takes()


def counted(stall):
    """(messages, turns, bubbles, keys)."""
    others = (f"select count(*) from {table}" for table in ("turn", "outbox", "seen"))
    return tuple(stall.value(sql) for sql in (MESSAGES, *others))


def test_what_was_said_is_forgotten_after_90_days_and_its_keys_after_120(stall):
    says(stall, "riz")
    stall.says(KOSSI, "riz")  # still open: never forgotten
    stall.passes(89 * DAY)
    assert stall.forgets() == {}
    assert counted(stall) == (2, 1, 1, 4)
    stall.run("update outbox set state = 'read'")
    stall.passes(1.001 * DAY)
    assert stall.forgets() == {"chats": 1}
    assert counted(stall) == (1, 0, 0, 4)
    stall.passes(28.9 * DAY)
    assert stall.forgets() == {}
    stall.passes(1.1 * DAY)
    assert stall.forgets() == {"keys": 3}  # those of the two that opened the chats too, which no turn has read
    assert stall.rows("select provider_id from seen") == [("in2",)]  # an open message keeps its key


def test_a_copy_of_a_forgotten_message_is_known_for_thirty_days_more(stall):
    says(stall, "riz")
    stall.run("update outbox set state = 'read'")

    def comes_again():
        with stall.database.unit_of_work() as db:
            return inbox.keep(db, stall.keeper, Parsed((Kept(message_of("in1", AWA, "riz"), b""),))).count

    for days in (91, 28.9):
        stall.passes(days * DAY)
        stall.forgets()
        assert (comes_again(), counted(stall)[:3]) == (0, (0, 0, 0))
    stall.passes(0.2 * DAY)
    stall.forgets()
    assert comes_again() == 1


@pytest.mark.parametrize("state", ["waiting", "sending", "uncertain"])
def test_what_is_still_to_be_sent_stays_with_its_turn_and_its_message(stall, state):
    says(stall, "riz", "mil")
    put(stall, AWA, "notice", "bulk")
    stall.run(
        "update outbox set state = case when kind = 'notice' or id = (select min(id) from outbox)"
        " then %(state)s else 'sent' end",
        state=state,
    )
    stall.passes(91 * DAY)
    assert stall.forgets() == {"chats": 1, "notices": 1}
    assert stall.rows("select kind, state from outbox order by id") == [("reply", state), ("notice", state)]
    assert stall.rows("select message->>'text' from inbox where provider_id not like 'open%%'") == [("riz",)]
    stall.run("update outbox set state = 'failed'")
    assert stall.forgets() == {"chats": 1, "notices": 1}
    assert counted(stall)[:3] == (0, 0, 0)


def test_a_dead_message_goes_after_90_days_but_not_when_it_is_to_be_taken_again(stall):
    for phone in (AWA, KOSSI):
        stall.says(phone, "boom")
    stall.run("update inbox set attempts = 5 where state = 'open'")
    stall.takes()
    assert [row.state for row in stall.rows("select state from inbox where provider_id like 'in%%'")] == ["dead"] * 2
    stall.run("update outbox set state = 'read'")
    stall.passes(91 * DAY)
    with stall.database.unit_of_work() as db:
        again = db.value("select id from inbox where provider_id = 'in2'")
        assert dead_letters.take_again(db, [again]) == 1
    stall.forgets()
    assert stall.rows("select provider_id, state from inbox where provider_id like 'in%%'") == [("in2", "open")]
    assert stall.value("select count(*) from turn") == 0  # that of the apology


def test_a_step_looks_at_a_bounded_batch_and_the_next_goes_on_behind_it(stall):
    says(stall, *(f"riz {number}" for number in range(5)))
    stall.run("update outbox set state = 'read' where said_at <> (select said_at from outbox order by id limit 1)")
    first, second, _, fourth, _ = (row.id for row in stall.rows(IDS.format("turn")))
    stall.passes(91 * DAY)

    def step(after):
        with stall.database.unit_of_work() as db:
            return forgetting.forget_old_chats(db, stall.config.timing, after, 2)

    assert step(0) == Step(1, second)  # the first waits to be sent
    assert step(second) == Step(2, fourth)
    assert step(fourth) == Step(1, 0)
    assert [row.id for row in stall.rows(IDS.format("turn"))] == [first]


def test_the_walk_ends_at_the_first_that_is_young(stall):
    says(stall, "vieux", "vieux aussi")
    stall.run("update outbox set state = 'read'")
    stall.passes(91 * DAY)
    says(stall, "neuf", "neuf aussi")
    with stall.database.unit_of_work() as db:
        assert forgetting.forget_old_chats(db, stall.config.timing, 0, 3) == Step(2, 0)
        assert forgetting.forget_old_notices(db, stall.config.timing, 0, 2) == Step(0, 0)


def test_one_worker_goes_through_all_and_another_takes_over_only_when_it_is_silent(stall):
    says(stall, *(f"riz {number}" for number in range(70)))
    stall.run("update outbox set state = 'read'")
    stall.passes(91 * DAY)
    timing, rests = stall.config.timing, []
    one, other = Retention(rests.append, size=10), Retention(rests.append, size=10)
    assert one.work(stall.database, timing)
    assert not other.work(stall.database, timing)
    stall.passes(timing.retention_every - 10)
    assert one.work(stall.database, timing)
    stall.passes(timing.retention_every - 10)
    assert not other.work(stall.database, timing)  # nobody was silent for so long
    stall.passes(11)
    assert other.work(stall.database, timing)  # the first is gone
    assert stall.value("select count(*) from turn") == 70 - 10 - 20 - 10
    while other.work(stall.database, timing):
        pass
    assert (other.counts["chats"], other.left, counted(stall)[:3]) == (40, [], (0, 0, 0))
    assert len(rests) == 5  # one between each two steps that found something
    assert max(rests) <= retention.RESTS_MOST
    stall.passes(timing.retention_every - 1)
    assert (other.work(stall.database, timing), other.counts["chats"]) == (False, 40)  # the next pass is not due
    stall.passes(1)
    assert (other.work(stall.database, timing), dict(other.counts)) == (False, dict.fromkeys(KINDS, 0))


def test_a_pass_that_is_whole_and_what_it_took_out_are_shown(stall):
    def figure(name):
        """(value, whole hours since)."""
        hours = "extract(epoch from market_now() - at)::int / 3600"
        return tuple(stall.rows(f"select value, {hours} from figure where name = %(name)s", name=name)[0])

    says(stall, "riz", "mil")
    stall.run("update outbox set state = 'read'")
    stall.passes(91 * DAY)
    Retention(rest=lambda seconds: None).work(stall.database, stall.config.timing)
    assert figure(figures.FORGOTTEN) == (2, 0)
    stall.passes(3600)
    assert figure(figures.RETENTION) == (0, 1)  # since it first began
    assert stall.forgets() == {}
    assert figure(figures.RETENTION) == (0, 0)
    assert figure(figures.FORGOTTEN) == (2, 1)


class Killed(Exception):
    """A process ends."""


def test_a_step_that_is_cut_off_has_done_nothing_and_the_next_pass_does_it(stall, monkeypatch):
    says(stall, "riz", "mil")
    stall.run("update outbox set state = 'read'")
    stall.passes(91 * DAY)
    before = counted(stall)

    def die(db, name, more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(figures, "add", die)
        cut = Retention(rest=lambda seconds: None)
        with pytest.raises(Killed):
            cut.work(stall.database, stall.config.timing)
    assert counted(stall) == before == (2, 2, 2, 4)
    assert stall.forgets() == {"chats": 2}
    assert counted(stall) == (0, 0, 0, 4)


def test_a_step_that_takes_too_long_is_repeated_smaller(stall, monkeypatch):
    sizes = []

    def slow(db, timing, after, limit):
        sizes.append(limit)
        if limit > 100:
            raise QueryCanceled
        return Step(0, 0)

    monkeypatch.setattr(retention, "KINDS", {"chats": slow})
    Retention(rest=lambda seconds: None).whole(stall.database, stall.config.timing)
    assert sizes == [BATCH, 500, 250, 125, 62]


def test_a_kind_whose_least_step_takes_too_long_keeps_no_other_waiting_and_the_pass_is_not_whole(stall, monkeypatch):
    def slow(db, timing, after, limit):
        raise QueryCanceled

    after_it = []

    def quick(*asked):
        after_it.append(asked)
        return Step(0, 0)

    monkeypatch.setattr(retention, "KINDS", {"keys": slow, "audio": quick})
    begun = "select value from figure where name = 'retention'"
    stall.run("insert into figure (name, value) values ('retention', 7)")
    left_out = Retention(rest=lambda seconds: None)
    left_out.whole(stall.database, stall.config.timing)
    assert (len(after_it), left_out.left_out, stall.value(begun)) == (1, ["keys"], 7)
    monkeypatch.setattr(retention, "KINDS", {"audio": quick})
    left_out.whole(stall.database, stall.config.timing)
    assert (len(after_it), left_out.left_out, stall.value(begun)) == (2, [], 0)


def test_two_that_forget_at_once_take_turns_and_take_out_each_row_once(stall):
    says(stall, *(f"riz {number}" for number in range(30)))
    stall.run("update outbox set state = 'read'")
    stall.passes(91 * DAY)
    found = []

    def forget():
        small = Retention(rest=lambda seconds: None, size=1)
        found.append(small.whole(stall.database, stall.config.timing)["chats"])

    threads = [Thread(target=forget) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 30
    assert counted(stall)[:3] == (0, 0, 0)


def test_nobody_who_writes_waits_for_what_is_being_forgotten(stall):
    says(stall, "riz", "mil")
    stall.run("update outbox set state = 'read'")
    stall.passes(91 * DAY)
    with stall.database.unit_of_work() as db:
        locks.forgetting(db)
        assert forgetting.forget_old_chats(db, stall.config.timing, 0, BATCH) == Step(2, 0)
        stall.says(AWA, "encore")  # in other transactions
        assert stall.takes() == 1
        assert len(claim(stall)) == 1
        fold(stall)
    assert stall.rows("select message->>'text' from inbox where provider_id like 'in%%'") == [("encore",)]


def test_a_report_of_a_forgotten_bubble_waits_as_an_early_one_and_is_dropped(stall):
    says(stall, "riz")
    stall.run("update outbox set state = 'sent', provider_id = 'SM1'")
    number = stall.value("select id from outbox")
    stall.passes(91 * DAY)
    stall.forgets()
    assert fold(stall, ("SM1", "read"), ("SM1", "read", number)).count == 2
    assert stall.value("select count(*) from status_report") == 2
    stall.passes(601)
    assert fold(stall).count == 2
    assert stall.value("select count(*) from status_report") == 0
    with stall.database.unit_of_work() as db:
        reports.keep_watermarks(db, stall.account_id, [])
        reports.keep(db, stall.account_id, [StatusReport("SM1", "delivered")])


def test_who_quotes_or_touches_a_forgotten_bubble_is_answered(stall):
    says(stall, "riz")
    stall.run("update outbox set state = 'read', provider_id = 'SM1'")
    stall.passes(91 * DAY)
    stall.forgets()
    chat = chat_of(stall, AWA)
    with stall.database.unit_of_work() as db:
        assert outbox.offers_of(db, stall.account_id, chat, "SM1") == ()
    stall.says(AWA, "oui", replied_to="SM1")
    assert stall.takes() == 1
    stall.says(AWA, tap="buyer.choosing:yes:1")
    assert stall.takes() == 1
    assert [state for state, _ in stall.inbox()] == ["done", "done"]
    assert stall.said(AWA)[1:] == [
        "Ce choix est passé.",
        "Quel repère connu est proche\xa0? Exemple\xa0: derrière la pharmacie.",
    ]


def test_lines_of_the_list_and_the_file_of_a_person_do_without_forgotten_messages(stall):
    says(stall, "riz")
    stall.run("update outbox set state = 'read'")
    row, chat = stall.value("select id from inbox where provider_id = 'in1'"), chat_of(stall, AWA)
    with stall.database.unit_of_work() as db:
        contact = db.value("select contact_id from conversation where id = %(id)s", id=chat)
        about = {"contact": contact, "inbox": [row]}
        assert attention.ask(db, "person_asked", about, chat)
        assert attention.words_of(db, [row]) == ["riz"]
        assert [one["content"]["text"] for one in holdings.whole(db, contact)["messages"] if one["by"] == "you"] == [
            "riz"
        ]
    stall.passes(91 * DAY)
    assert stall.forgets() == {"chats": 1}
    with stall.database.unit_of_work() as db:
        assert attention.words_of(db, [row]) == []
        assert voices.words_of(db, contact, str(row)) == ""
        whole = holdings.whole(db, contact)
        assert (whole["messages"], len(whole["questions"])) == ([], 1)
        assert holdings.summary(db, contact).messages == 0
        assert dead_letters.take_again(db, [row]) == 0


# Where rows of each table end. What a pass of retention takes out:
FORGOTTEN = {
    *("turn", "inbox", "outbox", "seen", "unclear", "received_media", "question", "broadcast_recipient"),
    *("price_list", "price_list_line", "programme_file", "programme_change", "adjustment", "adjustment_line"),
    *("chat_link_code", "chat_link_try"),
}
# what is gone as soon as it is done with, or is one row for a person, an account, a process or a name:
FEW = {
    *(
        "status_report",
        "heartbeat",
        "figure",
        "long_count",
        "reconcile",
        "account_warning",
        "channel_account",
        "channel_content",
    ),
    *("conversation", "contact", "identity", "basket", "basket_line", "basket_reminder", "part_due", "second_factor"),
    *("comment_reply", "source", "chat_link", "erasure", "kept_opt_out", "organizer_phone", "good_picture", "alert"),
}
# the market's books, its goods and its programme, and what is proof of who agreed to what or decided what:
FOR_GOOD = {
    *("order", "order_line", "order_history", "order_rider", "vendor_order", "basket_history", "complaint", "consent"),
    *(
        "stock",
        "stock_movement",
        "product",
        "product_photo",
        "photo",
        "variant",
        "said_unit",
        "price_rule",
        "promotion",
        "terms_change",
    ),
    *("category", "synonym", "vendor", "vendor_standing", "payout_number", "payout_history", "role", "role_change"),
    *(
        "rider",
        "helper_invitation",
        "seller_invitation",
        "shop_application",
        "block",
        "shop_block",
        "flag",
        "attention",
    ),
    *("event", "event_partner", "event_phase", "workshop", "workshop_history", "workshop_question", "booking"),
    *("broadcast", "broadcast_history"),
}


def test_every_table_has_an_end_or_a_reason_to_grow():
    tables = {table.name for room in ROOMS for table in vars(room).values() if isinstance(table, Table)}
    assert tables == FORGOTTEN | FEW | FOR_GOOD
    assert len(tables) == len(FORGOTTEN) + len(FEW) + len(FOR_GOOD)
