"""The organizer's table: what waits for a person."""

from bot.dialog import RETURN, Dialog, State, ask, choose, do, pick, tell
from bot.dialogs.organizer import attending
from bot.dialogs.settings import SETTINGS_WORDS, settings

STATES: dict[str, State] = {
    "menu": choose("menu", shows=attending.count, lasting=True, attention="attention", asides=["help"], help="help"),
    "attention": pick(
        "attention", attending.item_rows, attending.open_item, none="all_quiet", lasting=True, opened="item"
    ),
    "all_quiet": choose("all_quiet", attention="attention", asides=["help"], help="help"),
    "item": pick(
        "item",
        attending.item_ways,
        attending.act_on_item,
        none="attention",
        shows=attending.item,
        answer="answering",
        hold="holding",
        release="releasing",
        unlock="unlocking",
        taken="taking",
        restore="restoring",
        settle="settling",
        others="attention",
    ),
    "item_this": do(attending.open_by_notice, opened="item"),
    "answering": ask(
        "answering",
        attending.hand_written,
        attending.answer,
        shows=attending.whom,
        stands=attending.waits,
        missed="answer_missed",
        options=["others"],
        sent="answered",
        before="settled_before",
        others="attention",
    ),
    "answered": tell("answered", "item"),
    "holding": do(attending.hold, held="held", before="settled_before"),
    "held": tell("held", "attention"),
    "releasing": do(attending.release, released="released", before="settled_before"),
    "released": tell("released", "attention"),
    "unlocking": do(attending.unlock, writes="after_yes", unlocked="unlocked", before="unlocked_before"),
    "unlocked": tell("unlocked", "attention"),
    "unlocked_before": tell("unlocked_before", "attention"),
    "taking": do(attending.take_money, writes="after_yes", taken="taken"),
    "taken": tell("taken", "attention"),
    "restoring": do(attending.restore, writes="after_yes", restored="restored", before="restored_before"),
    "restored": tell("restored", "attention"),
    "restored_before": tell("restored_before", "attention"),
    "settling": do(attending.settle, settled="settled", before="settled_before", over="item"),
    "settled": tell("settled", "attention"),
    "settled_before": tell("settled_before", "attention"),
    "stats": tell("stats", RETURN, shows=attending.count),
    "person": tell("person", RETURN),
    "hello": tell("hello", RETURN),
    "thanks": tell("thanks", RETURN),
    "no_question": tell("no_question", RETURN),
    "lost": tell("lost", RETURN),
}

ORGANIZER = Dialog(
    name="organizer",
    start="menu",
    helper="lost",
    states={**STATES, **settings()},
    anywhere={**SETTINGS_WORDS, "attention": "attention"},
    doors={"attention": "item_this"},
    hears={
        "greet": "hello",
        "thanks": "thanks",
        "help": "help",
        "menu": "menu",
        "attention": "attention",
        "confirm": "no_question",
        "deny": "no_question",
        "human": "person",
        "stats": "stats",
    },
)
