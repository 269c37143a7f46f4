"""What is said beside the work: greetings, a yes to nothing, what is no text."""

from bot.dialog import RETURN, State, do, tell
from bot.dialogs.files import kept_files
from bot.dialogs.vendor import price_lists

TALK: dict[str, State] = {
    "hello": tell("hello", RETURN),
    "thanks": tell("thanks", RETURN),
    "bye": tell("bye", RETURN),
    "yes_or_no": do(price_lists.find_waiting, list="list_question", one="part", several="waiting", none="no_question"),
    "no_question": tell("no_question", RETURN),
}

SIGNS: dict[str, State] = {
    **kept_files(),
}
LED_BY = {
    "audio": "voice",
    "image": "picture",
    "video": "film",
    "document": "list_sent",
    **dict.fromkeys(("sticker", "emoji"), "smile"),
    "card": "card",
    **dict.fromkeys(("location", "cart", "other"), "unread"),
}
