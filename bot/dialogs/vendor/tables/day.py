"""A shop's days: hours and pauses, promotions, its figures, what it is told by itself, and the morning's question."""

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.vendor import checking, delivering, one_day, opening, permitting, promoting, selling, shop

OPENING: dict[str, State] = {
    "pause_heard": do(opening.hear_pause, until="pause_until", open="pause_first", shut="pause_first"),
    "pause_until": choose(
        "pause_until", shows=opening.pause, stands=opening.is_pause_kept, yes="closing_for", no=RETURN
    ),
    "closing_for": do(opening.close_for, writes="after_yes", done="paused_until", past="pause_past"),
    "paused_until": tell("paused_until", RETURN, shows=opening.pause),
    "pause_past": tell("pause_past", RETURN),
    "hours_first": do(
        one_day.hear,
        sure="day_sure",
        or_always="day_or_always",
        same="day_same",
        shut="day_shut",
        shut_always="day_shut_always",
        wrong="day_wrong",
        when="day_when",
        none="hours_may",
    ),
    "hours_may": do(permitting.permitting("hours"), may="hours_heard", may_not="not_allowed"),
    "day_sure": choose("day_sure", shows=one_day.shown, stands=one_day.is_kept, yes="day_noting", no=RETURN),
    "day_or_always": choose(
        "day_or_always",
        shows=one_day.shown,
        stands=one_day.is_kept,
        this_day="day_noting",
        always="day_always",
        no=RETURN,
    ),
    "day_noting": do(one_day.note, writes="after_yes", done="day_noted", past="day_wrong"),
    "day_noted": tell("day_noted", RETURN, shows=one_day.noted),
    "day_shut": tell("day_shut", RETURN, shows=one_day.shut),
    "day_shut_always": choose(
        "day_shut_always", shows=one_day.shut, stands=one_day.is_kept, always="day_always", no=RETURN
    ),
    "day_same": tell("day_same", RETURN, shows=one_day.noted),
    "day_wrong": tell("day_wrong", RETURN),
    "day_when": tell("day_when", RETURN),
    "day_always": do(one_day.keep_always, kept="hours_sure", past="day_wrong"),
    "hours_first_new": do(permitting.permitting("hours"), may="hours_new", may_not="not_allowed"),
    "hours_heard": do(opening.hear_hours, told="hours_sure", untold="hours_new"),
    "hours_new": ask(
        "hours_new",
        opening.read_hours_said,
        opening.keep_hours,
        shows=opening.week_now,
        spoken=["no"],
        missed="missed_hours",
        kept="hours_sure",
        no=RETURN,
    ),
    "hours_sure": choose(
        "hours_sure", shows=opening.week_kept, stands=opening.is_hours_kept, yes="hours_setting", no=RETURN
    ),
    "hours_setting": do(opening.set_hours, writes="after_yes", done="hours_set"),
    "hours_set": tell("hours_set", RETURN, shows=opening.week_now),
}

PRICES_OF_DELIVERY: dict[str, State] = {
    "zones_first": do(permitting.permitting("zones"), may="zones_heard", may_not="not_allowed"),
    "zones_heard": do(delivering.hear, told="zones_sure", which="zones_which", untold="zones_how"),
    "zones_asked": do(permitting.permitting("zones"), may="zones_how", may_not="not_allowed"),
    "settings_heard": do(
        delivering.hear_settings,
        told="zones_sure",
        which="zones_which",
        untold="zones_how",
        may_not="not_allowed",
        menu="shop_settings",
    ),
    "zones_which": pick(
        "zones_which",
        delivering.shop_rows,
        delivering.choose_shop,
        none="menu",
        stands=delivering.is_told,
        options=["all_shops"],
        spoken=["no"],
        told="zones_sure",
        all_shops="zones_sure",
        gone="menu",
        no=RETURN,
    ),
    "zones_sure": choose(
        "zones_sure", shows=delivering.kept, stands=delivering.is_kept, yes="zones_setting", no=RETURN
    ),
    "zones_setting": do(delivering.set_terms, writes="after_yes", done="zones_set"),
    "zones_set": tell("zones_set", RETURN, shows=delivering.now),
    "zones_how": tell("zones_how", RETURN, shows=delivering.now),
}

PROMOTIONS: dict[str, State] = {
    "promo_first": do(permitting.permitting("promotions"), may="promo_heard", may_not="not_allowed"),
    "promo_end_first": do(permitting.permitting("promotions"), may="end_heard", may_not="not_allowed"),
    "promo_heard": do(
        promoting.hear,
        found="promo_judged",
        which="promo_which",
        unknown="promo_unknown",
        untold="promo_how",
        list="promos",
    ),
    "promo_which": pick(
        "promo_which",
        promoting.candidates,
        promoting.choose_good,
        none="menu",
        shows=promoting.said,
        spoken=["no"],
        found="promo_judged",
        unknown="promo_unknown",
        no=RETURN,
    ),
    "promo_judged": do(promoting.judge, fine="promo_sure", refused="promo_refused"),
    "promo_sure": choose(
        "promo_sure", shows=promoting.preview, stands=promoting.is_planned, yes="promo_beginning", no=RETURN
    ),
    "promo_beginning": do(promoting.begin, writes="after_yes", done="promo_begun", refused="promo_refused"),
    "promo_begun": choose(
        "promo_begun", shows=promoting.begun, stands=promoting.is_said_again, undo_promo="promo_undoing", menu="menu"
    ),
    "promo_undo": choose(
        "promo_undo", shows=promoting.begun, stands=promoting.is_last_running, yes="promo_undoing", no=RETURN
    ),
    "promo_undoing": do(promoting.undo, writes="after_yes", undone="promo_undone", nothing="no_promo"),
    "promo_undone": tell("promo_undone", RETURN, shows=promoting.ended),
    "promo_refused": tell("promo_refused", RETURN, shows=promoting.why),
    "promo_unknown": tell("promo_unknown", RETURN, shows=promoting.unknown),
    "promo_how": tell("promo_how", RETURN),
    "promos": pick("promos", promoting.rows, promoting.choose_end, none="promo_none", one="end_sure", gone="no_promo"),
    "promo_none": choose("promo_none", menu="menu"),
    "end_heard": do(promoting.hear_end, one="end_sure", several="promos", none="no_promo"),
    "end_sure": choose("end_sure", shows=promoting.ending, stands=promoting.is_running, yes="promo_ending", no=RETURN),
    "promo_ending": do(promoting.end, writes="after_yes", done="promo_ended", gone="no_promo"),
    "promo_ended": tell("promo_ended", RETURN, shows=promoting.ended),
    "no_promo": tell("no_promo", RETURN),
}

