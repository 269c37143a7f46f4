"""The machine, over small tables: what each route does to the question that is open."""

import pytest

from bot.session import Session
from bot.world import Option
from tests.bot.tables import GOODS, PIN, VOICE, CannedWorld, Talk, heard


def test_a_first_word_begins_at_the_start():
    talk = Talk(hat="")
    assert talk.says("bonsoir") == ["buyer.menu"]
    assert (talk.how, talk.state, talk.session.hat) == ("go", "buyer.menu", "buyer")


def test_the_highest_hat_is_worn_first():
    talk = Talk(CannedWorld(hats=("vendor", "buyer")), hat="")
    assert talk.says("bonsoir") == ["vendor.menu"]
    assert talk.turned.bubbles[0].names_hat == ""


def test_options_are_offered_in_the_order_of_the_table():
    talk = Talk()
    talk.says("bonsoir")
    assert talk.turned.bubbles[0].options == tuple(map(Option, ("goods", "place", "pay", "leave")))


def test_a_choice_is_an_outcome_and_leads_where_the_table_says():
    talk = Talk()
    talk.says("bonsoir")
    assert talk.says("2") == ["buyer.place"]
    assert (talk.turned.outcomes, talk.state) == (("place",), "buyer.place")


def test_an_answer_is_given_to_the_step_of_its_question():
    talk = Talk(state="buyer.units", asked=(0,))
    assert talk.says("3") == ["buyer.sure"]
    assert talk.world.done == [("buyer.units", 3, ())]


def test_an_outcome_that_leads_back_asks_again():
    talk = Talk(CannedWorld(steps={"buyer.units": "too_many"}), state="buyer.units")
    assert talk.says("99") == ["buyer.units"]


def test_an_option_beside_an_open_answer_needs_no_step():
    talk = Talk()
    talk.says("bonsoir")
    talk.says("2")
    assert talk.says(tap=talk.tap("buyer.place", "skip")) == ["buyer.menu"]
    assert talk.world.done == []


def test_a_list_is_shown_nine_rows_at_a_time_with_a_way_on():
    talk = Talk(state="buyer.menu")
    assert talk.says("menu") == ["buyer.menu"]
    talk.says("1")
    options = talk.turned.bubbles[0].options
    assert [option.choice for option in options] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "+9", "back"]
    assert talk.says("10") == ["buyer.goods"]
    assert [option.choice for option in talk.turned.bubbles[0].options] == ["10", "11", "12", "back"]
    assert (talk.how, talk.session.page) == ("page", "9")


def test_a_row_of_an_earlier_page_still_counts():
    talk = Talk(state="buyer.menu")
    talk.says("menu")
    talk.says("1")
    first_page = talk.said
    talk.says("10")
    assert talk.says(tap=talk.tap("buyer.goods", "3", said=first_page)) == ["buyer.units"]
    assert talk.world.done == [("buyer.goods", "3", ())]


def test_a_page_is_asked_again_as_it_was():
    talk = Talk(state="buyer.goods", page="9")
    assert talk.says("???") == ["miss.menu", "buyer.goods"]
    assert [option.choice for option in talk.turned.bubbles[1].options] == ["10", "11", "12", "back"]


def test_a_page_that_is_gone_becomes_the_first():
    talk = Talk(CannedWorld(goods=GOODS[:2]), state="buyer.goods", page="9")
    talk.says("???")
    assert [option.choice for option in talk.turned.bubbles[1].options] == ["1", "2", "back"]


def test_a_list_without_rows_is_passed():
    talk = Talk(CannedWorld(goods=()), state="buyer.menu")
    talk.says("menu")
    assert talk.says("1") == ["buyer.empty"]


def test_an_end_lets_the_next_message_begin_at_the_start():
    talk = Talk(state="buyer.menu")
    talk.says("menu")
    assert (talk.says("4"), talk.state) == (["buyer.left"], "")
    assert talk.says("encore") == ["buyer.menu"]


def test_a_detour_comes_back_to_the_question_it_left():
    talk = Talk(CannedWorld(heard={("buyer", "merci"): heard("thanks")}), state="buyer.units")
    assert talk.says("merci") == ["buyer.thanks", "buyer.units"]
    assert talk.session.resume == ()


