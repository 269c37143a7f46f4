"""The week: its programme, workshops and who comes."""

from collections.abc import Callable
from dataclasses import replace

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.organizer import drafting, showing
from bot.dialogs.organizer.tables.events import EVENT_WORDS, EVENTS
from bot.dialogs.organizer.tables.programme_sheets import SHEETS

SHOWN: dict[str, State] = {
    "programme_heard": do(showing.hear, days="programme", day="programme_day", one="workshop", no_event="no_event"),
    "workshop_named": do(
        showing.open_named, days="programme", one="workshop", unknown="workshop_none", no_event="no_event"
    ),
    "workshop_none": tell("workshop_none", "programme", shows=showing.named),
    "programme": pick(
        "programme",
        showing.day_rows,
        showing.choose_day,
        none="no_event",
        shows=showing.week,
        lasting=True,
        day="programme_day",
    ),
    "programme_day": pick(
        "programme_day",
        showing.workshop_rows,
        showing.open_workshop,
        none="programme",
        shows=showing.day,
        options=["days"],
        lasting=True,
        opened="workshop",
        days="programme",
    ),
    "workshop": pick(
        "workshop",
        showing.ways,
        showing.act,
        none="programme",
        shows=showing.card,
        lasting=True,
        move="draft_when",
        new_room="draft_room",
        new_places="draft_places",
        close_places="draft",
        open_places="draft",
        call_off="draft_why",
        put_back="draft",
        agenda="agenda",
        days="programme",
    ),
    "agenda_first": do(showing.find_event, some="agenda", no_event="no_event"),
    "agenda": tell("agenda", RETURN, shows=showing.calendar),
    "no_event": choose("no_event", menu="menu"),
}


def _line(says: str, step: Callable[..., str], missed: str, **goes: str) -> State:
    """A question about a session that any line answers, and that a no leaves."""
    read = drafting.read_line
    asked = ask(says, read, step, is_free=True, spoken=["no"], missed=missed, kept="draft", no=RETURN)
    return replace(asked, goes={**asked.goes, **goes})


DRAFTED: dict[str, State] = {
    "workshop_new": do(drafting.hear_new, heard="draft", no_event="no_event"),
    "workshop_change": do(
        drafting.hear_change, heard="draft", which="workshop_which", unknown="workshop_unknown", no_event="no_event"
    ),
    "workshop_cancel": do(
        drafting.hear_cancel, heard="draft", which="workshop_which", unknown="workshop_unknown", no_event="no_event"
    ),
    "workshop_which": pick(
        "workshop_which",
        drafting.candidates,
        drafting.choose,
        none="programme",
        stands=drafting.is_which,
        spoken=["no"],
        heard="draft",
        gone="programme",
        no=RETURN,
    ),
    "workshop_unknown": tell("workshop_unknown", "workshop_which", shows=drafting.said),
    "draft": do(
        drafting.judge,
        title="draft_title",
        when="draft_when",
        until="draft_until",
        places="draft_places",
        why="draft_why",
        what="draft_how",
        past="draft_past",
        odd="draft_odd",
        few="draft_few",
        nothing="draft_nothing",
        ready="draft_sure",
        gone="draft_gone",
    ),
    "draft_title": _line("draft_title", drafting.keep_title, "draft_title_missed"),
    "draft_when": _line("draft_when", drafting.keep_when, "draft_when_missed", unread="draft_when"),
    "draft_until": _line("draft_until", drafting.keep_until, "draft_until_missed", unread="draft_until"),
    "draft_room": _line("draft_room", drafting.keep_room, "draft_title_missed"),
    "draft_places": ask(
        "draft_places",
        drafting.read_places,
        drafting.keep_places,
        options=["no_limit"],
        spoken=["no"],
        missed="draft_places_missed",
        kept="draft",
        no_limit="draft_unlimited",
        no=RETURN,
    ),
    "draft_unlimited": do(drafting.no_limit, kept="draft"),
    "draft_why": ask(
        "draft_why",
        drafting.read_line,
        drafting.keep_reason,
        is_free=True,
        options=["no_reason"],
        spoken=["skip", "give_up"],
        missed="draft_title_missed",
        kept="draft",
        no_reason="draft_unreasoned",
        skip="draft_unreasoned",
        give_up="draft_dropped",
    ),
    "draft_unreasoned": do(drafting.no_reason, kept="draft"),
    "draft_how": tell("draft_how", RETURN),
    "draft_past": tell("draft_past", "draft_when"),
    "draft_odd": tell("draft_odd", "draft_when"),
    "draft_few": tell("draft_few", "draft_places"),
    "draft_nothing": tell("draft_nothing", RETURN),
    "draft_gone": tell("draft_gone", RETURN),
    "draft_sure": choose(
        "draft_sure", shows=drafting.preview, stands=drafting.is_asked, yes="draft_writing", no="draft_dropped"
    ),
    "draft_dropped": tell("draft_dropped", RETURN),
    "draft_writing": do(drafting.write, writes="after_yes", done="draft_written", changed="draft", before="draft_gone"),
    "draft_written": choose(
        "draft_written", shows=drafting.written, stands=drafting.is_last, days="programme", undo_change="draft_undoing"
    ),
    "draft_undoing": do(
        drafting.undo, writes="after_yes", undone="draft_undone", nothing="draft_gone", changed="draft_changed"
    ),
    "draft_undone": tell("draft_undone", RETURN),
    "draft_changed": tell("draft_changed", RETURN),
}

WEEK: dict[str, State] = {**SHOWN, **DRAFTED, **SHEETS, **EVENTS}
WEEK_HEARS: dict[str, str] = {
    "programme": "programme_heard",
    "workshop_create": "workshop_new",
    "workshop_update": "workshop_change",
    "workshop_cancel": "workshop_cancel",
}
WEEK_WORDS: dict[str, str] = {
    **EVENT_WORDS,
    **dict.fromkeys(("programme", "le programme", "la semaine", "sessions", "ateliers", "les ateliers"), "programme"),
    **dict.fromkeys(("nouvelle session", "ajoute session", "ajouter session", "nouvel atelier"), "workshop_new"),
    **dict.fromkeys(("agenda", "calendrier", "calendar", "ics"), "agenda_first"),
    **dict.fromkeys(("programme excel", "liste excel", "excel", "exporter le programme"), "sheet_own"),
}
WEEK_COMMANDS: dict[str, str] = {
    **dict.fromkeys(("atelier", "session", "workshop"), "workshop_named"),
    **dict.fromkeys(("enregistrer", "save"), "sheet_yes"),
    **dict.fromkeys(("laisser", "leave"), "sheet_no"),
}
WEEK_DOORS: dict[str, str] = {"write_programme": "sheet_this", "drop_programme": "sheet_not_this"}
WEEK_SIGNS: dict[str, str] = {"document": "sheet_sent"}
