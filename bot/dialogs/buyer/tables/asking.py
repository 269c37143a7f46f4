"""What is asked of a shop through the market."""

from dataclasses import replace

from bot.dialog import RETURN, State, ask, choose, do, tell
from bot.dialogs.buyer import asking
from bot.dialogs.written import read_question, stopped

LOOKED = {
    "open": "question",
    "before": "question_before",
    "full": "questions_full",
    "gone": "gone",
}
SENT = {
    "sent": "question_sent",
    "stopped": "question_stopped",
    "before": "question_before",
    "full": "questions_full",
    "gone": "gone",
}

QUESTION = ask(
    "question",
    read_question,
    asking.ask,
    is_free=True,
    shows=asking.about,
    stands=asking.is_on_show,
    spoken=["no"],
    missed="missed_question",
)

ASKING: dict[str, State] = {
    "ask_first": replace(do(asking.look), goes={**LOOKED, "which": "which"}),
    "ask_named": replace(do(asking.look_named), goes={**LOOKED, "which": "which"}),
    "ask_this": replace(do(asking.look_this), goes=LOOKED),
    "question": replace(QUESTION, goes={**SENT, "no": RETURN}),
    "ask_offer": choose("ask_offer", shows=asking.offered, stands=asking.is_offered, yes="asking_offered", no=RETURN),
    "asking_offered": replace(do(asking.ask_offered, writes="after_yes"), goes=SENT),
    "question_sent": tell("question_sent", RETURN, shows=asking.sent),
    "question_stopped": tell("question_stopped", RETURN, shows=stopped),
    "question_before": tell("question_before", RETURN, shows=asking.about),
    "questions_full": tell("questions_full", RETURN),
}
ASKING_WORDS = dict.fromkeys(
    ("poser une question", "une question", "j ai une question", "ask a question", "a question", "i have a question"),
    "ask_first",
)
ASKING_COMMANDS = dict.fromkeys(("question",), "ask_named")
