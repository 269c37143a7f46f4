"""Nobody is slowed who writes by hand; a flood is read no further, and two machines fall silent."""

import pytest

from bot.dialog import Row
from bot.pace import Allowed, Pace, mark_of, pace_from
from bot.session import Session
from tests.bot.tables import CannedWorld, Talk

SHIPPED = Allowed(60, 5)
MANY = [Row(str(number), f"Produit {number}") for number in range(1, 100)]  # eleven pages


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


def test_what_was_open_stays_open_when_an_answer_that_leads_away_is_held_back():
    talk = Talk(allowed=Allowed(equal=1))
    talk.says("menu")
    assert talk.says("2") == ["buyer.place"]
    assert (talk.says("menu"), talk.state) == (["sorry.hurried"], "buyer.place")
    assert (talk.says("menu"), talk.state) == ([], "buyer.place")
    assert talk.says("1") == ["buyer.menu"]  # the option of the place's question, not of the menu that nobody saw
    assert talk.world.done == []


def test_an_answer_that_is_held_back_after_a_write_does_not_open_the_yes_again():
    talk = Talk(CannedWorld(("vendor",)), hat="vendor", state="vendor.sure", allowed=Allowed(equal=1))
    assert [talk.says(word) for word in ("oui", "1", "oui")] == [
        ["vendor.accepted", "vendor.menu"],
        ["vendor.sure"],
        ["sorry.hurried"],
    ]
    assert (talk.state, talk.session.asked) == ("vendor.menu", ())


@pytest.mark.parametrize("way", ["tap", "number"])
def test_a_quick_buyer_pages_and_returns_to_a_list_as_often_as_he_likes(way):
    talk = Talk(CannedWorld(goods=MANY), allowed=SHIPPED)

    def chooses(number):
        choice = next(offer.choice for offer in talk.session.menu if offer.number == number)
        return talk.says(tap=talk.tap(talk.state, choice)) if way == "tap" else talk.says(str(number))

    talk.says("menu")
    assert [chooses(number) for number in (1, *[10] * 8)] == [["buyer.goods"]] * 9
    assert talk.session.menu[0].choice == "73"
    for _ in range(8):
        assert (chooses(11), chooses(1)) == (["buyer.menu"], ["buyer.goods"])


def test_a_machine_that_types_the_same_number_for_ever_falls_silent():
    talk = Talk(allowed=Allowed(equal=5))
    heard = [talk.says("1") for _ in range(60)]
    assert heard[:4] == [["buyer.menu"], ["buyer.goods"], ["buyer.units"], ["buyer.sure"]]
    assert (heard[-30:], talk.state) == ([[]] * 30, "buyer.units")


def test_a_number_whose_answer_asks_the_same_question_again_counts():
    talk = Talk(CannedWorld(goods=[]), allowed=SHIPPED)
    assert [talk.says(word) for word in ("menu", "1")] == [["buyer.menu"], ["buyer.empty"]]
    heard = [talk.says("2") for _ in range(8)]
    assert heard == [["buyer.help", "buyer.empty"]] * 5 + [["sorry.hurried"]] + [[]] * 2


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
    assert mark_of([("a", {"x": 1, "y": 2}, ["1"])]) == mark_of([("a", {"y": 2, "x": 1}, ["1"])])
    assert mark_of([("a", {"x": 1}, ["1"])]) != mark_of([("a", {"x": 2}, ["1"])])
    assert mark_of([("a", {"x": 1}, ["1"])]) != mark_of([("a", {"x": 1}, ["2"])])


@pytest.mark.parametrize("mode", ["mode boutons", "mode texte"])
def test_a_quick_buyer_opens_one_card_and_goes_back_to_the_list_eight_times_in_a_minute(awa, mode):
    awa.allowed = SHIPPED
    awa.goes("bonjour", mode, "produits", "1")
    for _ in range(8):
        for title, key in (("Riz parfumé 25 kg", "buyer.card"), ("Voir la liste", "buyer.products")):
            number = next(offer.number for offer in awa.bubbles[-1].offers if offer.title == title)
            _ = awa.says(str(number)) if mode == "mode texte" else awa.taps_on(title)
            assert awa.keys == [key]
