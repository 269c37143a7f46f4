"""Workshops in chats: looked at, booked, waited for, given up, asked about, rated; the same for buyers and vendors."""

from datetime import timedelta

import pytest

from bot import holdings
from bot.dialogs.booking import read_rating
from bot.messages import Incoming, Sender
from bot.understanding.week_asking import given_up
from events import bookings, checkin, lessons
from tests.bot.chat import Chat
from tests.events.week import CHAT, LETTERS, make_event, make_workshop
from tests.orders.buying import advance

HATS = ("buyer", "vendor")
DAY = 86_400


@pytest.fixture
def week(db):
    return make_event(db)


@pytest.fixture
def workshop(db, week):
    """Number 3, with two places, in three days."""
    return make_workshop(db, week)


@pytest.fixture(params=HATS)
def person(request, awa, yawa):
    """Somebody who wears one of the hats that come to workshops; she has been greeted."""
    chat = awa if request.param == "buyer" else yawa
    chat.says("bonjour")
    chat.hat = request.param
    return chat


def fill(db, workshop, count, first=1000):
    for contact in range(first, first + count):
        bookings.book(db, workshop, contact, CHAT, LETTERS)


def own(person, workshop):
    return bookings.own(person.db, workshop, person.contact_id)


def says(person, name):
    assert person.keys[0] == f"{person.hat}.{name}"


@pytest.mark.parametrize(
    "words", ["ATELIER 3", "atelier 3", "Atelier n°3", "session 3", "atelier numéro 3", "workshop 3"]
)
def test_an_exact_command_books(person, workshop, words):
    person.says(words)
    says(person, "booked")
    assert own(person, workshop).state == "booked"
    assert own(person, workshop).code in person.words


def test_words_that_are_understood_show_the_card_and_book_nothing(person, db, workshop):
    db.run("update workshop set title = 'Marketing par WhatsApp'")
    person.says("inscris moi à l'atelier marketing")
    says(person, "workshop")
    assert own(person, workshop) is None
    assert person.titles == ["Réserver", "Poser une question", "Autres ateliers"]
    person.taps_on("Réserver")
    says(person, "booked")
    assert own(person, workshop).state == "booked"


def test_an_old_button_books_nothing_once_another_question_is_open(person, workshop):
    person.goes("programme 3")
    tap = person.taps["Réserver"]
    person.says("programme")
    person.taps_id(tap)
    assert own(person, workshop) is None


@pytest.mark.parametrize("words", ["c'est où", "je ne peux plus venir"])
def test_who_has_a_place_and_no_order_speaks_of_it(awa, workshop, words):
    awa.goes("bonjour", "atelier 3", words)
    assert (awa.keys, awa.titles) == (["buyer.workshop"], ["Rendre ma place", "Poser une question", "Autres ateliers"])
    assert "Ecobank" in awa.words
    assert own(awa, workshop).state == "booked"


def test_who_has_two_places_is_asked_of_which_he_speaks_unless_one_is_on_show(awa, db, week, workshop):
    other = make_workshop(db, week, 4, begins=timedelta(days=4))
    awa.goes("bonjour", "atelier 3", "atelier 4", "c'est où")
    assert awa.words.startswith("Atelier 4 : ")
    awa.memory.pop("workshop")
    awa.says("je ne peux plus venir")
    assert awa.keys == ["buyer.my_workshops"]
    assert (own(awa, workshop).state, own(awa, other).state) == ("booked", "booked")


@pytest.mark.parametrize(
    ("words", "key"),
    [("où est mon colis", "buyer.no_orders"), ("annulez ma commande", "buyer.none_to_cancel")],
)
def test_words_of_an_order_are_not_of_a_workshop(awa, workshop, words, key):
    awa.goes("bonjour", "atelier 3", words)
    assert awa.keys == [key]


def test_who_has_goods_in_his_basket_speaks_of_these_unless_he_looks_at_workshops(awa, workshop):
    awa.goes("je veux 2 sacs de riz parfumé 25 kg", "oui", "atelier 3", "c'est pour quand")
    assert awa.keys == ["buyer.not_ordered", "buyer.basket"]
    awa.goes("programme 3", "c'est où")
    assert awa.keys == ["buyer.workshop"]


def test_who_waits_for_a_parcel_is_told_of_that_first(awa, ordered, workshop):
    awa.goes("atelier 3", "c'est où")
    assert awa.keys == ["buyer.order"]


