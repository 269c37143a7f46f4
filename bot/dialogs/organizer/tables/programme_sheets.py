"""Programmes as files: one that is sent, what it would change, and the one that is planned."""

from bot.dialog import RETURN, State, choose, do, tell
from bot.dialogs.organizer import drafting, programme_sheets

SHEETS: dict[str, State] = {
    "sheet_sent": do(programme_sheets.receive, begun="sheet_reading", other="sheet_other", no_event="no_event"),
    "sheet_reading": tell("sheet_reading", RETURN),
    "sheet_other": tell("sheet_other", RETURN),
    "sheet_this": do(
        programme_sheets.write_this,
        writes="after_yes",
        written="sheet_written",
        changed="sheet_changed",
        passed="draft_gone",
    ),
    "sheet_not_this": do(programme_sheets.drop_this, dropped="draft_dropped", passed="draft_gone"),
    "sheet_yes": do(
        programme_sheets.write_asked,
        writes="after_yes",
        written="sheet_written",
        changed="sheet_changed",
        passed="draft_gone",
    ),
    "sheet_no": do(programme_sheets.drop_asked, dropped="draft_dropped", passed="draft_gone"),
    "sheet_written": choose("sheet_written", stands=drafting.is_last, days="programme", undo_change="draft_undoing"),
    "sheet_changed": tell("sheet_changed", RETURN),
    "sheet_own": do(programme_sheets.look, some="sheet_file", no_event="no_event"),
    "sheet_file": tell("sheet_file", RETURN, shows=programme_sheets.own_file),
}
