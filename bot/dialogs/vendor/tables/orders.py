"""Orders: the lists of them, their answers, what is handed over, delivered, or comes back."""

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.vendor import acting, leaving, parts
from bot.dialogs.vendor.ways import ways_to
from orders import states

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
        handed_over="handed_first",
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
    **ways_to("accept", states.ACCEPT, "accepting"),
    "accept_this": do(parts.taking(states.ACCEPT), found="accepting", unknown="unknown_part"),
    **ways_to("refuse", states.REFUSE, "refuse_first"),
    "refuse_this": do(parts.taking(states.REFUSE), found="refuse_first", unknown="unknown_part"),
    **ways_to("ready", states.READY, "readying"),
    **ways_to("handed", states.HAND_OVER, "handed_first"),
    "handed_this": do(parts.taking(states.HAND_OVER), found="handed_first", unknown="unknown_part"),
    "handed_named": do(
        leaving.name, found="handed_first", several="handed_which", none="none_waiting", unknown="unknown_part"
    ),
    "handed_heard": do(
        leaving.hear,
        found="handed_sure",
        left="left_sure",
        several="handed_which",
        none="none_waiting",
        unknown="unknown_part",
    ),
    "handed_first": do(leaving.look, rider="handing_over", told="left_sure", untold="left_where", unpaid="unpaid"),
    "left_where": ask(
        "left_where",
        leaving.read_deposit,
        leaving.keep,
        shows=parts.code_for(states.HAND_OVER),
        stands=parts.waiting_for(states.HAND_OVER),
        spoken=["no"],
        missed="missed_deposit",
        kept="left_sure",
        no=RETURN,
    ),
    "left_sure": choose(
        "left_sure", shows=leaving.left, stands=parts.waiting_for(states.HAND_OVER), yes="handing_over", no=RETURN
    ),
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
    "ready": tell("ready", RETURN, shows=parts.next_after("ready")),
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
    "handed_over": tell("handed_over", RETURN, shows=parts.next_after("left")),
    "too_few": tell("too_few", RETURN, shows=parts.code),
    "unpaid": tell("unpaid", RETURN, shows=parts.code),
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