def test_a_detour_out_of_a_detour_comes_back_to_its_own_question():
    world = CannedWorld(heard={("buyer", "merci"): heard("thanks"), ("buyer", "du riz"): heard("search")})
    talk = Talk(world, state="buyer.units")
    talk.says("du riz")
    assert (talk.state, talk.session.resume) == ("buyer.goods", ("buyer.units",))
    assert talk.says("merci") == ["buyer.thanks", "buyer.goods"]
    assert talk.session.resume == ("buyer.units",)


def test_whoever_comes_to_a_question_by_himself_need_not_be_led_back_to_it():
    talk = Talk(CannedWorld(heard={("buyer", "du riz"): heard("search")}), state="buyer.units")
    talk.says("du riz")
    assert talk.says("1") == ["buyer.units"]
    assert talk.session.resume == ()


def test_a_detour_at_the_start_returns_to_the_start():
    talk = Talk(CannedWorld(heard={("buyer", "merci"): heard("thanks")}))
    assert (talk.says("merci"), talk.state) == (["buyer.thanks"], "buyer.menu")


def test_words_that_are_enough_have_the_menu_s_options_below_them():
    talk = Talk(CannedWorld(heard={("buyer", "merci"): heard("thanks")}))
    talk.says("merci")
    assert talk.turned.bubbles[0].options == tuple(map(Option, ("goods", "place", "pay", "leave")))
    assert (talk.turned.bubbles[0].state, talk.turned.bubbles[0].is_lasting) == ("buyer.menu", True)
    assert talk.says("2") == ["buyer.place"]


def test_words_that_are_enough_come_before_any_other_question():
    talk = Talk(CannedWorld(heard={("buyer", "merci"): heard("thanks")}), state="buyer.units")
    assert talk.says("merci") == ["buyer.thanks", "buyer.units"]


def test_a_word_that_works_anywhere_and_only_tells_keeps_the_open_question():
    talk = Talk(state="buyer.place")
    assert talk.says("aide") == ["buyer.help", "buyer.place"]


def test_a_word_that_works_anywhere_and_asks_something_small_comes_back_too():
    talk = Talk(state="buyer.units")
    assert talk.says("prix") == ["buyer.place"]
    assert talk.session.resume == ("buyer.units",)


def test_a_word_that_leads_to_browsing_leaves_all_questions():
    talk = Talk(state="buyer.place", resume=("buyer.units",))
    assert talk.says("panier") == ["buyer.menu"]
    assert talk.session.resume == ()


def test_readings_are_given_to_the_step_they_lead_to():
    talk = Talk(CannedWorld(heard={("buyer", "du riz"): heard("search", product="riz")}), state="buyer.menu")
    talk.says("du riz")
    assert talk.world.done == [("buyer.search", None, ("search",))]


def test_a_door_gives_its_argument_to_the_first_step_alone():
    talk = Talk(CannedWorld(hats=("vendor", "buyer")), state="buyer.units")
    assert talk.says(tap=talk.door("vendor", "accept", "42")) == ["vendor.accepted", "buyer.units"]
    assert talk.world.done == [("vendor.accepting", "42", ())]
    assert (talk.state, talk.session.hat) == ("buyer.units", "buyer")


def test_a_command_gives_its_code():
    talk = Talk(CannedWorld(hats=("vendor", "buyer")), hat="vendor", state="vendor.menu")
    assert talk.says("A 4k7") == ["vendor.accepted", "vendor.menu"]
    assert talk.world.done == [("vendor.accepting", "4K7", ())]


def test_back_walks_the_questions_in_reverse():
    talk = Talk(state="buyer.menu")
    talk.says("menu")
    talk.says("1")
    talk.says("2")
    assert (talk.state, talk.session.trail) == ("buyer.units", ("buyer.menu", "buyer.goods"))
    assert talk.says("retour") == ["buyer.goods"]
    assert talk.says("retour") == ["buyer.menu"]
    assert (talk.how, talk.session.trail) == ("back", ())
    assert talk.says("retour") == ["buyer.menu"]


