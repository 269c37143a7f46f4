"""What is said beside the work: greetings, a yes to nothing, what is no text."""

from bot.dialog import RETURN, State, do, tell
from bot.dialogs.files import kept_files
from bot.dialogs.vendor import speaking

TALK: dict[str, State] = {
    "hello": tell("hello", RETURN),
    "thanks": tell("thanks", RETURN),
    "bye": tell("bye", RETURN),
    "yes_or_no": do(
        speaking.find_waiting,
        voice="stock_preview",
        list="list_question",
        one="part",
        several="waiting",
        none="no_question",
    ),
    "no_question": tell("no_question", RETURN),
}

SIGNS: dict[str, State] = {
    **kept_files(),
    "voice": do(speaking.keep, kept="voice_kept", again="still_looking"),
    "voice_yes_this": do(
        speaking.apply_this,
        writes="after_yes",
        done="stock_applied",
        short="stock_short",
        changed="stock_changed",
        gone="stock_gone",
        passed="voice_passed",
    ),
    "voice_no_this": do(speaking.drop_this, dropped="stock_dropped", passed="voice_passed"),
    "voice_passed": tell("voice_passed", RETURN),
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