def test_the_picture_of_the_code_comes_with_the_place(person, workshop):
    person.says("atelier 3")
    assert person.bubbles[0].photo.startswith("https://market.example/documents/code/")


def test_a_full_workshop_is_waited_for_and_says_at_which_place(person, db, workshop):
    fill(db, workshop, 4)
    person.says("programme 3")
    assert person.titles[0] == "Liste d'attente"
    person.taps_on("Liste d'attente")
    says(person, "queued")
    assert "numéro 3" in person.words
    assert own(person, workshop).queued == 3
    person.says("programme 3")
    assert "Complet, liste d'attente : 3" in person.words
    assert "Vous êtes sur la liste d'attente, numéro 3" in person.words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("update workshop set state = 'cancelled'", "il est annulé"),
        ("update workshop set is_closed = true", "les inscriptions sont fermées"),
        ("update workshop set starts_at = market_now() - interval '1 minute'", "il a déjà commencé"),
        ("update workshop set number = 4", "il n'existe pas"),
        ("update event set state = 'over'", "il n'existe pas"),
    ],
)
def test_what_cannot_be_booked_is_told_with_a_way_on(person, db, workshop, change, words):
    db.run(change)
    person.says("atelier 3")
    says(person, "not_taken")
    assert f"Atelier 3 : {words}" in person.words
    assert own(person, workshop) is None


def test_who_has_a_place_or_waits_is_told_so(person, db, workshop):
    person.goes("atelier 3", "atelier 3")
    assert "vous y avez déjà votre place" in person.words
    db.run("update workshop set capacity = 0")
    db.run("update booking set state = 'waiting'")
    person.says("atelier 3")
    assert "vous êtes déjà sur la liste d'attente" in person.words


def test_two_at_the_same_hour_are_told_and_both_stand(person, db, week, workshop):
    other = make_workshop(db, week, 4, begins=timedelta(days=3, hours=1))
    person.goes("atelier 3", "atelier 4")
    says(person, "booked")
    assert "Attention, vous avez l'atelier 3, Atelier numéro 3, à la même heure." in person.words
    assert (own(person, workshop).state, own(person, other).state) == ("booked", "booked")


def test_the_programme_goes_by_day_and_by_theme_in_pages(person, db, week):
    for number in range(1, 13):
        made = make_workshop(db, week, number, begins=timedelta(days=number))
        db.run("update workshop set theme = 'law' where id = %(id)s and number > 2", id=made)
    person.says("programme")
    assert len(person.titles) == 10
    person.taps_on("Suite")
    assert len(person.titles) == 4
    person.taps_on("Cadre juridique")
    says(person, "workshops")
    assert len(person.titles) == 10
    assert person.titles[0] == "Atelier numéro 3"
    person.taps_on("Suite")
    assert person.titles == ["Atelier numéro 12"]


def test_a_theme_and_a_day_are_named_in_words(person, db, week):
    for number in range(1, 4):
        made = make_workshop(db, week, number, begins=timedelta(days=1))
        db.run("update workshop set theme = 'security' where id = %(id)s and number > 1", id=made)
    person.says("programme sécurité")
    says(person, "workshops")
    assert person.titles == ["Atelier numéro 2", "Atelier numéro 3"]
    person.says("programme de demain")
    assert len(person.titles) == 3
    for nothing_then in ("programme cadre juridique", "programme du 2 février"):
        person.says(nothing_then)
        says(person, "programme")


def test_where_there_is_no_programme_it_is_said(person):
    person.says("programme")
    says(person, "no_programme")
    person.says("mes ateliers")
    says(person, "no_bookings")


def test_a_place_is_given_up_after_a_yes_and_goes_to_who_waits(person, db, workshop):
    person.says("atelier 3")
    fill(db, workshop, 2)
    person.says("désinscrire 3")
    says(person, "give_up_sure")
    person.says("non")
    says(person, "workshop")
    assert own(person, workshop).state == "booked"
    person.goes("mes ateliers", "1", "[Rendre ma place]", "oui")
    says(person, "given_up")
    assert own(person, workshop).state == "cancelled"
    assert person.facts == ["PlacesGot"]
    assert bookings.places(db, [workshop])[workshop].waiting == 0


