"""What a shop can serve: a part of an order, and what lies there when it could not; and who brings a delivery."""

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.vendor import changes, counting, cutting, parts, riding, shop, shortage
from orders.states import CUT, RIDE

PARTLY: dict[str, State] = {
    "partly_named": do(
        parts.naming(CUT), found="cut_first", several="partly_which", none="none_waiting", unknown="unknown_part"
    ),
    "partly_heard": do(cutting.hear, found="cut_first", unknown="unknown_part"),
    "partly_this": do(parts.taking(CUT), found="cut_first", unknown="unknown_part"),
    "partly_which": pick(
        "partly_which",
        parts.choosing(CUT),
        parts.taking(CUT),
        none="menu",
        spoken=["no"],
        found="cut_first",
        unknown="unknown_part",
        no=RETURN,
    ),
    "cut_first": do(
        cutting.look,
        one="cut_units",
        several="cut_line",
        counted="cut_counted",
        single="refuse_first",
        already="already",
        closed="closed",
    ),
    "cut_counted": do(cutting.keep_said, one="cut_sure", whole="accept_sure", nothing="refuse_first"),
    "cut_line": pick(
        "cut_line",
        cutting.line_rows,
        cutting.pick_line,
        none="menu",
        shows=parts.code_for(CUT),
        stands=cutting.is_asked,
        spoken=["no"],
        picked="cut_units",
        no=RETURN,
    ),
    "cut_units": ask(
        "cut_units",
        shop.read_count,
        cutting.keep_units,
        shows=cutting.one_line,
        stands=cutting.is_asked,
        spoken=["no"],
        missed="missed_count",
        one="cut_sure",
        several="cut_lines_sure",
        whole="accept_sure",
        nothing="refuse_first",
        no=RETURN,
    ),
    "cut_sure": choose("cut_sure", shows=cutting.rest, stands=cutting.is_asked, yes="cutting", no=RETURN),
    "cut_lines_sure": choose(
        "cut_sure", shows=cutting.rest, stands=cutting.is_asked, yes="cutting", other_line="cut_line", no=RETURN
    ),
    "cutting": do(
        cutting.cut, writes="after_yes", done="cut_done", again="cut_first", already="already", closed="closed"
    ),
    "cut_done": tell("cut_done", RETURN, shows=cutting.told),
}

LYING: dict[str, State] = {
    "lying_next": do(shortage.ask_next, more="lying", none=RETURN),
    "lying": choose(
        "lying",
        shows=shop.good,
        stands=shortage.is_asked,
        none_left="lying_none",
        some_left="lying_units",
        later=RETURN,
    ),
    "lying_none": do(shortage.keep_none, kept="lying_counting", gone="after_count"),
    "lying_units": ask(
        "new_stock",
        shop.read_count,
        counting.count_card,
        shows=shop.good_name,
        stands=shortage.is_asked,
        spoken=["no"],
        missed="missed_count",
        kept="lying_sure",
        gone="after_count",
        no="lying",
    ),
    "lying_sure": choose(
        "stock_preview", shows=changes.preview, stands=changes.is_shown, yes="lying_counting", no="lying_units"
    ),
    "lying_counting": do(
        shortage.count,
        writes="after_yes",
        done="lying_counted",
        short="overpromised",
        changed="lying_sure",
        gone="after_count",
    ),
    "lying_counted": tell("counted", "lying_next", shows=shop.good),
    "after_count": do(shortage.ask_next, more="lying", none="goods"),
}

RIDERS: dict[str, State] = {
    "rider_named": do(
        riding.name, found="rider_first", several="rider_which", none="none_waiting", unknown="unknown_part"
    ),
    "rider_heard": do(
        riding.hear, found="rider_first", several="rider_which", none="rider_noted", unknown="unknown_part"
    ),
    "rider_card": do(riding.hear_card, found="rider_first", several="rider_which", none="rider_noted"),
    "rider_noted": tell("rider_noted", RETURN, shows=riding.chosen),
    "rider_which": pick(
        "rider_which",
        parts.choosing(RIDE),
        parts.taking(RIDE),
        none="menu",
        spoken=["no"],
        found="rider_first",
        unknown="unknown_part",
        no=RETURN,
    ),
    "rider_first": do(
        riding.look,
        known="rider_sure",
        some="rider_pick",
        none="rider_new",
        not_brought="not_brought",
        too_early="too_early",
        closed="closed",
    ),
    "not_brought": tell("not_brought", RETURN, shows=parts.code),
    "rider_pick": pick(
        "rider_pick",
        riding.rider_rows,
        riding.take,
        none="rider_new",
        shows=riding.chosen,
        stands=riding.is_asked,
        options=["other_rider"],
        spoken=["no"],
        kept="rider_sure",
        gone="rider_new",
        other_rider="rider_new",
        no=RETURN,
    ),
    "rider_new": ask(
        "rider_new",
        riding.read_rider,
        riding.keep,
        shows=riding.chosen,
        stands=riding.is_asked,
        spoken=["no"],
        missed="missed_rider",
        kept="rider_sure",
        no=RETURN,
    ),
    "rider_sure": choose("rider_sure", shows=riding.chosen, stands=riding.is_asked, yes="rider_asking", no=RETURN),
    "rider_asking": do(riding.ask, writes="after_yes", asked="rider_asked", closed="closed"),
    "rider_asked": tell("rider_asked", RETURN, shows=riding.chosen),
}
