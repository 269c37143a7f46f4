"""The door of a workshop: by chat, by the page's address, from the printed list; what is drawn is read back."""

import io
import re
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from base.clock import now
from bot import booking_page, door, files, roll_drawing, roll_page, rolls
from bot.readings import read_command
from events import bookings, checkin, lessons, programme
from tests.bot.chat import Chat
from tests.events.week import LETTERS, make_event, make_workshop
from tests.orders.buying import advance

MOST_BYTES = 400_000


@pytest.fixture
def week(db):
    return make_event(db)


@pytest.fixture
def workshop(db, week):
    """Number 3, with two places, in three hours."""
    return make_workshop(db, week, begins=timedelta(hours=3))


@pytest.fixture
def guests(db, config, market, workshop):
    """Awa and Kodjo have a place, Éya waits; their bookings."""
    names = ("Awa Mensah", "Kodjo Adjavon", "Éya 🙂 ɖɔtsɛ")
    chats = [Chat(db, config, f"+2289000010{number}", name) for number, name in enumerate(names)]
    for chat in chats:
        bookings.book(db, workshop, chat.contact_id, chat.conversation_id, LETTERS)
    return [bookings.own(db, workshop, chat.contact_id) for chat in chats]


def test_a_code_at_the_door_greets_its_person_once(chief, guests):
    chief.goes("présence 3", guests[0].code)
    assert re.match(r"Bienvenue, Awa Mensah\. Atelier 3, entrée à \d{1,2}\u00a0h\u00a0\d\d\.", chief.bubbles[0].body)
    chief.says(guests[0].letters.lower())
    assert re.match(r"Awa Mensah\u00a0: code déjà vu à \d{1,2}\u00a0h\u00a0\d\d\.", chief.bubbles[0].body)
    assert "Entrés : 1 sur 2" in chief.words


def test_a_code_comes_too_early_days_before(chief, db, guests):
    db.run("update workshop set starts_at = starts_at + interval '2 days', ends_at = ends_at + interval '2 days'")
    chief.goes("présence 3", guests[0].code)
    assert re.match(r"Trop tôt, Awa Mensah\. Atelier 3\u00a0: \w{3}\. \d", chief.bubbles[0].body)
    chief.says("présents 3: 1 2")
    assert re.match(r"Trop tôt pour noter l'atelier 3 : \w{3}\. \d", chief.words)
    db.run("update workshop set state = 'cancelled'")
    chief.says("présents 3: 1")
    assert chief.words.startswith("L'atelier 3, Atelier numéro 3, est annulé.")
    assert db.value("select count(*) from booking where state = 'attended'") == 0


def test_a_command_lets_in_from_anywhere(chief, guests):
    chief.says(f"présent {guests[1].code}")
    assert chief.words.startswith("Bienvenue, Kodjo Adjavon.")
    chief.says(f"présent {guests[2].letters}")
    assert chief.words.startswith("Éya 🙂 ɖɔtsɛ n'a pas de place : liste d'attente, numéro 1.")


def test_codes_of_others_say_whose_they_are(chief, db, week, guests):
    make_workshop(db, week, 4)
    chief.goes("présence 4", guests[0].code)
    assert chief.words.startswith("Awa Mensah a une place à un autre atelier : 3, Atelier numéro 3.")
    chief.says("A4-2222")
    assert chief.words.startswith("Ce code n'est celui de personne.")
    chief.says("hmm")
    assert chief.words.startswith("Ce n'est pas un code.")
    assert db.value("select count(*) from booking where state = 'attended'") == 0


def test_a_printed_list_is_typed_in_and_taken_back(chief, db, guests):
    chief.says("présents 3: 3")
    assert chief.words.startswith("Encore en liste d'attente : 3.")
    advance(db, 3 * 3600)
    chief.says(f"présents atelier 3: 1 2, 9 {guests[2].code}")
    assert chief.words.startswith(
        "3 personnes notées présentes à l'atelier 3.\nIntrouvables : 9.\nUne erreur ? Écrivez absents atelier 3 :"
    )
    chief.says("présents 3 1")
    assert "1 y était déjà." in chief.words
    chief.says("absents atelier 3 : 2")
    assert chief.words.startswith("1 personne n'est plus notée présente à l'atelier 3.")
    chief.goes("présence 3", "[Qui est là]")
    assert "1 · Awa Mensah\n3 · Éya 🙂 ɖɔtsɛ" in chief.words
    assert db.value("select count(*) from booking where state = 'attended'") == 2


def test_a_whole_room_is_typed_in_with_one_message(chief, db, config, workshop):
    db.run("update workshop set capacity = null")
    for number in range(100):
        bookings.book(db, workshop, 5000 + number, 1, LETTERS)
    chief.says("présents atelier 3: " + " ".join(map(str, range(1, 101))))
    assert "100 personnes notées présentes" in chief.words


@pytest.mark.parametrize(
    "words", ["présence 99", "présents", "présents 3", "présents 99: 1", "absents 99 1", "présent"]
)
def test_what_cannot_be_found_is_answered_with_an_example(chief, guests, words):
    chief.says(words)
    assert chief.words.startswith("Je ne trouve pas. Écrivez par exemple :\nprésence 3")


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("présents 3: 1-4", "3 1 2 3 4"),
        ("présents atelier 3 : 1 à 3, 7", "3 1 2 3 7"),
        ("presents 12: 3–5 et 9", "12 3 4 5 9"),
        ("présents 3: 4-2", "3 4 2"),
        ("présents 3-5", "3 5"),
        ("présents 3: A3-7K4Q 2", "3 A3 7K4Q 2"),
    ],
)
def test_lines_of_a_list_may_be_typed_as_a_range(words, codes):
    assert read_command({"presents": "noted"}, words).codes == codes