def test_back_passes_over_a_list_that_is_used_up():
    talk = Talk(CannedWorld(goods=()), state="buyer.units", trail=("buyer.menu", "buyer.goods"))
    assert talk.says("retour") == ["buyer.menu"]


def test_zero_is_an_answer_where_a_number_is_asked():
    talk = Talk(state="buyer.units", trail=("buyer.menu",))
    talk.says("0")
    assert talk.world.done == [("buyer.units", 0, ())]


def test_nothing_leads_back_across_a_write():
    talk = Talk(state="buyer.sure", trail=("buyer.menu", "buyer.units"))
    talk.says("menu")
    talk = Talk(state="buyer.sure", trail=("buyer.menu", "buyer.units"), asked=(0,))
    assert talk.says(tap=talk.tap("buyer.sure", "yes")) == ["buyer.written", "buyer.menu"]
    assert talk.session.trail == ()


def test_a_yes_answers_once():
    talk = Talk(state="buyer.sure", asked=(0,))
    yes = talk.tap("buyer.sure", "yes")
    talk.says(tap=yes)
    assert talk.says(tap=yes) == ["stale", "buyer.menu"]
    assert talk.world.done == [("buyer.writing", None, ())]


def test_buttons_of_a_question_asked_about_something_else_do_nothing():
    world = CannedWorld(hats=("vendor",), heard={("vendor", "ok b"): heard("accept_order", order="B")})
    talk = Talk(world, hat="vendor", state="vendor.menu", asked=(0,))
    talk.says(tap=talk.tap("vendor.menu", "orders"))
    about_first = talk.tap("vendor.sure", "yes")
    talk.says("ok b")
    assert talk.says(tap=about_first) == ["stale", "vendor.sure"]
    assert talk.world.done == []
    assert talk.says(tap=talk.tap("vendor.sure", "yes")) == ["vendor.accepted", "vendor.menu"]


def test_buttons_of_a_question_that_is_only_said_again_still_count():
    talk = Talk(CannedWorld(heard={("buyer", "merci"): heard("thanks")}), state="buyer.sure", asked=(0,))
    yes = talk.tap("buyer.sure", "yes")
    talk.says("merci")
    assert talk.says(tap=yes) == ["buyer.written", "buyer.menu"]


def test_an_aside_comes_back_to_its_question():
    talk = Talk(state="buyer.empty", asked=(0,), resume=("buyer.units",))
    assert talk.says(tap=talk.tap("buyer.empty", "help")) == ["buyer.help", "buyer.empty"]
    assert talk.session.resume == ("buyer.units",)


