"""What an organizer is about to do to a shop, a person or an order: asked for what is missing, shown, then done.

One plan at a time stands in the chat's memory, in what JSON holds. What weighs much asks for the second factor, when
it is shown and again when it is done. Nothing is done but after a yes to the very plan that was shown.
"""

from typing import Any, Final, Literal, TypedDict

from base.phones import format_phone
from bot import attention
from bot.dialogs.means import number_of, take_alone, words
from bot.dialogs.organizer import doing, proving
from bot.dialogs.organizer.doing import Plan
from bot.messages import LONGEST_HEARD, Incoming
from bot.turn import Turn

PLAN: Final = "plan"  # in the chat's memory
TOLD: Final = "plan_told"
GUARDED: Final = frozenset({"suspend", "restore", "unblock", "appoint", "dismiss"})  # ask for the second factor
WORDED: Final = frozenset({"suspend", "verified", "proven", "reply"})  # want words: why, what proves it, the answer
Next = Literal["words", "code", "unenrolled", "sure", "none"]


Again = Literal["sure", "none"]


class Wanted(TypedDict):
    """What is asked for, or what was done, in words of a text of its own."""

    what: str


def propose(turn: Turn, act: str, **known: Any) -> None:
    """A plan in another's place: `id` of its row, `name`, `words`, `phones` (E.164), `shop`, `line` of the list."""
    turn.memory[PLAN] = {"act": act, "id": 0, "name": "", "words": "", "phones": [], "shop": "", "line": 0, **known}


def plan_of(turn: Turn) -> Plan | None:
    """The plan that waits, if one does."""
    kept = turn.memory.get(PLAN)
    return Plan(**kept) if kept else None


def is_planned(turn: Turn) -> bool:
    """Whether a plan waits."""
    return PLAN in turn.memory


def look(turn: Turn) -> Next:
    """What the plan still wants, before it is shown."""
    plan = plan_of(turn)
    if plan is None:
        return "none"
    if plan.act in WORDED and not plan.words:
        return "words"
    if plan.act in GUARDED:
        need = proving.need(turn)
        if need != "trusted":
            return "code" if need == "asked" else "unenrolled"
    return "sure"


def look_again(turn: Turn) -> Again:
    """The same, where the second factor has just been proven: words were asked for before."""
    return "sure" if is_planned(turn) else "none"


def wanted(turn: Turn) -> Wanted:
    """Values of the question for words."""
    plan = plan_of(turn)
    return {"what": words(turn, f"plan.words.{plan.act}", name=plan.name) if plan else ""}


def read_reason(said: Incoming) -> str | None:
    """Any words of at most LONGEST_HEARD characters."""
    text = said.text.strip()
    return None if not text or said.tap or said.media or len(text) > LONGEST_HEARD else text


def keep_words(turn: Turn, said: str) -> Literal["kept"]:
    """They belong to the plan."""
    if is_planned(turn):
        turn.memory[PLAN]["words"] = said
    return "kept"


def shown(turn: Turn) -> Wanted:
    """Values of the question whether it shall be done."""
    plan = plan_of(turn)
    if plan is None:
        return {"what": ""}
    is_bare = plan.act == "invite" and not plan.name and not plan.shop
    return {"what": words(turn, f"plan.sure.{plan.act}{'_bare' if is_bare else ''}", **_values(turn, plan))}


def _values(turn: Turn, plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.name or "…",
        "words": plan.words,
        "shop": plan.shop or "…",
        "phones": ", ".join(format_phone(phone) for phone in plan.phones),
        "count": len(plan.phones),
        "orders": doing.open_orders(turn, plan) or "—",
    }


def drop(turn: Turn) -> Literal["dropped"]:
    """Nothing is done."""
    turn.memory.pop(PLAN, None)
    return "dropped"


def act(turn: Turn) -> Literal["told", "code"]:
    """Do it, unless the second factor is too long ago; what came of it is told by a text of its own."""
    take_alone(turn)
    plan = plan_of(turn)
    if plan and plan.act in GUARDED and proving.need(turn) != "trusted":
        return "code"
    turn.memory.pop(PLAN, None)
    outcome = doing.do(turn, plan) if plan else "gone"
    if plan and plan.line:
        attention.settle(turn.db, [number_of(plan.line)], turn.person.contact_id)
    turn.memory[TOLD] = [plan.act if plan else "", outcome, _values(turn, plan) if plan else {}]
    return "told"


def told(turn: Turn) -> Wanted:
    """Values of what came of it."""
    done, outcome, values = turn.memory.get(TOLD, ["", "gone", {}])
    key = f"plan.done.{done}" if outcome == "done" else f"plan.{outcome}"
    return {"what": words(turn, key, **values)}