def test_a_range_notes_each_line_of_it(chief, guests):
    chief.says("présents atelier 3: 1-3")
    assert chief.words.startswith("2 personnes notées présentes à l'atelier 3.\nEncore en liste d'attente : 3.")


@pytest.mark.parametrize("words", ["liste des présents atelier 3", "liste des presents atelier 3", "présence"])
def test_the_list_is_asked_for_in_words(chief, guests, words):
    chief.says(words)
    assert chief.state == "organizer.presence"
    assert "Atelier 3 : Atelier numéro 3" in chief.words


def test_questions_are_read_out_or_answered_by_who_is_first(chief, db, guests, workshop):
    for words in ("Quelle taxe ?", "Quel téléphone ?"):
        lessons.ask(db, workshop, guests[0].contact_id, guests[0].conversation_id, words)
    chief.goes("présence 3", "[Questions]", "1")
    assert "Awa Mensah demande :\n« Quelle taxe ? »" in chief.words
    chief.says("1")
    assert chief.words.startswith("C'est noté : la question a été lue.")
    chief.says("1")
    lessons.settle(db, lessons.waiting(db, workshop)[0].id, 1)
    chief.says("1")
    assert chief.words.startswith("Quelqu'un s'en est déjà occupé.")
    assert lessons.waiting(db, workshop) == ()


def test_how_it_was_is_an_average_for_the_organizer(chief, db, guests, workshop):
    advance(db, 6 * 3600)
    for guest, rating in zip(guests, (4, 5), strict=False):
        lessons.rate(db, workshop, guest.contact_id, rating)
    chief.says("présence 3")
    assert "Note : 4,5 sur 5 (2 avis)." in chief.words


def test_nobody_else_stands_at_the_door(awa, guests):
    awa.says("bonjour")
    awa.says(f"présent {guests[0].code}")
    assert awa.db.value("select count(*) from booking where state = 'attended'") == 0


def test_the_page_belongs_to_one_organizer_and_ends(chief, db, config, guests, workshop):
    one = programme.workshop(db, workshop)
    path = door.path_of(one, chief.contact_id, config.secret_key, now(db))
    token = path.removeprefix("/checkin/")
    assert door.read(db, config.secret_key, token) == door.Door(workshop, chief.contact_id)
    assert door.read(db, config.secret_key, token[:-1]) is None
    db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=chief.contact_id)
    assert door.read(db, config.secret_key, token) is None
    db.run("update role set suspended_at = null where contact_id = %(id)s", id=chief.contact_id)
    advance(db, (3 + 14) * 3600 - 1)
    assert door.read(db, config.secret_key, token) is not None
    advance(db, 2)
    assert door.read(db, config.secret_key, token) is None


def scanned(picture):
    """What a phone reads in a picture."""
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))]


def test_the_picture_of_a_code_is_read_by_a_phone(guests):
    for guest in guests:
        assert scanned(booking_page.draw(guest.code)) == [guest.code]
    assert len(booking_page.draw(guests[0].code)) < 1000


def test_the_picture_is_shown_at_its_address_while_the_place_is_his(db, config, guests):
    path = booking_page.path_of(guests[0], config.secret_key)
    makers = {booking_page.KIND: booking_page.document}
    _, kind, token = path.removeprefix("/").split("/")
    found = files.find(db, makers, config.secret_key, kind, token)
    assert (found.mime, scanned(found.content)) == ("image/png", [guests[0].code])
    bookings.give_up(db, guests[0].workshop_id, guests[0].contact_id)
    assert files.find(db, makers, config.secret_key, kind, token) is None
    assert [booking_page.document(db, odd) for odd in (None, "1", True, 0)] == [None] * 4


def test_the_printed_list_is_read_back_with_its_codes(db, guests, workshop):
    checkin.enter(db, workshop, guests[0].code, 1)
    pdf = roll_page.document(db, workshop)
    reader = PdfReader(io.BytesIO(pdf.content))
    said = re.sub(r"[ \u00a0]+", " ", "\n".join(page.extract_text() for page in reader.pages))
    for words in ("Atelier 3 : Atelier numéro 3", "Awa Mensah", "Kodjo Adjavon", "Liste d'attente", "ɖɔtsɛ", "Autres"):
        assert words in said, words
    assert "écrivez au bot : présents atelier 3 : 1 4 7" in said
    assert all(guest.code in said for guest in guests)
    assert said.index("Awa Mensah") < said.index("Kodjo Adjavon") < said.index("Liste d'attente") < said.index("ɖɔtsɛ")
    read = [scanned(image.data) for page in reader.pages for image in page.images]
    assert read == [[guest.code] for guest in guests]
    assert (pdf.name, pdf.mime) == ("atelier-3.pdf", "application/pdf")


def test_a_list_of_five_hundred_stays_small_and_has_no_picture_too_many(db, workshop):
    db.run("update workshop set capacity = null")
    db.run("insert into contact (name) select 'Personne ' || n from generate_series(1, 500) n")
    for row in db.rows("select id from contact where name like 'Personne %%' order by id"):
        bookings.book(db, workshop, row.id, 1, LETTERS)
    pdf = roll_drawing.draw(programme.workshop(db, workshop), rolls.roll(db, workshop))
    reader = PdfReader(io.BytesIO(pdf))
    assert len(pdf) <= MOST_BYTES
    assert sum(len(page.images) for page in reader.pages) == roll_drawing.MOST_PICTURES
    assert len(reader.pages) < 35


def test_there_is_no_list_of_what_is_no_workshop(db):
    assert [roll_page.document(db, odd) for odd in (None, "1", True, 0)] == [None] * 4
    assert timedelta(hours=12) == door.GOOD_AFTER
