"""The one order in which a message is understood, step by step, and that no message at all breaks it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Incoming, Location, Media
from bot.routing import LASTING_MINUTES, route
from bot.session import Choice, Menu, Session
from bot.taps import Tap, read_tap, write_tap
from bot.world import Moment, Route
from tests.bot.tables import NOBODY, NOON, PIN, TABLES, VOICE, CannedWorld, heard

UNITS = Session(hat="buyer", state="buyer.units", asked=(5,))
PLACE = Session(hat="buyer", state="buyer.place", asked=(5,), menu=(Choice(1, "Pas de repère", "skip"),))
SURE = Session(hat="buyer", state="buyer.sure", asked=(5,), menu=(Choice(1, "Oui", "yes"), Choice(2, "Non", "no")))
MENU = Session(hat="buyer", state="buyer.menu", asked=(5,))
GOODS = Menu("buyer.goods", NOON, (Choice(1, "Riz parfumé 25 kg", "17"), Choice(2, "Suite", "+9")))
BOTH = ("vendor", "buyer")


def routed(session, text="", *, world=None, minute=NOON, **said):
    return route(TABLES, session, Incoming("id", NOBODY, text, **said), world or CannedWorld(), Moment(minute))


def tap(state, choice, said=5, minute=NOON):
    dialog, _, name = state.partition(".")
    return write_tap(Tap(dialog, name, choice, said, minute))


@pytest.mark.parametrize(
    "word", ["STOP", "stop", "Stop.", "STOP TOUT", "arrêt", "START", "Reprendre", "désabonner", "unsubscribe"]
)
def test_first_comes_opting_out_as_a_whole_message(word):
    world = CannedWorld(heard={("buyer", word): heard("thanks")})
    assert routed(PLACE, word, world=world) == Route("consent", word)


def test_a_sentence_that_holds_stop_is_no_opt_out():
    assert routed(PLACE, "au stop, à gauche").how == "answer"


def test_second_comes_a_tap_on_the_open_question():
    assert routed(SURE, tap=tap("buyer.sure", "yes")) == Route("answer", "yes", "buyer.sure")


@pytest.mark.parametrize(
    "id_",
    [
        tap("buyer.sure", "yes", said=4),  # another bubble of that question, asked before
        tap("buyer.empty", "menu"),  # a question that is not open
        tap("buyer.sure", "maybe"),  # no option of its table
        tap("buyer.units", "3"),  # a question without options
        tap("buyer.nowhere", "yes"),
        tap("vendor.sure", "yes"),  # a hat that is not held
        "buyer.sure=yes",
        "",
    ],
)
def test_any_other_tap_is_a_passed_choice_or_nothing(id_):
    assert routed(SURE, tap=id_).how == ("stale" if id_ else "miss")


def test_a_tap_is_never_read_as_words():
    assert routed(SURE, "oui", tap=tap("buyer.empty", "menu")) == Route("stale")


@pytest.mark.parametrize(
    ("minutes", "how"), [(0, "answer"), (LASTING_MINUTES, "answer"), (LASTING_MINUTES + 1, "stale")]
)
def test_a_button_of_browsing_stays_good_for_a_day(minutes, how):
    assert routed(UNITS, tap=tap("buyer.goods", "17", said=1), minute=NOON + minutes).how == how


def test_an_old_list_can_still_be_paged():
    assert routed(UNITS, tap=tap("buyer.goods", "+9", said=1)) == Route("page", "9", "buyer.goods")


def test_a_notices_button_opens_its_door_under_any_hat():
    id_ = write_tap(Tap("vendor", "accept", "42", 1, NOON - 9999, is_door=True))
    assert routed(UNITS, tap=id_, world=CannedWorld(hats=BOTH)) == Route("door", ("accepting", "42"), "vendor")
    assert routed(UNITS, tap=id_) == Route("stale")


def test_a_door_that_the_table_does_not_have_is_a_passed_choice():
    id_ = write_tap(Tap("buyer", "accept", "42", 1, NOON, is_door=True))
    assert routed(UNITS, tap=id_) == Route("stale")


@pytest.mark.parametrize("text", ["1", "1.", "01", "1️⃣", "le 1", "n° 1", "oui", "OUI !"])
def test_third_comes_the_open_menu_by_number_or_title(text):
    assert routed(SURE, text) == Route("answer", "yes", "buyer.sure")


def test_the_open_menu_comes_before_words_that_work_anywhere():
    session = replace(MENU, menu=(Choice(1, "Panier", "goods"),))
    assert routed(session, "panier") == Route("answer", "goods", "buyer.menu")


def test_a_number_that_no_menu_has_is_a_miss():
    assert routed(SURE, "3") == Route("miss")


def test_an_exact_reader_comes_before_everything_that_is_understood():
    world = CannedWorld(heard={("buyer", "3"): heard("search")})
    assert routed(UNITS, "3", world=world) == Route("answer", 3, "buyer.units")


PLAIN = [("wi", "yes"), ("Ok svp", "yes"), ("dacc", "yes"), ("👍🏾👍", "yes"), ("non laisse", "no"), ("👎", "no")]


@pytest.mark.parametrize(("text", "choice"), PLAIN)
def test_a_plain_yes_or_no_answers_a_closed_question(text, choice):
    assert routed(SURE, text) == Route("answer", choice, "buyer.sure")


@pytest.mark.parametrize("readings", [heard("confirm"), heard("deny"), heard("confirm", 0.7), heard("search")])
def test_no_reading_is_a_yes_and_a_yes_that_is_not_plain_is_missed(readings):
    world = CannedWorld(heard={("buyer", "ça me va"): readings})
    way = routed(SURE, "ça me va", world=world)
    assert way.how == ("detour" if readings == heard("search") else "miss")


@pytest.mark.parametrize("question", [UNITS, PLACE])
def test_a_yes_is_no_answer_to_what_one_asks(question):
    world = CannedWorld(heard={("buyer", "oui"): heard("confirm")})
    assert routed(question, "oui", world=world) == Route("miss")


def test_a_yes_never_answers_a_browsing_menu():
    world = CannedWorld(heard={("buyer", "oui"): heard("confirm")})
    assert routed(MENU, "oui", world=world) == Route("miss")


@pytest.mark.parametrize("word", ["0", "retour", "Retour !"])
def test_fourth_comes_going_back(word):
    assert routed(PLACE, word) == Route("back")


def test_there_is_no_way_back_from_the_start():
    assert routed(Session(hat="buyer"), "retour") == Route("go", "buyer.menu")


def test_fifth_come_the_words_that_work_anywhere_even_at_an_open_question():
    assert routed(PLACE, "Menu") == Route("go", "buyer.menu")
    assert routed(PLACE, "menu du jour").how == "answer"


def test_fifth_come_exact_commands_too():
    assert routed(PLACE, "suivi TG-4K7P2") == Route("door", ("looking", "4K7P2"), "buyer")
    vendor = Session(hat="vendor", state="vendor.menu")
    world = CannedWorld(hats=BOTH)
    assert routed(vendor, "A 4k7", world=world) == Route("door", ("accepting", "4K7"), "vendor")
    assert routed(vendor, "accepter", world=world) == Route("door", ("accepting", ""), "vendor")
    assert routed(vendor, "a", world=world) == Route("miss")
    assert routed(vendor, "accepter tout de suite", world=world) == Route("miss")
    assert routed(vendor, "Accepter TG-4AAB2", world=world) == Route("door", ("accepting", "4AAB2"), "vendor")
    assert routed(vendor, "accepter merci", world=world) == Route("miss")
    assert routed(vendor, "accepter tg", world=world) == Route("miss")


def test_fifth_come_the_words_that_change_the_hat():
    assert routed(PLACE, "ma boutique", world=CannedWorld(hats=BOTH)) == Route("hat", "vendor")
    assert routed(PLACE, "ma boutique").how == "answer"


@pytest.mark.parametrize(
    ("session", "confidence", "how"),
    [(MENU, 0.6, "detour"), (MENU, 0.59, "miss"), (PLACE, 0.9, "detour"), (PLACE, 0.89, "answer")],
)
def test_sixth_comes_understanding_sure_enough_for_the_question_it_leaves(session, confidence, how):
    world = CannedWorld(heard={("buyer", "du riz"): heard("search", confidence)})
    assert routed(session, "du riz", world=world).how == how


@pytest.mark.parametrize(("confidence", "how"), [(0.9, "detour"), (0.89, "miss")])
def test_no_guess_leads_out_of_a_question_that_takes_what_is_written(confidence, how):
    buyer = TABLES["buyer"]
    units = replace(buyer.states["units"], is_free=True)
    tables = {**TABLES, "buyer": replace(buyer, states={**buyer.states, "units": units})}
    world = CannedWorld(heard={("buyer", "du riz"): heard("search", confidence)}, refuses=["du riz"])
    assert route(tables, UNITS, Incoming("id", NOBODY, "du riz"), world, Moment(NOON)).how == how


def test_words_that_surely_answer_a_question_do_not_leave_it_and_a_sentence_with_them_does():
    world = CannedWorld(heard={("buyer", said): heard("quarter_said") for said in ("chez be", "je suis chez Bè")})
    assert routed(PLACE, "chez be", world=world) == Route("answer", "chez be", "buyer.place")
    assert routed(PLACE, "je suis chez Bè", world=world).how == "detour"
    assert routed(MENU, "chez be", world=world).what == "buyer.place"


def test_parts_of_a_message_need_one_target():
    both = (*heard("search"), *heard("thanks"))
    assert routed(MENU, "du riz merci", world=CannedWorld(heard={("buyer", "du riz merci"): both})) == Route("miss")
    twice = (*heard("search"), *heard("search"))
    world = CannedWorld(heard={("buyer", "du riz du mil"): twice})
    assert routed(MENU, "du riz du mil", world=world) == Route("detour", "buyer.search", heard=twice)


def test_seventh_an_open_question_takes_the_words():
    assert routed(PLACE, "derrière la pharmacie") == Route("answer", "derrière la pharmacie", "buyer.place")


@pytest.mark.parametrize(("confidence", "how"), [(0.6, "detour"), (0.59, "miss")])
def test_words_that_an_open_question_refuses_are_understood_as_at_a_closed_one(confidence, how):
    said = "combien ça coûte la livraison"
    world = CannedWorld(heard={("buyer", said): heard("search", confidence)}, refuses=[said])
    assert routed(PLACE, said, world=world).how == how


@pytest.mark.parametrize(("minutes", "how"), [(LASTING_MINUTES, "answer"), (LASTING_MINUTES + 1, "miss")])
def test_eighth_comes_the_title_of_a_menu_of_the_last_day(minutes, how):
    session = replace(UNITS, lasting=(GOODS,))
    assert routed(session, "riz parfumé 25 kg", minute=NOON + minutes).how == how


@pytest.mark.parametrize("text", ["1", "Suite"])
def test_an_older_menu_never_answers_by_number_nor_by_its_way_on(text):
    session = replace(SURE, menu=(), lasting=(GOODS,))
    assert routed(session, text) == Route("miss")


def test_then_another_hat_that_is_sure_is_offered():
    world = CannedWorld(hats=BOTH, heard={("vendor", "ok commande"): heard("accept_order", 0.95)})
    assert routed(MENU, "ok commande", world=world) == Route("other_hat", "vendor")
    world = CannedWorld(hats=BOTH, heard={("vendor", "ok commande"): heard("accept_order", 0.7)})
    assert routed(MENU, "ok commande", world=world) == Route("miss")
    assert routed(MENU, "A 4K7", world=CannedWorld(hats=BOTH)) == Route("other_hat", "vendor")
    assert routed(MENU, "A 4K7") == Route("miss")


def test_a_command_with_a_code_of_another_hat_is_no_answer_to_an_open_question():
    assert routed(PLACE, "A 4K7", world=CannedWorld(hats=BOTH)) == Route("other_hat", "vendor")
    assert routed(PLACE, "A 4K7") == Route("answer", "A 4K7", "buyer.place")
    assert routed(PLACE, "accepter", world=CannedWorld(hats=BOTH)).how == "answer"


def test_last_comes_a_miss_or_the_start():
    assert routed(MENU, "???") == Route("miss")
    assert routed(Session(hat="buyer"), "hum") == Route("go", "buyer.menu")
    assert routed(Session(hat="buyer"), unread="poll") == Route("miss", sign="other")


def test_a_word_of_ours_comes_before_all_words_of_a_person():
    assert routed(MENU, "stop", signal="paid") == Route("signal", "paid")
    assert routed(MENU, signal="sorry") == Route("sorry", "sorry")


SESSIONS = st.sampled_from([Session(hat="buyer"), UNITS, PLACE, SURE, MENU, Session(hat="vendor", state="vendor.sure")])
TEXTS = st.one_of(
    st.text(), st.sampled_from(["1", "0", "oui", "A 4K7", "stop", "menu", "suivi", "\x00", "\ud800", "٣", "²"])
)
TAPS = st.one_of(
    st.text(),
    st.from_regex(r"(buyer|vendor|organizer)[.!][a-z_]{1,9}=[^~\s]{0,9}~[0-9a-z]{1,14}~[0-9a-z]{1,9}", fullmatch=True),
    st.builds(
        write_tap,
        st.builds(
            Tap,
            st.sampled_from(["buyer", "vendor", "organizer"]),
            st.sampled_from(["menu", "goods", "sure", "track", "wear"]),
            st.sampled_from(["", "+", "+9", "yes", "none", "17", "__class__"]),
            st.integers(0, 10**19),
            st.integers(0, 10**12),
            st.booleans(),
        ),
    ),
)


@given(SESSIONS, TEXTS, TAPS, st.booleans(), st.booleans())
def test_no_message_whatever_breaks_the_routing(session, text, tapped, pins, sends):
    said = {"tap": tapped} if tapped else {}
    if pins:
        said["location"] = Location(91.0, -999.0)
    if sends:
        said["media"] = (Media("sticker", ""),)
    way = routed(session, text, world=CannedWorld(hats=BOTH), **said)
    assert way.how in ("answer", "page", "go", "detour", "door", "back", "hat", "other_hat", "consent", "stale", "miss")


@given(SESSIONS, TAPS.filter(bool))
def test_a_forged_tap_never_answers_a_question_that_writes(session, tapped):
    way = routed(replace(session, asked=()), tap=tapped, world=CannedWorld(hats=BOTH))
    assert way.at not in ("buyer.sure", "vendor.sure")


@given(
    st.builds(
        Tap,
        st.from_regex(r"[a-z_]{1,9}", fullmatch=True),
        st.from_regex(r"[a-z_]{1,9}", fullmatch=True),
        st.from_regex(r"[!-}]{0,40}", fullmatch=True),
        st.integers(0, 36**13 - 1),
        st.integers(0, 36**8 - 1),
        st.booleans(),
    )
)
def test_a_tap_reads_back_what_was_written(written):
    text = write_tap(written)
    assert read_tap(text) == written
    assert text.isascii()
    assert len(text) <= 200


@pytest.mark.parametrize(
    "text", ["buyer.sure=yes~05~1", "buyer.sure=yes~5~00", "buyer.sure=oui\u202e~5~1", "buyer.sure=é~5~1"]
)
def test_an_id_that_is_written_otherwise_is_no_tap(text):
    assert read_tap("buyer.sure=yes~5~1") == Tap("buyer", "sure", "yes", 5, 1)
    assert read_tap(text) is None


def late(session, text="", *, world=None, is_held=False, **said):
    moment = Moment(NOON, is_held=is_held, is_late=True)
    return route(TABLES, session, Incoming("id", NOBODY, text, **said), world or CannedWorld(), moment)


@pytest.mark.parametrize(
    ("session", "text"),
    [
        (SURE, "1"),
        (SURE, "oui"),
        (SURE, "je confirme"),
        (SURE, "0"),
        (UNITS, "3"),
        (PLACE, "Pas de repère"),
        (PLACE, "près de la pharmacie"),
        (MENU, "suivi 4K7"),
        (replace(UNITS, lasting=(GOODS,)), "riz parfumé 25 kg"),
        (SURE, "START"),
        (SURE, "reprendre svp"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_words_of_before_the_open_question_do_not_answer_it(session, text):
    assert routed(session, text) != Route("stale")
    assert late(session, text) == Route("stale")


def test_what_comes_late_is_heard_as_always_where_it_answers_nothing():
    world = CannedWorld(heard={("buyer", "riz"): heard("search")})
    assert late(SURE, "riz", world=world) == routed(SURE, "riz", world=world)
    assert late(SURE, "riz", world=world).how == "detour"
    assert late(SURE, "menu") == Route("go", "buyer.menu")
    assert late(SURE, "bzz") == Route("miss")
    assert late(SURE, tap=tap("buyer.sure", "yes")) == Route("answer", "yes", "buyer.sure")
    assert late(PLACE, location=PIN) == routed(PLACE, location=PIN)


@pytest.mark.parametrize("is_held", [False, True])
def test_who_stops_is_obeyed_however_late(is_held):
    assert late(SURE, "STOP", is_held=is_held) == Route("consent", "STOP")
    assert late(SURE, "stop tout", is_held=is_held) == Route("consent", "stop tout")


def test_nothing_typed_late_calls_the_bot_back():
    for text in ("menu", "robot", "suivi 4K7", "START"):
        assert late(MENU, text, is_held=True) == Route("held")


def held(session, text="", *, world=None, **said):
    moment = Moment(NOON, is_held=True)
    return route(TABLES, session, Incoming("id", NOBODY, text, **said), world or CannedWorld(), moment)


@pytest.mark.parametrize("session", [SURE, PLACE, UNITS, MENU, Session(hat="buyer")], ids=lambda s: s.state)
@pytest.mark.parametrize("text", ["oui", "1", "0", "riz", "aide", "suivi", "A 4K7", "acheter", "123456", "👍", ""])
def test_while_a_person_answers_no_words_are_for_the_bot(session, text):
    assert held(session, text) == Route("held")


@pytest.mark.parametrize("said", [{"tap": "x"}, {"location": PIN}, {"media": VOICE}, {"unread": "poll"}], ids=str)
def test_while_a_person_answers_nothing_else_is(said):
    assert held(PLACE, **said) == Route("held")


@pytest.mark.parametrize("text", ["menu", "bot", "STOP", "suivi 4K7", "2 pagnes svp", ""])
def test_while_a_person_answers_no_public_comment_is_heard(text):
    assert held(MENU, text, comment="1_1") == Route("held")


def test_while_a_person_answers_opting_out_is_obeyed():
    assert held(PLACE, "STOP") == Route("consent", "STOP")


def test_what_calls_the_bot_back_is_heard_as_always():
    assert held(SURE, "robot") == Route("given_back")
    assert held(SURE, "menu") == routed(SURE, "menu") == Route("go", "buyer.menu")
    assert held(SURE, tap=tap("buyer.sure", "yes")) == Route("answer", "yes", "buyer.sure")
    assert held(SURE, tap=tap("buyer.sure", "yes", said=4)) == Route("stale")


def test_a_command_with_its_code_is_a_button_that_is_typed():
    assert held(MENU, "suivi 4K7") == routed(MENU, "suivi 4K7")
    assert held(MENU, "A 4K7", world=CannedWorld(hats=BOTH)) == routed(MENU, "A 4K7", world=CannedWorld(hats=BOTH))
    assert held(MENU, "accepter", world=CannedWorld(hats=BOTH)) == Route("held")