@pytest.mark.parametrize("words", ["c'est combien l'entrée", "l'entrée est payante ?", "l'atelier 3 est gratuit ?"])
def test_what_coming_costs_is_told_above_the_programme(person, workshop, words):
    person.says(words)
    assert person.keys == [f"{person.hat}.coming_price", f"{person.hat}.programme"]
    assert person.words.startswith(
        "Réserver une place ici ne coûte rien.\nLe programme n'indique aucun prix d'entrée.\n"
        "Ne payez personne d'avance pour une place.\n\n"
    )


def test_without_an_event_nothing_is_said_of_what_coming_costs(person):
    person.says("c'est combien l'entrée")
    assert person.keys == [f"{person.hat}.no_programme"]


def test_the_bare_word_gives_up_the_only_place(person, workshop):
    person.goes("atelier 3", "désinscrire")
    says(person, "give_up_sure")
    person.goes("oui", "désinscrire 3")
    says(person, "not_booked")


@pytest.mark.parametrize(
    "words",
    [
        *("annule atelier 3", "Annulé l'atelier 3 svp", "annuler mon inscription", "annule ma place"),
        *("je ne viens plus à l'atelier 3", "je peux pas venir a latelier 3", "j'annule l'atelier numéro"),
        *("desinscris moi de l'atelier 3", "je ne pourrai pas assister à la formation 3", "cancel workshop 3"),
    ],
)
def test_a_place_is_given_up_in_words_after_a_yes(person, workshop, words):
    person.says("atelier 3")
    person.says(words)
    says(person, "give_up_sure")
    assert own(person, workshop).state == "booked"
    person.says("oui")
    says(person, "given_up")
    assert own(person, workshop).state == "cancelled"


def test_who_gives_up_what_he_has_not_or_one_of_several_sees_his_own(person, week, workshop):
    person.says("annule atelier 3")
    says(person, "no_bookings")
    make_workshop(person.db, week, 4, begins=timedelta(days=4))
    person.goes("atelier 3", "atelier 4", "annule mon inscription")
    says(person, "my_workshops")
    assert person.titles == ["Atelier numéro 3", "Atelier numéro 4"]
    person.says("annule atelier 9")
    says(person, "my_workshops")
    person.says("annule l'atelier 4")
    assert person.words == "Rendre votre place à l'atelier 4, Atelier numéro 4 ?"


@pytest.mark.parametrize(
    "words", ["c'est quand l'atelier 3", "où se passe l'atelier 3 ?", "l'atelier 3 commence à quelle heure"]
)
def test_who_asks_about_a_workshop_by_its_number_sees_its_card(person, workshop, words):
    person.says(words)
    says(person, "workshop")
    assert own(person, workshop) is None


def test_a_misspelt_word_before_a_number_shows_the_card_and_books_nothing(awa, workshop):
    awa.says("atelié 3")
    assert awa.keys == ["buyer.workshop"]
    assert bookings.own(awa.db, workshop, awa.contact_id) is None


@pytest.mark.parametrize(
    "words",
    [
        *("inscris moi atelier 3", "je veux plus d'infos sur l'atelier 3", "annule ma commande", "annule", "place"),
        *("l'atelier 3 est annulé ?", "je ne veux pas rater l'atelier 3", "annule le riz", "je viens à l'atelier 3"),
    ],
)
def test_other_words_give_no_place_up(words):
    assert given_up(words) is None


def test_a_notice_opens_the_card_the_question_and_the_mark(person, db, workshop):
    person.says("atelier 3")
    person.opens_door(person.hat, "workshop", "3")
    says(person, "workshop")
    person.opens_door("buyer", "give_up", "3")
    assert person.keys[0] == "buyer.give_up_sure"
    person.opens_door("buyer", "rate", "3")
    assert person.keys[0] == "buyer.not_booked"
    advance(db, 4 * DAY)
    person.opens_door("buyer", "rate", "3")
    assert person.keys[0] == "buyer.rating"
    person.says("4 étoiles")
    assert person.keys[0] == "buyer.rated"
    assert lessons.ratings(db, [workshop])[workshop] == lessons.Ratings(1, 40)


def test_a_question_goes_onto_the_list_without_numbers(person, db, workshop):
    person.goes("programme 3", "[Poser une question]", "Rappelez moi au 90 11 22 33 : quelle taxe ?")
    says(person, "lesson_sent")
    (asked,) = lessons.waiting(db, workshop)
    assert "90 11 22 33" not in asked.words
    assert asked.words.endswith("quelle taxe ?")


