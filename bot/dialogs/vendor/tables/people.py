"""The shop's people and its money: who helps, who may what, and where the shop is paid."""

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.for_shops import answers
from bot.dialogs.payout_words import read_payout
from bot.dialogs.vendor import cards, paying, permitting, staff

HELPERS: dict[str, State] = {
    "not_allowed": tell("not_allowed", RETURN, shows=permitting.denied),
    "helpers_first": do(permitting.permitting("helpers"), may="helpers", may_not="not_allowed"),
    "helpers": pick(
        "helpers",
        staff.helper_rows,
        staff.open_helper,
        none="no_helpers",
        options=["add_helper"],
        opened="helper",
        add_helper="helper_ask",
    ),
    "no_helpers": choose("no_helpers", add_helper="helper_ask", menu="menu"),
    "helper": choose("helper", shows=staff.helper, stands=staff.is_shown, let_go="helper_leaving", keep="helpers"),
    "helper_leaving": do(staff.let_go, writes="after_yes", gone="helper_gone", may_not="not_allowed"),
    "helper_gone": tell("helper_gone", RETURN, shows=staff.gone),
    "helper_heard": do(staff.hear, sure="helper_sure", which="helper_shop", untold="helper_ask", may_not="not_allowed"),
    "helper_card": do(staff.hear_card, sure="helper_sure", which="helper_shop", may_not="not_allowed"),
    "helper_ask": ask(
        "helper_ask",
        staff.read_invitee,
        staff.keep,
        spoken=["no"],
        missed="missed_helper",
        sure="helper_sure",
        which="helper_shop",
        may_not="not_allowed",
        no=RETURN,
    ),
    "helper_shop": pick(
        "helper_shop",
        staff.shop_rows,
        staff.take_shop,
        none="menu",
        stands=staff.is_told,
        spoken=["no"],
        sure="helper_sure",
        may_not="not_allowed",
        no=RETURN,
    ),
    "helper_sure": choose("helper_sure", shows=staff.sure, stands=staff.is_told, yes="helper_inviting", no=RETURN),
    "helper_inviting": do(
        staff.invite,
        writes="after_yes",
        invited="helper_invited",
        stranger="helper_stranger",
        before="helper_before",
        already="helper_already",
        own="helper_own",
        full="helper_full",
        may_not="not_allowed",
    ),
    "helper_invited": tell("helper_invited", RETURN, shows=staff.sure),
    "helper_stranger": tell("helper_stranger", RETURN, shows=staff.sure),
    "helper_before": tell("helper_before", RETURN, shows=staff.sure),
    "helper_already": tell("helper_already", RETURN, shows=staff.sure),
    "helper_own": tell("helper_own", RETURN),
    "helper_full": tell("helper_full", RETURN),
}

CARDS: dict[str, State] = {
    "card": do(cards.keep, kept="card_whose", unread="unread"),
    "card_whose": choose(
        "card_whose",
        shows=cards.shown,
        stands=cards.is_kept,
        spoken=["no"],
        rider="rider_card",
        add_helper="helper_card",
        no=RETURN,
    ),
}

PAYOUT: dict[str, State] = {
    "payout_first": do(permitting.permitting("payout"), may="payout", may_not="not_allowed"),
    "payout": choose("payout", shows=paying.money, change_payout="payout_ask", person="person", menu="menu"),
    "payout_heard": do(
        paying.hear,
        sure="payout_sure",
        which="payout_shop",
        untold="payout",
        unreadable="payout_ask",
        may_not="not_allowed",
    ),
    "payout_ask": ask(
        "payout_ask",
        read_payout,
        paying.keep,
        spoken=["no"],
        missed="missed_payout",
        sure="payout_sure",
        which="payout_shop",
        may_not="not_allowed",
        no=RETURN,
    ),
    "payout_shop": pick(
        "payout_shop",
        paying.shop_rows,
        paying.take_shop,
        none="menu",
        stands=paying.is_told,
        spoken=["no"],
        sure="payout_sure",
        may_not="not_allowed",
        no=RETURN,
    ),
    "payout_sure": choose(
        "payout_sure",
        shows=paying.asked,
        stands=paying.is_told,
        yes="payout_asking",
        other_wallet="payout_switched",
        no=RETURN,
    ),
    "payout_switched": do(paying.change_wallet, changed="payout_sure"),
    "payout_asking": do(
        paying.ask,
        writes="after_yes",
        asked="payout_asked",
        same="payout_same",
        before="payout_before",
        may_not="not_allowed",
    ),
    "payout_asked": tell("payout_asked", RETURN, shows=paying.waiting),
    "payout_same": tell("payout_same", RETURN),
    "payout_before": tell("payout_before", RETURN, shows=paying.waiting),
}

PEOPLE: dict[str, State] = {**CARDS, **HELPERS, **PAYOUT, **answers()}
