"""The vendor's table: orders to answer, parts in preparation, goods, and the shop's door."""

from bot.dialog import RETURN, Dialog, State, ask, choose, do, pick, tell
from bot.dialogs.calling import people
from bot.dialogs.settings import SETTINGS_WORDS, settings
from bot.dialogs.vendor import acting, parts, shop
from orders import states
from orders.states import Action


def _ways_to(verb: str, action: Action, then: str) -> dict[str, State]:
    """How a part comes to be meant: by a command, or by a sentence that asks first."""
    return {
        f"{verb}_named": do(
            parts.naming(action), found=then, several=f"{verb}_which", none="none_waiting", unknown="unknown_part"
        ),
        f"{verb}_heard": do(
            parts.hearing(action),
            found=f"{verb}_sure",
            several=f"{verb}_which",
            none="none_waiting",
            unknown="unknown_part",
        ),
        f"{verb}_which": pick(
            f"{verb}_which",
            parts.choosing(action),
            parts.taking(action),
            none="menu",
            spoken=["no"],
            found=then,
            unknown="unknown_part",
            no=RETURN,
        ),
        f"{verb}_sure": choose(
            f"{verb}_sure", shows=parts.sure_of(action), stands=parts.waiting_for(action), yes=then, no=RETURN
        ),
    }


LISTS: dict[str, State] = {
    "menu": choose("menu", shows=parts.counts, lasting=True, waiting="waiting", working="working", my_goods="goods"),
    "waiting": pick("waiting", parts.waiting_rows, parts.open_part, none="none_open", lasting=True, opened="part"),
    "working": pick("working", parts.working_rows, parts.open_part, none="none_open", lasting=True, opened="part"),
    "none_open": choose("none_open", shows=parts.counts, waiting="waiting", working="working", my_goods="goods"),
    "none_waiting": tell("none_waiting", RETURN),
    "part": pick(
        "part",
        parts.part_ways,
        parts.act_on_part,
        none="menu",
        shows=parts.shown,
        accept="accepting",
        refuse="refuse_first",
        ready="readying",
        handed_over="handing_over",
        delivered="delivery_first",
        returned="return_first",
        menu="menu",
    ),
    "unknown_part": tell("unknown_part", RETURN),
    "already": tell("already", RETURN, shows=parts.standing),
    "too_early": tell("too_early", RETURN, shows=parts.standing),
    "closed": tell("closed", RETURN, shows=parts.standing),
}

ANSWERS: dict[str, State] = {
    **_ways_to("accept", states.ACCEPT, "accepting"),
    "accept_this": do(parts.taking(states.ACCEPT), found="accepting", unknown="unknown_part"),
    **_ways_to("refuse", states.REFUSE, "refuse_first"),
    "refuse_this": do(parts.taking(states.REFUSE), found="refuse_first", unknown="unknown_part"),
    **_ways_to("ready", states.READY, "readying"),
    **_ways_to("handed", states.HAND_OVER, "handing_over"),
    "accepting": do(
        acting.accept, writes="after_yes", done="accepted", already="already", closed="closed", unknown="unknown_part"
    ),
    "accepted": tell("accepted", RETURN, shows=parts.accepted),
    "refuse_first": do(acting.look_refusable, open="reason", already="already", closed="closed"),
    "reason": choose(
        "reason",
        shows=parts.code_for(states.REFUSE),
        stands=parts.waiting_for(states.REFUSE),
        shortage="because_shortage",
        closed="because_closed",
        too_far="because_too_far",
        other="because_other",
        no_refusal=RETURN,
    ),
    **{f"because_{reason}": do(acting.because(reason), kept="refusing") for reason in acting.REASONS},
    "refusing": do(
        acting.refuse, writes="after_yes", done="refused", already="already", closed="closed", unknown="unknown_part"
    ),
    "refused": tell("refused", RETURN, shows=parts.code),
    "readying": do(
        acting.ready,
        writes="after_yes",
        done="ready",
        already="already",
        too_early="too_early",
        closed="closed",
        unknown="unknown_part",
    ),
    "ready": tell("ready", RETURN, shows=parts.code_to_type),
    "handing_over": do(
        acting.hand_over,
        writes="after_yes",
        done="handed_over",
        already="already",
        too_early="too_early",
        closed="closed",
        unknown="unknown_part",
        short="too_few",
    ),
    "handed_over": tell("handed_over", RETURN, shows=parts.code_to_type),
    "too_few": tell("too_few", RETURN, shows=parts.code),
}