def test_a_passed_choice_is_told_and_the_open_question_asked_again():
    talk = Talk(state="buyer.units", asked=(1,))
    assert talk.says(tap=talk.tap("buyer.sure", "yes", said=1)) == ["stale", "buyer.units"]
    assert talk.world.done == []


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"media": VOICE}, "unread.audio"),
        ({"location": PIN}, "unread.location"),
        ({"unread": "reaction"}, "unread.other"),
        ({"text": "???"}, "miss.ask"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_of_its_own(said, key):
    talk = Talk(state="buyer.units")
    assert talk.says(**said) == [key, "buyer.units"]


def test_a_pin_answers_a_question_that_takes_pins():
    talk = Talk(state="buyer.place")
    assert talk.says(location=PIN) == ["buyer.menu"]
    assert talk.world.done == [("buyer.place", "pin", ())]


def test_three_misses_lead_to_the_helper_and_back():
    talk = Talk(state="buyer.units")
    assert talk.says("a?") == ["miss.ask", "buyer.units"]
    assert talk.says("b?") == ["miss.ask", "buyer.units"]
    assert talk.says("c?") == ["buyer.helper", "buyer.units"]
    assert (talk.session.misses, talk.session.resume) == (0, ())


@pytest.mark.parametrize("said", [{"media": VOICE}, {"location": PIN}, {"unread": "reaction"}])
def test_what_cannot_be_read_is_no_miss_and_forgives_none(said):
    talk = Talk(state="buyer.units", misses=2)
    for _ in range(3):
        assert talk.says(**said)[0].startswith("unread.")
    assert talk.session.misses == 2
    assert talk.says("c?") == ["buyer.helper", "buyer.units"]


def test_an_understood_message_forgives_the_misses():
    talk = Talk(state="buyer.units", misses=2)
    talk.says("3")
    assert talk.session.misses == 0


def test_after_silence_the_start_is_asked_and_lasting_menus_stay():
    talk = Talk(state="buyer.menu")
    talk.says("menu")
    talk.says("2")
    menus = talk.session.lasting
    assert talk.says("du sucre", silent=True) == ["buyer.menu"]
    assert menus
    assert talk.session.lasting[: len(menus)] == menus


def test_silence_takes_an_answer_from_its_old_question():
    talk = Talk(state="buyer.units")
    assert talk.says("3", silent=True) == ["buyer.menu"]
    assert talk.world.done == []


def test_consent_never_moves_the_question():
    talk = Talk(state="buyer.units", asked=(7,))
    assert talk.says("STOP") == ["consent.stopped"]
    assert (talk.state, talk.session.asked, talk.world.consents) == ("buyer.units", (7,), ["STOP"])
    assert talk.says("3") == ["buyer.sure"]


def test_a_word_of_ours_ends_a_wait():
    talk = Talk(state="buyer.paying")
    assert talk.says(signal="paid") == ["buyer.menu"]
    assert talk.turned.outcomes == ("paid",)


def test_a_word_of_ours_that_comes_too_late_says_nothing():
    talk = Talk(state="buyer.units")
    assert talk.says(signal="paid") == []
    assert talk.state == "buyer.units"


def test_a_turn_that_failed_for_good_says_sorry_with_the_open_question():
    talk = Talk(state="buyer.units")
    assert talk.says(signal="sorry") == ["sorry.try_again", "buyer.units"]


def test_a_question_that_failed_itself_is_not_asked_with_the_apology():
    talk = Talk(state="buyer.units")
    assert talk.says(signal="plain sorry") == ["sorry.try_again"]


def test_changing_the_hat_names_it_once():
    talk = Talk(CannedWorld(hats=("vendor", "buyer")), state="buyer.units")
    assert talk.says("ma boutique") == ["vendor.menu"]
    assert [bubble.names_hat for bubble in talk.turned.bubbles] == ["vendor"]
    talk.says("menu")
    assert [bubble.names_hat for bubble in talk.turned.bubbles] == [""]


def test_a_hat_that_is_not_held_is_no_word():
    talk = Talk(state="buyer.place")
    talk.says("organisation")
    assert talk.world.done == [("buyer.place", "organisation", ())]


def test_business_of_another_hat_offers_that_hat_and_does_nothing():
    world = CannedWorld(hats=("vendor", "buyer"), heard={("vendor", "ok commande"): heard("accept_order")})
    talk = Talk(world, state="buyer.menu")
    assert talk.says("ok commande") == ["other_hat.vendor"]
    bubble = talk.turned.bubbles[0]
    assert (bubble.door, bubble.options) == ("vendor!wear", (Option("wear_vendor"),))
    assert (talk.world.done, talk.state) == ([], "buyer.menu")
    assert talk.says(tap=talk.door("vendor", "wear")) == ["vendor.menu"]
    assert talk.session.hat == "vendor"


def test_a_hat_that_was_taken_away_is_no_longer_worn():
    talk = Talk(hat="vendor", state="vendor.sure", asked=(0,))
    assert talk.says("oui") == ["buyer.menu"]
    assert (talk.session.hat, talk.world.done) == ("buyer", [])
    assert [bubble.names_hat for bubble in talk.turned.bubbles] == ["buyer"]


def test_a_state_that_left_the_table_begins_again():
    talk = Talk(state="buyer.of_another_version")
    assert talk.says("bonsoir") == ["buyer.menu"]


def test_a_session_reads_back_what_it_wrote():
    talk = Talk(state="buyer.menu", resume=("buyer.units",), trail=("buyer.goods",))
    talk.says("menu")
    document = talk.session.to_document()
    assert Session.from_document(document | {"of another version": 1}) == talk.session
