"""A shop does without a buyer, whom an order or a question names; and serves him again."""

from typing import Final, Literal, TypedDict

from bot import flags, rights
from bot.dialogs.means import number_of, take_alone, words
from bot.turn import Turn
from catalog import barring, questions
from orders.codes import read_prefix

BARRED: Final = "barred"  # in the chat's memory: [shop, buyer, what names him]
MANY: Final = 3  # shops that do without the same buyer: the organizers look at him
_OF_ORDER: Final = """
select v.vendor_id, o.contact_id, o.code from vendor_order v join "order" o on o.id = v.order_id
where v.vendor_id = any(%(shops)s) and (v.id = %(part)s or starts_with(o.code, %(prefix)s))
order by v.id desc limit 1
"""


class Whom(TypedDict):
    """What names the buyer: an order's code, or a question's number."""

    name: str


def find(turn: Turn, given: str) -> Literal["sure", "which", "stop"]:
    """`bloquer 4K7`, `bloquer 104`: the buyer of one of his shops' orders or questions; which: none is named so.

    stop: the bare word is about a new payment number, which nobody may have to think about.
    """
    if not given:
        return "stop"
    return "sure" if _mean(turn, given) else "which"


def choose(turn: Turn, row: str) -> Literal["sure"]:
    """The buyer of this part of an order."""
    _keep_order(turn, part=number_of(row))
    return "sure"


def _mean(turn: Turn, given: str) -> bool:
    turn.memory.pop(BARRED, None)
    prefix = read_prefix(given) if given else None
    if prefix and _keep_order(turn, prefix=prefix):
        return True
    asked = questions.of_number(turn.db, rights.shops(turn, "orders"), number_of(given)) if given else ()
    if asked:
        turn.memory[BARRED] = [asked[0].vendor_id, asked[0].contact_id, str(asked[0].number)]
    return bool(asked)


def _keep_order(turn: Turn, *, part: int = 0, prefix: str = "-") -> bool:
    shops = list(rights.shops(turn, "orders"))
    row = turn.db.one(_OF_ORDER, shops=shops, part=part, prefix=prefix)
    if row:
        turn.memory[BARRED] = [row.vendor_id, row.contact_id, row.code]
    return row is not None


def is_meant(turn: Turn) -> bool:
    """Whether somebody is meant."""
    return BARRED in turn.memory


def whom(turn: Turn) -> Whom:
    """Values of the question and of the answers."""
    return {"name": str((turn.memory.get(BARRED) or [0, 0, ""])[2])}


def bar(turn: Turn) -> Literal["barred"]:
    """After his yes. Where many shops do without one buyer, the organizers hear of him."""
    take_alone(turn)
    shop, buyer, _ = turn.memory.get(BARRED) or [0, 0, ""]
    if shop in rights.shops(turn, "orders") and barring.bar(turn.db, shop, buyer, turn.person.contact_id):
        count = barring.shops_without(turn.db, buyer)
        if count == MANY:
            said = words(turn, "vendor.barred_by_many", count=count)
            flags.make(turn.db, turn.person.contact_id, turn.conversation_id, said, about_id=buyer)
    return "barred"


def unbar(turn: Turn, given: str) -> Literal["unbarred", "none"]:
    """`débloquer 4K7`: his shops serve that buyer again."""
    take_alone(turn)
    if not _mean(turn, given):
        return "none"
    shops, buyer = rights.shops(turn, "orders"), turn.memory[BARRED][1]
    return "unbarred" if barring.unbar(turn.db, shops, buyer) else "none"
