"""The event itself: shown, closed, opened again, made anew."""

from bot.dialog import RETURN, State, ask, choose, do, tell
from bot.dialogs.organizer import drafting, events

EVENTS: dict[str, State] = {
    "event_first": do(events.find, open="event", closed="event_closed", none="no_event"),
    "event": choose(
        "event",
        shows=events.shown,
        stands=events.stands,
        days="programme",
        clone_event="clone_when",
        close_event="close_sure",
    ),
    "event_closed": choose(
        "event_closed", shows=events.shown, stands=events.stands, clone_event="clone_when", open_event="event_opening"
    ),
    "close_sure": choose("close_sure", shows=events.shown, stands=events.stands, yes="event_closing", no=RETURN),
    "event_closing": do(events.close, writes="after_yes", done="event_over"),
    "event_over": tell("event_over", "menu", shows=events.shown),
    "event_opening": do(events.reopen, writes="after_yes", done="event_opened"),
    "event_opened": tell("event_opened", "programme", shows=events.shown),
    "clone_when": ask(
        "clone_when",
        drafting.read_line,
        events.keep_day,
        is_free=True,
        spoken=["no"],
        missed="draft_when_missed",
        kept="clone_sure",
        unread="clone_when",
        no=RETURN,
    ),
    "clone_sure": choose("clone_sure", shows=events.planned, stands=events.is_wanted, yes="event_cloning", no=RETURN),
    "event_cloning": do(events.clone, writes="after_yes", done="event_opened", gone="draft_gone"),
}
EVENT_WORDS: dict[str, str] = dict.fromkeys(
    (
        *(
            "evenement",
            "l evenement",
            "evenements",
            "event",
            "nouvel evenement",
            "new event",
            "partenaires",
            "partners",
        ),
        *("ferme la semaine", "fermer la semaine", "ferme l evenement", "fermer l evenement", "close the event"),
        *("refaire l evenement", "dupliquer l evenement", "copier l evenement", "clone l evenement"),
    ),
    "event_first",
)