@pytest.mark.parametrize(
    "said",
    ["question atelier 3 : quelle taxe ?", "Question pour l'atelier 3, quelle taxe ?", "question atelier 3 quelle taxe",
     "une question à l'atelier n°3 : quelle taxe ?", "atelier 3 question : quelle taxe ?",
     "question workshop 3: quelle taxe ?"],
)  # fmt: skip
def test_a_question_is_typed_with_the_number_of_its_workshop(person, db, workshop, said):
    person.says(said)
    says(person, "lesson_sent")
    assert [one.words.removesuffix(" ?") for one in lessons.waiting(db, workshop)] == ["quelle taxe"]


def test_a_question_that_is_not_told_yet_is_asked_for(person, db, workshop):
    person.says("question atelier 3")
    assert (person.state, lessons.waiting(db, workshop)) == (f"{person.hat}.lesson", ())
    person.says("Quelle taxe ?")
    assert [one.words for one in lessons.waiting(db, workshop)] == ["Quelle taxe ?"]


@pytest.mark.parametrize(
    "said", ["question atelier 9 : quelle taxe ?", "question atelier 3 : envoie moi l'argent sur flooz"]
)
def test_a_typed_question_that_cannot_be_passed_on_is_not(person, db, workshop, said):
    person.says(said)
    assert lessons.waiting(db, workshop) == ()


def test_words_for_money_are_not_passed_on(person, db, workshop):
    person.goes("programme 3", "[Poser une question]", "envoie moi l'argent sur mon flooz 90112233")
    says(person, "lesson_not")
    assert lessons.waiting(db, workshop) == ()


def test_a_fourth_question_waits(person, db, workshop):
    for number in range(3):
        person.goes("programme 3", "[Poser une question]", f"Question {number}, quelle taxe ?")
    person.goes("programme 3", "[Poser une question]", "Et encore ?")
    says(person, "lesson_not")
    assert len(lessons.waiting(db, workshop)) == 3


def test_who_was_there_rates_and_who_was_not_cannot(person, db, workshop):
    person.says("noter 3")
    says(person, "not_booked")
    person.says("atelier 3")
    checkin.enter(db, workshop, own(person, workshop).code, 1)
    advance(db, 4 * DAY)
    person.goes("noter 3", "pas mal")
    assert person.keys[0] == f"{person.hat}.missed_rating"
    person.says("5")
    says(person, "rated")
    assert own(person, workshop).rating == 5


def test_somebody_without_a_name_books_too(db, config, market, workshop):
    chat = Chat(db, config, "+22890000077", "")
    chat.says("atelier 3")
    assert own(chat, workshop).state == "booked"


@pytest.mark.parametrize(
    ("typed", "rating"),
    [
        ("4", 4),
        ("5/5", 5),
        ("4 sur 5", 4),
        ("quatre", 4),
        ("⭐⭐⭐", 3),
        ("3 étoiles", 3),
        ("6", None),
        ("0", None),
        ("bien", None),
        ("1 ou 2", None),
        ("", None),
        ("je mets 4 étoiles", 4),
        ("c'était très bien, j'ai appris beaucoup : 5", 5),
        ("pointure 4 il reste ?", None),
        ("je refuse 3K7-2", None),
        ("promos ce weekend -1%", None),
        ("j'ai 2 questions sur la suite", None),
    ],
)
def test_a_mark_is_read_as_people_write_it(typed, rating):
    assert read_rating(Incoming("", Sender(()), text=typed)) == rating


def test_what_a_person_booked_and_asked_is_in_his_file_and_goes_with_him(person, db, workshop):
    person.goes("atelier 3", "programme 3", "[Poser une question]", "Quelle taxe ?")
    held = holdings.whole(db, person.contact_id)
    (booked,) = held["workshops"]
    assert (booked["number"], booked["state"]) == (3, "booked")
    assert held["asked_at_workshops"][0]["words"] == "Quelle taxe ?"
    assert bookings.forget_person(db, person.contact_id) == 1
    assert lessons.forget_person(db, person.contact_id) == 1
    after = holdings.whole(db, person.contact_id)
    assert (after["workshops"], after["asked_at_workshops"]) == ([], [])
