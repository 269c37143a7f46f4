"""What an organizer sees of a buyer's question that its shop has not answered, and of words not passed on."""

from typing import Final

from bot import contacts
from bot.attention import Item
from bot.dialogs.means import number_of, words
from bot.dialogs.written import file_line
from bot.question_news import KIND, STOPPED
from bot.turn import Turn
from catalog import questions
from catalog.questions import Question
from catalog.vendors import vendor

NOTE: Final = "note_stopped"
KINDS: Final = frozenset({KIND, STOPPED, NOTE})


def about(turn: Turn, item: Item) -> str:
    """The product, its shop with the phone to call, the words, and how it stands by now."""
    if item.kind == NOTE:
        return _about_note(turn, item)
    one = questions.question(turn.db, number_of(item.about.get("question", "")))
    if one is None:
        return words(turn, "organizer.question_gone")
    shop = vendor(turn.db, one.vendor_id)
    phone = contacts.phone_of(turn.db, number_of(item.about.get("contact", "")))
    values = {
        "name": one.product,
        "shop": one.shop,
        "shop_phone": shop.phone if shop else "",
        "phone": phone,
        "words": one.words or words(turn, "written.file"),
    }
    if item.kind == STOPPED:
        why, said = str(item.about.get("why", "payment")), str(item.about.get("detail", ""))
        by = "shop" if item.about.get("contact") != one.contact_id else "buyer"
        return words(turn, f"organizer.stopped_{by}", **{**values, "words": said, "why": why})
    return words(turn, "organizer.question", **values) + file_line(turn, one.file_inbox_id) + _standing(turn, one)


def _about_note(turn: Turn, item: Item) -> str:
    """A buyer's word to a shop with his order, as he wrote it."""
    phone = contacts.phone_of(turn.db, number_of(item.about.get("contact", "")))
    why, said = str(item.about.get("why", "payment")), str(item.about.get("detail", ""))
    return words(turn, "organizer.stopped_note", phone=phone, words=said, why=why)


def _standing(turn: Turn, one: Question) -> str:
    if one.state != "answered":
        return ""
    return "\n" + words(turn, "organizer.question_answered", words=one.answer or words(turn, "written.file"))
