"""Price lists as files: one that is sent, what it would change, and the vendor's own."""

from bot.dialog import RETURN, State, choose, do, tell
from bot.dialogs.vendor import price_lists

PRICE_LISTS: dict[str, State] = {
    "list_sent": do(price_lists.receive, begun="list_reading", busy="list_busy", other="film", may_not="not_allowed"),
    "list_reading": tell("list_reading", RETURN),
    "list_busy": tell("list_busy", RETURN),
    "list_question": choose(
        "list_question",
        shows=price_lists.preview,
        stands=price_lists.has_asked,
        yes="list_yes",
        no="list_no",
    ),
    "list_yes": do(price_lists.apply_asked, writes="after_yes", applying="list_applying", passed="list_passed"),
    "list_no": do(price_lists.drop_asked, dropped="list_dropped", passed="list_passed"),
    "list_this": do(price_lists.apply_this, writes="after_yes", applying="list_applying", passed="list_passed"),
    "list_not_this": do(price_lists.drop_this, dropped="list_dropped", passed="list_passed"),
    "list_applying": tell("list_applying", RETURN),
    "list_dropped": tell("list_dropped", RETURN),
    "list_passed": tell("list_passed", RETURN),
    "list_undo_this": do(price_lists.undo_this, writes="after_yes", undoing="list_undoing", passed="list_passed"),
    "list_undoing": tell("list_undoing", RETURN),
    "list_own": do(price_lists.look_for_goods, some="list_file", none="no_goods"),
    "list_file": tell("list_file", "goods", shows=price_lists.own_file),
}
