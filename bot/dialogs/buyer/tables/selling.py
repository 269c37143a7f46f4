"""To become a seller: the questions, the recap, and what is said to who asked before."""

from dataclasses import replace

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.buyer import applying, places

LATER = {"give_up": "apply_later"}


def _ask(asked: State, choice: str = "", to: str = "") -> State:
    """A question of the application: an answer, perhaps a choice beside it, and a way to come back another day."""
    offered = {choice: to} if choice else {}
    goes = {"kept": "apply_next", **offered, **asked.goes, **LATER}
    return replace(
        asked,
        goes=goes,
        options=(*offered, *asked.options),
        spoken=tuple(LATER),
        stands=applying.is_open,
        is_free=True,
        missed=asked.missed or "apply_missed",
    )


APPLYING: dict[str, State] = {
    "become_vendor": do(
        applying.begin,
        new="apply_start",
        begun="apply_resume",
        sent="apply_waiting",
        refused="apply_refused",
        owner="apply_owner",
    ),
    "apply_start": choose("apply_start", begin_application="apply_begin", later="apply_not_now"),
    "apply_resume": choose(
        "apply_resume",
        shows=applying.told,
        stands=applying.is_open,
        go_on="apply_next",
        again="apply_again",
        later="apply_later",
    ),
    "apply_refused": choose("apply_refused", shows=applying.refusal, correct="apply_begin", later="apply_not_now"),
    "apply_waiting": tell("apply_waiting", RETURN, shows=applying.told),
    "apply_owner": tell("apply_owner", RETURN),
    "apply_not_now": tell("apply_not_now", RETURN),
    "apply_later": tell("apply_later", RETURN),
    "apply_begin": do(applying.start, begun="apply_next"),
    "apply_again": do(applying.start_again, begun="apply_next"),
    "apply_next": do(
        applying.next_question,
        shop="apply_shop",
        seller="apply_seller",
        seller_known="apply_seller_known",
        place="apply_place",
        goods="apply_goods",
        hours="apply_hours",
        delivery="apply_delivery",
        payout="apply_payout",
        payout_known="apply_payout_known",
        photo="apply_photo",
        recap="apply_recap",
        over="apply_waiting",
    ),
    "apply_shop": _ask(ask("apply_shop", applying.read_name, applying.keep_shop, missed="missed_shop")),
    "apply_seller": _ask(ask("apply_seller", applying.read_seller, applying.keep_seller, missed="missed_name")),
    "apply_seller_known": _ask(
        ask(
            "apply_seller_known",
            applying.read_seller,
            applying.keep_seller,
            shows=applying.seller,
            missed="missed_name",
        ),
        "myself",
        "apply_myself",
    ),
    "apply_myself": do(applying.keep_myself, kept="apply_next"),
    "apply_place": _ask(
        ask(
            "apply_place",
            applying.read_place,
            applying.keep_place,
            shows=places.asks_location,
            missed="missed_place",
            several="apply_places",
        )
    ),
    "apply_places": pick(
        "apply_places",
        applying.place_rows,
        applying.take_place,
        none="menu",
        stands=applying.is_open,
        kept="apply_next",
    ),
    "apply_goods": _ask(
        ask(
            "apply_goods",
            applying.read_goods,
            applying.keep_goods,
            options=["choose_sections"],
            choose_sections="apply_sections",
        ),
        "skip_question",
        "apply_without_goods",
    ),
    "apply_sections": pick(
        "apply_sections",
        applying.category_rows,
        applying.take_category,
        none="menu",
        stands=applying.is_open,
        options=["enough"],
        taken="apply_sections",
        enough="apply_chosen",
    ),
    "apply_chosen": do(applying.keep_categories, kept="apply_next"),
    "apply_hours": _ask(
        ask("apply_hours", applying.read_hours, applying.keep_hours, missed="missed_hours", unclear="hours_unclear"),
        "skip_question",
        "apply_without_hours",
    ),
    "apply_delivery": _ask(
        ask(
            "apply_delivery",
            applying.read_delivery,
            applying.keep_delivery,
            missed="missed_zones",
            unclear="zones_unclear",
        ),
        "skip_question",
        "apply_without_delivery",
    ),
    "apply_payout": _ask(
        ask(
            "apply_payout",
            applying.read_payment,
            applying.keep_payout,
            missed="missed_payout",
            unclear="payout_unclear",
        )
    ),
    "apply_payout_known": _ask(
        ask(
            "apply_payout_known",
            applying.read_payment,
            applying.keep_payout,
            shows=applying.phone,
            missed="missed_payout",
            unclear="own_unclear",
        ),
        "my_number",
        "apply_own_number",
    ),
    "hours_unclear": tell("missed_hours", "apply_hours"),
    "zones_unclear": tell("missed_zones", "apply_delivery"),
    "payout_unclear": tell("missed_payout", "apply_payout"),
    "own_unclear": tell("missed_payout", "apply_payout_known"),
    "apply_own_number": do(applying.keep_own_number, kept="apply_next"),
    "apply_photo": _ask(
        ask("apply_photo", applying.read_photo, applying.keep_photo, joins="none"),
        "skip_question",
        "apply_without_photo",
    ),
    "apply_without_goods": do(applying.skipping("goods"), kept="apply_next"),
    "apply_without_hours": do(applying.skipping("hours"), kept="apply_next"),
    "apply_without_delivery": do(applying.skipping("delivery"), kept="apply_next"),
    "apply_without_photo": do(applying.skipping("photo"), kept="apply_next"),
    "apply_recap": choose(
        "apply_recap",
        shows=applying.told,
        stands=applying.is_open,
        send="apply_send",
        correct="apply_correct",
        later="apply_later",
    ),
    "apply_correct": choose(
        "apply_correct",
        stands=applying.is_open,
        fix_shop="apply_shop",
        fix_seller="apply_seller",
        fix_place="apply_place",
        fix_goods="apply_goods",
        fix_hours="apply_hours",
        fix_delivery="apply_delivery",
        fix_payout="apply_payout",
        fix_photo="apply_photo",
    ),
    "apply_send": do(applying.send, writes="after_yes", sent="apply_sent", before="apply_waiting"),
    "apply_sent": tell("apply_sent", RETURN),
}