FIGURES: dict[str, State] = {
    "report_heard": do(selling.hear_period, kept="report"),
    "report": choose(
        "report",
        shows=selling.report,
        lasting=True,
        sales_day="report_day",
        sales_week="report_week",
        sales_month="report_month",
        menu="menu",
    ),
    "report_day": do(selling.of_day, kept="report"),
    "report_week": do(selling.of_week, kept="report"),
    "report_month": do(selling.of_month, kept="report"),
    "shelves": pick(
        "shelves", selling.shelf_rows, shop.open_good, none="no_goods", lasting=True, opened="good", unknown="menu"
    ),
    "goods_heard": do(selling.hear_good, one="good", several="goods_which", all="goods"),
    "goods_which": pick(
        "goods_which", selling.meant_rows, shop.open_good, none="no_goods", opened="good", unknown="menu"
    ),
    "traffic": tell("traffic", RETURN, shows=selling.traffic),
}

SETTINGS: dict[str, State] = {
    "shop_settings": choose(
        "shop_settings",
        shows=selling.settings,
        my_hours="hours_first_new",
        shut_shop="pause_first",
        my_promos="promos",
        helpers="helpers_first",
        payout="payout_first",
        told_by_itself="told_settings",
        my_delivery="zones_asked",
        person="person",
        menu="menu",
    ),
    "told_settings": choose(
        "told_settings",
        shows=selling.settings,
        evenings="evenings_first",
        mornings="mornings_first",
        few_left="few_first",
        small_changes="small_first",
        my_language="language",
        back_to_settings="shop_settings",
    ),
    "evenings_first": do(permitting.permitting("settings"), may="evenings", may_not="not_allowed"),
    "mornings_first": do(permitting.permitting("settings"), may="mornings", may_not="not_allowed"),
    "few_first": do(permitting.permitting("settings"), may="few_new", may_not="not_allowed"),
    "evenings": choose("evenings", yes="evenings_on", no="evenings_off"),
    "evenings_on": do(selling.tell_evenings, writes="after_yes", done="evenings_told"),
    "evenings_off": do(selling.leave_evenings, writes="after_yes", done="evenings_left"),
    "evenings_told": tell("evenings_told", RETURN),
    "evenings_left": tell("evenings_left", RETURN),
    "mornings": choose("mornings", yes="mornings_on", no="mornings_off"),
    "mornings_on": do(selling.ask_mornings, writes="after_yes", done="mornings_asked"),
    "mornings_off": do(selling.leave_mornings, writes="after_yes", done="mornings_left"),
    "mornings_asked": tell("mornings_asked", RETURN),
    "mornings_left": tell("mornings_left", RETURN),
    "few_heard": do(selling.hear_few, found="few_sure", which="few_which", untold="few_first", unknown="few_unknown"),
    "few_which": pick(
        "few_which", selling.meant_rows, selling.choose_few, none="no_goods", found="few_sure", unknown="menu"
    ),
    "few_unknown": tell("few_unknown", RETURN),
    "few_new": ask(
        "few_new",
        selling.read_few,
        selling.keep_few,
        spoken=["no"],
        missed="missed_count",
        kept="few_sure",
        no=RETURN,
    ),
    "few_sure": choose("few_sure", shows=selling.few, stands=selling.is_few_kept, yes="few_setting", no=RETURN),
    "few_setting": do(selling.set_few, writes="after_yes", done="few_set", gone="menu"),
    "few_set": tell("few_set", RETURN, shows=selling.few),
}

CHECK: dict[str, State] = {
    "check_this": do(checking.begin, some="check", none="check_none"),
    "check_none": tell("check_none", RETURN),
    "check": ask(
        "check",
        shop.read_count,
        checking.answer,
        shows=checking.asked,
        stands=checking.is_asked,
        spoken=["yes", "no"],  # no options: their numbers would be figures
        missed="missed_count",
        next="check",
        done="check_sure",
        yes="check_noting",
        no=RETURN,
    ),
    "check_noting": do(checking.as_noted, next="check", done="check_sure"),
    "check_sure": choose(
        "check_sure", shows=checking.figures, stands=checking.is_answered, yes="check_counting", no=RETURN
    ),
    "check_counting": do(checking.apply, writes="after_yes", done="checked", changed="check_sure", gone="menu"),
    "checked": tell("checked", RETURN),
    "restock_this": do(checking.take_good, found="new_stock", unknown="menu"),
}