DELIVERY: dict[str, State] = {
    "delivered_named": do(
        acting.name_delivered,
        found="delivery_first",
        told="delivering",
        several="delivered_which",
        several_told="told_which",
        none="none_waiting",
        unknown="unknown_part",
    ),
    "delivered_this": do(parts.taking(states.DELIVER), found="delivery_first", unknown="unknown_part"),
    "delivered_heard": do(
        parts.hearing(states.DELIVER),
        found="delivery_first",
        several="delivered_which",
        none="none_waiting",
        unknown="unknown_part",
    ),
    "delivered_which": pick(
        "delivered_which",
        parts.choosing(states.DELIVER),
        parts.taking(states.DELIVER),
        none="menu",
        spoken=["no"],
        found="delivery_first",
        unknown="unknown_part",
        no=RETURN,
    ),
    "told_which": pick(
        "told_which",
        parts.choosing(states.DELIVER),
        parts.taking(states.DELIVER),
        none="menu",
        shows=acting.told_pin,
        stands=acting.is_code_told,
        spoken=["no"],
        found="delivering",
        unknown="unknown_part",
        no=RETURN,
    ),
    "delivery_first": do(
        acting.look_deliverable,
        open="pin",
        already="already",
        too_early="too_early",
        closed="closed",
        locked="locked",
    ),
    "pin": ask(
        "pin",
        acting.read_pin,
        acting.keep_pin,
        shows=parts.code_for(states.DELIVER),
        stands=acting.is_pin_wanted,
        spoken=["no"],
        kept="pin_sure",
        no=RETURN,
    ),
    "wrong_pin": tell("wrong_pin", "pin", shows=parts.code),
    "pin_sure": choose("pin_sure", shows=acting.pin, stands=acting.is_pin_told, yes="delivering", no="pin"),
    "delivering": do(
        acting.deliver,
        writes="after_yes",
        done="delivered",
        already="already",
        too_early="too_early",
        closed="closed",
        unknown="unknown_part",
        wrong_code="wrong_pin",
        locked="locked",
    ),
    "delivered": tell("delivered", RETURN, shows=parts.code),
    "locked": tell("locked", RETURN, shows=parts.code),
}

COMING_BACK: dict[str, State] = {
    "returned_named": do(
        parts.naming(states.TAKE_BACK),
        found="return_first",
        several="returned_which",
        none="none_waiting",
        unknown="unknown_part",
    ),
    "refusal_heard": do(parts.whose_refusal, shop="refuse_heard", customer="returned_heard"),
    "returned_heard": do(
        parts.hearing(states.TAKE_BACK),
        found="return_first",
        several="returned_which",
        none="refuse_heard",  # nothing is on its way: the customer went back on it before
        unknown="unknown_part",
    ),
    "returned_which": pick(
        "returned_which",
        parts.choosing(states.TAKE_BACK),
        parts.taking(states.TAKE_BACK),
        none="menu",
        spoken=["no"],
        found="return_first",
        unknown="unknown_part",
        no=RETURN,
    ),
    "return_first": do(
        acting.look_returnable, open="sellable", already="already", too_early="too_early", closed="closed"
    ),
    "sellable": choose(
        "sellable",
        shows=parts.sure_of(states.TAKE_BACK),
        stands=parts.waiting_for(states.TAKE_BACK),
        yes="taking_back",
        no="writing_off",
        no_return=RETURN,
    ),
    "taking_back": do(
        acting.taking_back(is_sellable=True),
        writes="after_yes",
        done="back_in_stock",
        already="already",
        unknown="unknown_part",
    ),
    "back_in_stock": tell("back_in_stock", RETURN, shows=parts.code),
    "writing_off": do(
        acting.taking_back(is_sellable=False),
        writes="after_yes",
        done="written_off",
        already="already",
        unknown="unknown_part",
    ),
    "written_off": tell("written_off", RETURN, shows=parts.code),
}

