"""Workshops under any hat: the states in which one looks, books, gives up, asks and says how it was."""

from typing import Final

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs import booking, programme

WORKSHOP_WORDS: Final = {
    **dict.fromkeys(("programme", "le programme", "program", "ateliers", "les ateliers", "workshops"), "programme"),
    **dict.fromkeys(("mes ateliers", "mes inscriptions", "my workshops"), "my_workshops"),
}
WORKSHOP_COMMANDS: Final = {
    **dict.fromkeys(("atelier", "session", "workshop"), "booking_named"),
    **dict.fromkeys(("programme", "program"), "workshop_named"),
    **dict.fromkeys(("desinscrire", "unbook"), "give_up_named"),
    **dict.fromkeys(("noter", "rate"), "rating_named"),
}
WORKSHOP_HEARS: Final = {"event_info": "workshop_heard", "event_register": "workshop_heard"}
WORKSHOP_DOORS: Final = {"workshop": "workshop_named", "give_up": "give_up_named", "rate": "rating_named"}


def workshops() -> dict[str, State]:
    """The states of a dialog whose people come to workshops."""
    return {**_looking(), **_booking(), **_own_bookings(), **_speaking()}


def _looking() -> dict[str, State]:
    return {
        "programme": pick(
            "programme",
            programme.shelves,
            programme.pick_shelf,
            none="no_programme",
            shows=programme.named_event,
            lasting=True,
            picked="workshops",
        ),
        "no_programme": choose("no_programme", menu="menu"),
        "workshops": pick(
            "workshops",
            programme.shelf_rows,
            programme.pick_workshop,
            none="programme",
            shows=programme.listed,
            lasting=True,
            picked="workshop",
        ),
        "workshop": pick(
            "workshop",
            programme.ways,
            programme.act,
            none="programme",
            shows=programme.card,
            book="booking",
            give_up="give_up_sure",
            ask="lesson",
            rate="rating",
            others="programme",
        ),
        "workshop_named": do(programme.name_workshop, found="workshop", none="programme"),
        "workshop_heard": do(
            programme.hear_workshop,
            found="workshop",
            listed="workshops",
            leaving="give_up_sure",
            own="my_workshops",
            asking="lesson_heard",
            price="coming_price",
            none="programme",
        ),
        "coming_price": tell("coming_price", "programme"),
    }


def _booking() -> dict[str, State]:
    return {
        "booking": do(booking.book, writes="after_yes", booked="booked", waiting="queued", refused="not_taken"),
        "booking_named": do(
            booking.book_named,
            writes="after_yes",
            booked="booked",
            waiting="queued",
            refused="not_taken",
            which="programme",
        ),
        "booked": tell("booked", RETURN, shows=booking.taken),
        "queued": tell("queued", RETURN, shows=booking.taken),
        "not_taken": tell("not_taken", RETURN, shows=booking.not_taken),
    }


def _own_bookings() -> dict[str, State]:
    return {
        "my_workshops": pick(
            "my_workshops",
            booking.own_rows,
            programme.pick_workshop,
            none="no_bookings",
            lasting=True,
            picked="workshop",
        ),
        "no_bookings": choose("no_bookings", programme="programme"),
        "give_up_named": do(booking.name_own, found="give_up_sure", none="not_booked"),
        "give_up_sure": choose(
            "give_up_sure", shows=programme.title, stands=booking.has_place, yes="giving_up", no="workshop"
        ),
        "giving_up": do(booking.give_up, writes="after_yes", done="given_up", none="not_booked"),
        "given_up": tell("given_up", RETURN, shows=programme.title),
        "not_booked": tell("not_booked", RETURN),
    }


def _speaking() -> dict[str, State]:
    return {
        "lesson": ask(
            "lesson",
            booking.read_lesson,
            booking.ask_speaker,
            is_free=True,
            shows=programme.title,
            stands=booking.can_be_asked,
            missed="missed_lesson",
            asked="lesson_sent",
            refused="lesson_not",
        ),
        "lesson_heard": do(booking.ask_as_heard, asked="lesson_sent", refused="lesson_not", untold="lesson"),
        "lesson_sent": tell("lesson_sent", RETURN, shows=programme.title),
        "lesson_not": tell("lesson_not", RETURN, shows=booking.not_taken),
        "rating_named": do(booking.name_rated, found="rating", none="not_booked"),
        "rating": ask(
            "rating",
            booking.read_rating,
            booking.rate,
            shows=programme.title,
            missed="missed_rating",
            rated="rated",
            refused="not_booked",
        ),
        "rated": tell("rated", RETURN, shows=programme.title),
    }
