"""The shop: its goods and what lies there, its door."""

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.vendor import counting, opening, parts, shop, standing_open, unchanged
from orders import states

SHOP: dict[str, State] = {
    "goods": pick(
        "goods", shop.good_rows, shop.open_good, none="no_goods", lasting=True, opened="good", unknown="menu"
    ),
    "no_goods": choose("no_goods", add_good="add_first", person="person", asides=["person"], menu="menu"),
    "good": choose("good", shows=shop.good, stands=shop.is_good_own, change_stock="new_stock", others="goods"),
    "new_stock": ask(
        "new_stock",
        shop.read_count,
        counting.count_anew,
        shows=shop.good_name,
        stands=shop.is_good_own,
        spoken=["no"],
        missed="missed_count",
        kept="stock_preview",
        gone="menu",
        same="counted_same",
        no="goods",
    ),
    "counted_same": tell("stock_same", "goods", shows=unchanged.told),
    "counted": tell("counted", "goods", shows=shop.good),
    "overpromised": pick(
        "overpromised",
        shop.refusable_rows,
        parts.taking(states.REFUSE),
        none="goods",
        shows=shop.short_good,
        stands=shop.is_overpromised,
        options=["later"],
        asides=["found"],
        found="refuse_first",
        unknown="unknown_part",
        later="left_short",
    ),
    "left_short": do(shop.leave_short, more="overpromised", done="after_count"),
    "pause_first": do(shop.look_before_closing, open="pause", shut="shut_before"),
    "pause": choose("pause", shows=shop.shops, stands=shop.is_any_open, yes="closing", no=RETURN),
    "shut_before": choose("shut_before", shows=shop.shops, stands=shop.is_any_shut, yes="opening", no=RETURN),
    "closing": do(shop.close, writes="after_yes", done="paused", already="paused"),
    "paused": tell("paused", RETURN, shows=shop.shops),
    "resume_first": do(
        shop.look_before_opening, shut="resume", planned="pause_drop", open="open_before", suspended="suspended"
    ),
    "open_told": tell("open_told", RETURN, shows=standing_open.standing),
    "suspended": tell("suspended", RETURN, shows=shop.shops),
    "resume": choose("resume", shows=shop.shops, stands=shop.is_any_shut, yes="opening", no=RETURN),
    "pause_drop": choose(
        "pause_drop", shows=opening.planned_pause, stands=opening.is_pause_planned, yes="pause_dropping", no=RETURN
    ),
    "pause_dropping": do(shop.keep_open, writes="after_yes", done="pause_dropped"),
    "pause_dropped": tell("pause_dropped", RETURN, shows=shop.shops),
    "open_before": tell("open_before", RETURN, shows=shop.shops),
    "opening": do(shop.reopen, writes="after_yes", done="resumed", already="resumed"),
    "resumed": tell("resumed", RETURN, shows=shop.shops),
}
