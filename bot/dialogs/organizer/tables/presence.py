"""The door of a workshop: codes, the page that scans them, the printed list, questions from the room."""

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.organizer import attending, presence

PRESENCE: dict[str, State] = {
    "presence_named": do(presence.name, found="presence", none="no_presence"),
    "presence_heard": do(presence.hear, found="presence", none="no_presence"),
    "presence": ask(
        "presence",
        presence.read_arrival,
        presence.arrive,
        shows=presence.standing,
        stands=presence.is_there,
        missed="missed_presence",
        options=["scan", "roll", "present", "lessons", "menu"],
        told="arrival",
        scan="scan",
        roll="roll",
        present="present",
        lessons="lessons",
        menu="menu",
    ),
    "arrival": tell("arrival", "presence", shows=presence.told),
    "scan": tell("scan", "presence", shows=presence.scan),
    "roll": tell("roll", "presence", shows=presence.roll),
    "present": tell("present", "presence", shows=presence.present),
    "present_named": do(presence.note, writes="after_yes", told="arrival_told", none="no_presence"),
    "absent_named": do(presence.take_back, writes="after_yes", told="arrival_told", none="no_presence"),
    "arrival_told": tell("arrival", RETURN, shows=presence.told),
    "no_presence": tell("no_presence", RETURN),
    "lessons": pick(
        "lessons",
        presence.lesson_rows,
        presence.pick_lesson,
        none="no_lessons",
        options=["back"],
        picked="lesson",
        back="presence",
    ),
    "no_lessons": choose("no_lessons", back="presence"),
    "lesson": choose(
        "lesson",
        shows=presence.lesson,
        stands=presence.is_open,
        read_out="reading_out",
        reply="lesson_reply",
        others="lessons",
    ),
    "reading_out": do(presence.read_out, writes="after_yes", told="lesson_settled"),
    "lesson_reply": ask(
        "lesson_reply",
        attending.hand_written,
        presence.reply,
        is_free=True,
        shows=presence.lesson,
        stands=presence.is_open,
        missed="answer_missed",
        options=["others"],
        told="lesson_settled",
        others="lessons",
    ),
    "lesson_settled": tell("arrival", "lessons", shows=presence.told),
}
PRESENCE_HEARS: dict[str, str] = {"attendance": "presence_heard"}
PRESENCE_COMMANDS: dict[str, str] = {
    **dict.fromkeys(("presence", "presences", "attendance"), "presence_named"),
    **dict.fromkeys(("present", "presents", "arrived"), "present_named"),
    **dict.fromkeys(("absent", "absents", "missing"), "absent_named"),
}
