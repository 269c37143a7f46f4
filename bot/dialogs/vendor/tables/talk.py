"""What is said beside the work: greetings, a yes to nothing, what is no text."""

from bot.dialog import RETURN, State, do, tell
from bot.dialogs.files import keeping, kept_files
from bot.dialogs.vendor import parts

TALK: dict[str, State] = {
    "hello": tell("hello", RETURN),
    "thanks": tell("thanks", RETURN),
    "bye": tell("bye", RETURN),
    "yes_or_no": do(parts.find_waiting, one="part", several="waiting", none="no_question"),
    "no_question": tell("no_question", RETURN),
}

SIGNS: dict[str, State] = {
    **kept_files(),
    "picture": do(keeping("image_query"), kept="picture_kept", again="still_looking"),
    "picture_kept": tell("picture_kept", RETURN),
}
LED_BY = {
    "audio": "voice",
    "image": "picture",
    **dict.fromkeys(("video", "document"), "film"),
    **dict.fromkeys(("sticker", "emoji"), "smile"),
    **dict.fromkeys(("location", "card", "cart", "other"), "unread"),
}
