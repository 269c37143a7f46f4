"""A count that does not fit a turn is taken by a job, told in the chats that wait, and an OUI is held to it."""

import pytest

from bot import count_work, long_counts
from bot.broadcasts import counting, drafts
from bot.broadcasts.audience import Audience
from bot.broadcasts.counting import Preview
from bot.broadcasts.drafts import Draft
from bot.broadcasts.facts import BroadcastCounted
from bot.long_counts import Awaited
from bot.market_words import FiguresCounted
from tests.bot.broadcasts.people import WORDS

FIGURES = Awaited("figures", {"period": "month"})
ROWS = "select kind, conversation_id from long_count order by id"


def config_of(stall, **timing):
    return stall.config.model_copy(update={"timing": stall.config.timing.model_copy(update=timing)})


@pytest.fixture
def told(stall):
    """The facts that the job's transactions leave."""
    facts = []
    kinds = (BroadcastCounted, FiguresCounted)
    stall.database.reactions = [(kind, lambda db, fact: facts.append(fact)) for kind in kinds]
    return facts


def asks(stall, awaited, *chats):
    with stall.database.unit_of_work() as db:
        for chat in chats:
            long_counts.ask(db, awaited, chat)


def works(stall, **timing):
    return count_work.work(stall.database, config_of(stall, **timing))


def drafted(stall):
    with stall.database.unit_of_work() as db:
        return drafts.make(db, None, Draft(WORDS, Audience()))


def announcement(number):
    return Awaited("announcement", {"broadcast": number})


def test_what_takes_longer_than_it_may_is_nothing_and_the_transaction_goes_on(stall):
    with stall.database.unit_of_work() as db:
        db.run("insert into figure (name, value) values ('before', 1)")
        assert db.in_time(0.02, lambda: db.value("select pg_sleep(5)")) is None
        assert db.in_time(5, lambda: db.value("select count(*) from figure where name = 'before'")) == 1
        assert db.in_time(0, lambda: pytest.fail("there is no time at all")) is None
        assert db.value("show statement_timeout") == "0"
        db.run("insert into figure (name, value) values ('behind', 1)")
    assert stall.value("select count(*) from figure where name in ('before', 'behind')") == 2


def test_an_error_of_a_count_is_no_lack_of_time(stall):
    with stall.database.unit_of_work() as db:
        with pytest.raises(ZeroDivisionError):
            db.in_time(5, lambda: 1 // 0)
        assert db.value("select 1") == 1


def test_the_job_tells_each_chat_that_waits_once_and_then_rests(stall, told):
    asks(stall, FIGURES, 8, 7, 8)
    assert stall.rows(ROWS) == [("figures", 8), ("figures", 7)]
    assert (works(stall), works(stall)) == (1, 0)
    assert [(fact.conversation_ids, fact.counted.period) for fact in told] == [((7, 8), "month")]
    assert stall.rows(ROWS) == []


def test_while_somebody_counts_nobody_else_does(stall, told):
    asks(stall, FIGURES, 7)
    with stall.database.transaction() as db:
        assert long_counts.due(db) == FIGURES
        assert works(stall) == 0
    assert (works(stall), len(told)) == (1, 1)


def test_what_takes_too_long_even_there_is_tried_again_later(stall, told, monkeypatch):
    monkeypatch.setattr(count_work, "COUNTS", {"figures": lambda db, config, awaited: db.value("select pg_sleep(5)")})
    asks(stall, FIGURES, 7)
    assert (works(stall, count_apart=0.02), works(stall, count_apart=0.02)) == (1, 0)
    monkeypatch.undo()
    stall.passes(stall.config.timing.count_again - 1)
    assert works(stall) == 0
    stall.passes(1)
    assert (works(stall), len(told)) == (1, 1)


def test_an_announcement_is_counted_exactly_and_kept_for_its_summary(stall, told):
    stall.run("insert into contact (name, wants_announcements) values ('Ama', true), ('Edem', false)")
    number = drafted(stall)
    asks(stall, announcement(number), 7)
    assert works(stall) == 1
    assert told == [BroadcastCounted(number, (7,))]
    with stall.database.unit_of_work() as db:
        seen = counting.kept(db, stall.config, number)
        assert seen == drafts.counted(db, stall.config, drafts.read(db, number).draft)
        assert drafts.preview(db, config_of(stall, count_in_turn=0), number) == seen
    stall.passes(stall.config.timing.count_good + 1)
    with stall.database.unit_of_work() as db:
        assert drafts.preview(db, config_of(stall, count_in_turn=0), number) is None


def test_one_that_changes_while_it_is_counted_is_counted_anew(stall, told, monkeypatch):
    number = drafted(stall)
    asks(stall, announcement(number), 7)
    counted = drafts.counted

    def slow(db, config, draft):
        with stall.database.unit_of_work() as other:
            assert drafts.change(other, number, None, Draft(WORDS, Audience(role="vendors")))
        return counted(db, config, draft)

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "counted", slow)
        assert works(stall) == 1
    assert (told, stall.value("select preview from broadcast")) == ([], None)
    assert works(stall) == 1
    assert told == [BroadcastCounted(number, (7,))]


@pytest.mark.parametrize(
    "meanwhile",
    ["state = 'cancelled'", "people = 5", "state = 'done', people = 5"],
)
def test_nobody_is_told_of_one_that_is_over_or_was_counted_in_a_turn_since(stall, told, meanwhile):
    number = drafted(stall)
    asks(stall, announcement(number), 7)
    stall.run(f"update broadcast set {meanwhile}")
    assert works(stall) == 1
    assert (told, stall.rows(ROWS)) == ([], [])


def test_a_preview_is_read_as_it_was_kept(stall):
    number = drafted(stall)
    with stall.database.unit_of_work() as db:
        seen = drafts.preview_whole(db, stall.config, number)
        assert isinstance(seen, Preview)
        assert counting.from_json(counting.to_json(seen)) == seen
