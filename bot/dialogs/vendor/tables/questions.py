"""What buyers ask: the list of it, which one is meant, and the answer."""

from dataclasses import replace

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.vendor import answering
from bot.dialogs.written import read_answer, stopped

MEANT = {"found": "reply", "over": "reply_over", "unknown": "reply_unknown"}

QUESTIONS: dict[str, State] = {
    "questions": replace(
        pick("questions", answering.rows, answering.take, none="no_questions", lasting=True),
        goes={**MEANT, "none": "no_questions"},
    ),
    "no_questions": choose("no_questions", waiting="waiting", my_goods="goods"),
    "reply_this": replace(do(answering.take), goes=MEANT),
    "reply_named": replace(do(answering.name), goes={**MEANT, "several": "questions", "none": "no_questions"}),
    "reply": ask(
        "reply",
        read_answer,
        answering.answer,
        is_free=True,
        shows=answering.asked,
        stands=answering.is_waiting,
        spoken=["give_up"],
        missed="missed_reply",
        sent="reply_sent",
        stopped="reply_stopped",
        over="reply_over",
        unknown="reply_unknown",
        give_up=RETURN,
    ),
    "reply_sent": tell("reply_sent", RETURN, shows=answering.sent),
    "reply_stopped": tell("reply_stopped", "reply", shows=stopped),
    "reply_over": tell("reply_over", RETURN, shows=answering.over),
    "reply_unknown": tell("reply_unknown", RETURN),
}
REPLY_COMMANDS = dict.fromkeys(("repondre", "reponse", "reply", "answer"), "reply_named")
QUESTION_WORDS = dict.fromkeys(
    (
        *("questions", "les questions", "mes questions", "my questions", "question", "ma question", "la question"),
        *("question client", "question du client", "questions clients", "questions des clients"),
        *("les questions des clients", "j ai des questions", "quelles questions", "customer questions"),
    ),
    "questions",
)
