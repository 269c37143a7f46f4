"""A question about a product to whoever sells it: written, or offered where the catalogue has no answer."""

from typing import Final, Literal, TypedDict

from base import hours
from base.facts import record
from base.shortening import shorten
from base.spelling import normalise
from bot import locks
from bot.dialogs.buyer.browsing import product_on_show, product_spoken_of, show_product
from bot.dialogs.means import cause, number_of, take_alone, words
from bot.dialogs.written import Written, as_written, is_hidden, to_pass_on, waits, why_stopped
from bot.turn import Turn
from catalog import products, questions
from catalog.facts import WordsStopped
from catalog.products import Product
from catalog.questions import Question
from catalog.vendors import vendor

MOST_SHOWN: Final = 120  # characters of a question that is said back
CONDITION: Final = frozenset(
    "neuf neuve neufs neuves venu venue venus occasion occasions usage use usee etat jamais utilise utilisee new used"
    " condition".split()
)
IN_GENERAL: Final = frozenset(
    "qualite detail details caracteristique caracteristiques description information informations fiche quality"
    " details specifications".split()
)
LONG_ENOUGH: Final = 4  # letters of a word that says what is asked for
LookThis = Literal["open", "before", "full", "gone"]
Look = Literal["open", "before", "full", "gone", "which"]
Asked = Literal["sent", "stopped", "before", "full", "gone"]


class Offered(TypedDict):
    """A product, its shop, and the question that would be put to it."""

    name: str
    vendor: str
    words: str


class About(TypedDict):
    """The product that a question is about, and its shop."""

    name: str
    vendor: str


class Sent(TypedDict):
    """Whom the question went to; `when` and `hidden` are sentences, the last with a line break before it, or ''."""

    vendor: str
    when: str
    hidden: str


def knows(product: Product, said: str) -> bool:
    """Whether what the vendor said of a product may answer a question about its quality, or how it is packed."""
    asked = set(normalise(said).split())
    if product.condition and asked & (CONDITION | IN_GENERAL):
        return True
    if any(len(word) > len("de") and word in asked for word in normalise(product.unit).split()):
        return True
    told = set(normalise(product.description).split())
    return bool(told) and bool(asked & IN_GENERAL or any(len(word) >= LONG_ENOUGH and word in told for word in asked))


def offer(turn: Turn, product: Product, said: str) -> None:
    """Remember what the shop could be asked: the answer is an offer to do so."""
    turn.memory["to_ask"] = [product.id, " ".join(said.split())[: questions.LONGEST]]


def offered(turn: Turn) -> Offered:
    """Values of that offer."""
    product_id, said = turn.memory.get("to_ask", [0, ""])
    product = products.product(turn.db, product_id)
    return {
        "name": product.name if product else "",
        "vendor": product.vendor_name if product else "",
        "words": shorten(said, MOST_SHOWN),
    }


def is_offered(turn: Turn) -> bool:
    """Whether there is still something to be asked about."""
    return products.product(turn.db, turn.memory.get("to_ask", [0, ""])[0]) is not None


def ask_offered(turn: Turn) -> Asked:
    """A yes: the words that were heard go to the shop."""
    product_id, said = turn.memory.get("to_ask", [0, ""])
    return _ask(turn, product_id, {"words": said, "file": ""})


def look(turn: Turn) -> Look:
    """Whether the product spoken of can be asked about."""
    product = product_spoken_of(turn)
    return _look(turn, product.id) if product else "which"


def look_named(turn: Turn, given: str) -> Look:
    """`question`, or `question 104`: about what that question of his was about."""
    if not given:
        return look(turn)
    found = questions.own_of_number(turn.db, turn.person.contact_id, number_of(given))
    return _look(turn, found.product_id) if found else look(turn)


def look_this(turn: Turn, given: str) -> LookThis:
    """The button below an answer: about this product again."""
    return _look(turn, number_of(given))


def _look(turn: Turn, product_id: int) -> LookThis:
    refused = questions.refusal(turn.db, turn.person.contact_id, product_id)
    if refused != "gone":
        show_product(turn, product_id)
    return refused or "open"


def about(turn: Turn) -> About:
    """Values of texts about the product that is asked about."""
    product = product_on_show(turn)
    return {"name": product.name if product else "", "vendor": product.vendor_name if product else ""}


def is_on_show(turn: Turn) -> bool:
    """Whether there is a product to ask about."""
    return product_on_show(turn) is not None


def ask(turn: Turn, written: Written) -> Asked:
    """What he wrote goes to the shop of the product on show."""
    return _ask(turn, number_of(turn.memory.get("product", 0)), written)


def _ask(turn: Turn, product_id: int, written: Written) -> Asked:
    take_alone(turn)  # the person, the shop, and whatever tells them
    locks.contact(turn.db, turn.person.contact_id)
    show_product(turn, product_id)
    by, chat, why = cause(turn), turn.conversation_id, why_stopped(written)
    if why:
        kept = questions.stop(turn.db, product_id, as_written(turn, written), by, chat, waits(turn))
        if not isinstance(kept, Question):
            return kept
        stopped = WordsStopped(kept.id, turn.person.contact_id, chat, written["words"], why, by_shop=False)
        record(turn.db, stopped)
        turn.memory["why"] = why
        return "stopped"
    made = questions.ask(turn.db, product_id, to_pass_on(turn, written), by, chat, waits(turn))
    if not isinstance(made, Question):
        return made
    turn.memory["asked"] = [made.id, is_hidden(written)]
    return "sent"


def sent(turn: Turn) -> Sent:
    """Values of the answer: when the shop reads it, and what was hidden."""
    question_id, was_hidden = turn.memory.get("asked", [0, False])
    made = questions.question(turn.db, question_id)
    shop = vendor(turn.db, made.vendor_id) if made else None
    opening = (shop.hours if shop else None) or turn.config.market.opening
    is_there = bool(shop and shop.is_open) and hours.is_open(opening, turn.now)
    return {
        "vendor": shop.name if shop else "",
        "when": words(turn, "buyer.question_soon" if is_there else "buyer.question_later"),
        "hidden": "\n" + words(turn, "written.hidden") if was_hidden else "",
    }
