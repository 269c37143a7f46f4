"""Nobody is slowed who writes by hand; a flood is read no further, and two machines fall silent."""

from bot.pace import Allowed, Pace, mark_of, pace_from
from bot.session import Session
from tests.bot.tables import CannedWorld, Talk


def test_a_machine_that_repeats_itself_hears_five_equal_answers_a_minute_one_word_and_no_more():
    talk = Talk(allowed=Allowed(equal=5))
    heard = [talk.says("menu") for _ in range(8)]
    assert heard == [["buyer.menu"]] * 5 + [["sorry.hurried"]] + [[]] * 2
    assert talk.says("1") == ["buyer.goods"]  # the question that was said before stays open
    talk.minute += 1
    assert talk.says("menu") == ["buyer.menu"]


def test_answers_that_alternate_are_counted_each_by_itself():
    talk = Talk(allowed=Allowed(equal=2))
    heard = [talk.says(word) for word in ("menu", "1", "menu", "1", "menu", "menu")]
    assert heard == [["buyer.menu"], ["buyer.goods"]] * 2 + [["sorry.hurried"], []]


def test_what_comes_faster_than_a_person_writes_is_told_so_once_a_minute_and_read_no_further():
    talk = Talk(CannedWorld(steps={"buyer.units": "too_many"}), state="buyer.units", allowed=Allowed(turns=3))
    heard = [talk.says(str(number)) for number in range(10, 16)]
    assert heard == [["buyer.units"]] * 3 + [["sorry.hurried"], [], []]
    assert [given for _, given, _ in talk.world.done] == [10, 11, 12]
    assert (talk.state, talk.how) == ("buyer.units", "hurried")
    talk.minute += 1
    assert talk.says("16") == ["buyer.units"]


def test_stop_is_heard_in_the_middle_of_a_flood():
    talk = Talk(allowed=Allowed(turns=1, equal=1))
    for _ in range(3):
        talk.says("menu")
    assert talk.says("STOP") == ["consent.stopped"]
    assert talk.world.consents == ["STOP"]


def test_without_a_bound_nothing_is_counted():
    talk = Talk()
    assert [talk.says("menu") for _ in range(9)] == [["buyer.menu"]] * 9
    assert "pace" not in talk.session.to_document()


def test_a_pace_comes_back_from_its_document():
    pace = Pace().one_more(7).giving("a").giving("b").giving("a")
    assert pace == Pace(7, 1, (("b", 1), ("a", 2)))
    assert Session.from_document(Session(pace=pace).to_document()).pace == pace
    assert pace_from(pace.to_document()).one_more(8) == Pace(8, 1)


def test_equal_answers_have_equal_marks_whatever_the_order_of_their_values():
    assert mark_of([("a", {"x": 1, "y": 2})]) == mark_of([("a", {"y": 2, "x": 1})])
    assert mark_of([("a", {"x": 1})]) != mark_of([("a", {"x": 2})])