SHOP: dict[str, State] = {
    "goods": pick(
        "goods", shop.good_rows, shop.open_good, none="no_goods", lasting=True, opened="good", unknown="menu"
    ),
    "no_goods": choose("no_goods", person="person", asides=["person"], menu="menu"),
    "good": choose("good", shows=shop.good, stands=shop.is_good_own, change_stock="new_stock", others="goods"),
    "new_stock": ask(
        "new_stock",
        shop.read_count,
        shop.keep_count,
        shows=shop.good_name,
        stands=shop.is_good_own,
        spoken=["no"],
        missed="missed_count",
        kept="stock_sure",
        no="goods",
    ),
    "stock_sure": choose("stock_sure", shows=shop.recounted, stands=shop.is_count_kept, yes="counting", no="new_stock"),
    "counting": do(shop.count, writes="after_yes", done="counted", overpromised="overpromised", unknown="menu"),
    "counted": tell("counted", "goods", shows=shop.good),
    "overpromised": pick(
        "overpromised",
        shop.refusable_rows,
        parts.taking(states.REFUSE),
        none="goods",
        shows=shop.good,
        stands=shop.is_overpromised,
        options=["later"],
        asides=["found"],
        found="refuse_first",
        unknown="unknown_part",
        later="goods",
    ),
    "pause_first": do(shop.look_before_closing, open="pause", shut="shut_before"),
    "pause": choose("pause", shows=shop.shops, yes="closing", no=RETURN),
    "shut_before": choose("shut_before", shows=shop.shops, yes="opening", no=RETURN),
    "closing": do(shop.close, writes="after_yes", done="paused", already="paused"),
    "paused": tell("paused", RETURN, shows=shop.shops),
    "resume_first": do(shop.look_before_opening, shut="resume", open="open_before"),
    "resume": choose("resume", shows=shop.shops, yes="opening", no=RETURN),
    "open_before": tell("open_before", RETURN, shows=shop.shops),
    "opening": do(shop.reopen, writes="after_yes", done="resumed", already="resumed"),
    "resumed": tell("resumed", RETURN, shows=shop.shops),
    "report": tell("report", RETURN),
    "shop_settings": tell("shop_settings", RETURN),
}

TALK: dict[str, State] = {
    "hello": tell("hello", RETURN),
    "thanks": tell("thanks", RETURN),
    "bye": tell("bye", RETURN),
    "yes_or_no": do(parts.find_waiting, one="part", several="waiting", none="no_question"),
    "no_question": tell("no_question", RETURN),
}

VENDOR = Dialog(
    name="vendor",
    start="menu",
    helper="lost",
    states={**LISTS, **ANSWERS, **DELIVERY, **COMING_BACK, **SHOP, **TALK, **settings(), **people()},
    anywhere={
        **SETTINGS_WORDS,
        "commandes": "waiting",
        "orders": "waiting",
        "en cours": "working",
        "liste": "goods",
        "ma liste": "goods",
        "list": "goods",
        "pause": "pause_first",
        "ouvrir": "resume_first",
        "open": "resume_first",
    },
    commands={
        "a": "accept_named",
        "accepter": "accept_named",
        "accept": "accept_named",
        "r": "refuse_named",
        "refuser": "refuse_named",
        "refuse": "refuse_named",
        "p": "ready_named",
        "pret": "ready_named",
        "ready": "ready_named",
        "remis": "handed_named",
        "handed": "handed_named",
        "livre": "delivered_named",
        "delivered": "delivered_named",
        "retour": "returned_named",
        "return": "returned_named",
    },
    doors={
        "accept": "accept_this",
        "refuse": "refuse_this",
        "delivered": "delivered_this",
    },
    hears={
        "greet": "hello",
        "thanks": "thanks",
        "bye": "bye",
        "help": "help",
        "menu": "menu",
        "orders_pending": "waiting",
        "accept_order": "accept_heard",
        "refuse_order": "refusal_heard",
        "ready": "ready_heard",
        "handed_over": "handed_heard",
        "delivered": "delivered_heard",
        "confirm": "yes_or_no",
        "deny": "yes_or_no",
        "human": "person",
        "list_my_products": "goods",
        "pause": "pause_first",
        "resume": "resume_first",
        "sales_report": "report",
        "settings": "shop_settings",
    },
)
