"""People and shops: approved, suspended, blocked; rights and the second factor; figures, lists and tables."""

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.organizer import factoring, figuring, looked_up, persons, planning, proving, replying, shops
from bot.dialogs.readers import read_words

ACTS: dict[str, State] = {
    "act_next": do(
        planning.look,
        words="act_words",
        code="act_code",
        unenrolled="factor_first",
        sure="act_sure",
        none=RETURN,
    ),
    "act_words": ask(
        "act_words",
        planning.read_reason,
        planning.keep_words,
        is_free=True,
        shows=planning.wanted,
        stands=planning.is_planned,
        missed="answer_missed",
        spoken=["no"],
        kept="act_next",
        no="act_left",
    ),
    "act_code": ask(
        "act_code",
        proving.read_code,
        proving.prove,
        stands=planning.is_planned,
        missed="code_missed",
        spoken=["no"],
        no="act_left",
        right="act_next",
        wrong="code_wrong",
        used="code_used",
        locked="code_locked",
    ),
    "code_wrong": tell("code_wrong", "act_code"),
    "code_used": tell("code_used", "act_code"),
    "code_locked": tell("code_locked", RETURN),
    "act_sure": choose("act_sure", shows=planning.shown, stands=planning.is_planned, yes="acting", no="act_left"),
    "acting": do(planning.act, writes="after_yes", told="act_told", code="act_code"),
    "act_told": tell("act_told", RETURN, shows=planning.told),
    "act_left": do(planning.drop, dropped="act_dropped"),
    "act_dropped": tell("act_dropped", RETURN),
}

SHOPS: dict[str, State] = {
    "shop_heard": do(
        shops.hear,
        one="act_next",
        several="shop_which",
        none="shop_none",
        waits="item",
        card="shop",
        untold="shop_asked",
    ),
    "shop_asked": ask(
        "shop_asked",
        read_words,
        shops.find,
        is_free=True,
        spoken=["no"],
        no=RETURN,
        one="act_next",
        several="shop_which",
        none="shop_none",
        waits="item",
        card="shop",
    ),
    "shop_which": pick("shop_which", shops.named_rows, shops.choose, none="list_empty", one="act_next", card="shop"),
    "shop_none": tell("shop_none", RETURN),
    "shop": pick("shop", shops.ways, shops.act, none="list_empty", shows=shops.card, planned="act_next", others="menu"),
}

PERSONS: dict[str, State] = {
    "person_heard": do(persons.hear, named="act_next", unknown="phone_unknown", untold="phone_asked"),
    "phone_asked": ask(
        "phone_asked",
        persons.read_phone,
        persons.keep_phone,
        shows=persons.wanted,
        missed="phone_missed",
        spoken=["no"],
        no=RETURN,
        named="act_next",
        unknown="phone_unknown",
    ),
    "phone_unknown": tell("phone_unknown", RETURN, shows=persons.advice),
    "organizers": pick(
        "organizers",
        persons.organizers,
        persons.choose,
        none="alone",
        options=["appoint"],
        named="act_next",
        appoint="appoint_first",
    ),
    "alone": choose("alone", appoint="appoint_first", menu="menu"),
    "appoint_first": do(persons.begin_appointing, asked="phone_asked"),
    "reply_heard": do(replying.hear, one="act_next", several="order_which", none="order_none"),
    "order_which": pick("order_which", replying.rows, replying.choose, none="list_empty", one="act_next"),
    "order_none": tell("order_none", RETURN),
}

FACTOR: dict[str, State] = {
    "factor_first": do(factoring.begin, begun="factor_show", enrolled="factor_there"),
    "factor_show": ask(
        "factor_show",
        proving.read_code,
        proving.prove,
        shows=factoring.page,
        stands=factoring.waits,
        missed="code_missed",
        spoken=["no"],
        no=RETURN,
        right="factor_on",
        wrong="factor_wrong",
        used="factor_wrong",
        locked="code_locked",
    ),
    "factor_wrong": tell("code_wrong", "factor_show"),
    "factor_on": tell("factor_on", "factor_next"),
    "factor_next": do(planning.look_again, sure="act_sure", none=RETURN),
    "factor_there": tell("factor_there", RETURN),
}

FIGURES: dict[str, State] = {
    "figures_heard": do(figuring.hear_figures, heard="figures_counted", announced="ann_status"),
    "figures_counted": do(figuring.count, counted="figures", long="figures_later"),
    "figures_later": tell("figures_later", RETURN),
    "figures": tell("figures", RETURN, shows=figuring.figures),
    "list_heard": do(
        figuring.hear_list,
        shops="shops",
        orders="late",
        attention="attention",
        link="registering",
        organizers="organizers",
        unknown="list_unknown",
    ),
    "registering": tell("registering", RETURN, shows=looked_up.registering),
    "shops": pick("shops", figuring.shop_rows, shops.open_shop, none="list_empty", opened="shop"),
    "late": pick("late", figuring.late_rows, figuring.open_part, none="list_empty", opened="late_part"),
    "late_part": choose("late_part", shows=figuring.part, others="late", menu="menu"),
    "list_empty": choose("list_empty", menu="menu", asides=["help"], help="help"),
    "list_unknown": tell("list_unknown", RETURN),
    "table_heard": do(figuring.hear_table, made="table", announced="ann_status", unknown="table_unknown"),
    "table": tell("table", RETURN, shows=figuring.table),
    "table_unknown": tell("table_unknown", RETURN),
    "own_settings": tell("own_settings", RETURN, shows=looked_up.settings),
}

PEOPLE: dict[str, State] = {**ACTS, **SHOPS, **PERSONS, **FACTOR, **FIGURES}
PEOPLE_HEARS: dict[str, str] = {
    "moderate_vendor": "shop_heard",
    **dict.fromkeys(("block", "unblock", "add_contact"), "person_heard"),
    "reply_to": "reply_heard",
    **dict.fromkeys(("stats", "dashboard"), "figures_heard"),
    "list": "list_heard",
    "export": "table_heard",
    "settings": "own_settings",
}
PEOPLE_WORDS: dict[str, str] = {
    **dict.fromkeys(("organisateurs", "les organisateurs", "organizers"), "organizers"),
    **dict.fromkeys(("second facteur", "securite", "second factor", "security"), "factor_first"),
}
PEOPLE_COMMANDS: dict[str, str] = {}
PEOPLE_DOORS: dict[str, str] = {}
