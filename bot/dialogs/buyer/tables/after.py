"""After the order: changing it, a shop that does not answer or serve, and complaints."""

from dataclasses import replace

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.buyer import addresses, changes, complaints, errands, following, orders, places, swaps
from bot.dialogs.buyer.readers import is_name_by_ear, read_where, read_who
from bot.dialogs.readers import read_phone_said, read_quantity_or_none

ASKED: dict[str, State] = {
    "track": do(
        following.asked_for,
        late="coming",
        named="order_alone",
        phone="phones",
        code="codes",
        workshop="workshop_meant",
        order="track_order",
    ),
    "order_alone": do(orders.take_named, one="order_shown", unknown="unknown_order"),
    "coming": do(
        following.awaited,
        workshop="coming_to_workshop",
        phone="coming_to_shop",
        order="track_order",
        nobody="coming_to_nobody",
    ),
    "coming_to_workshop": tell("coming_to_workshop", "workshop_meant"),
    "coming_to_shop": tell("coming_to_shop", RETURN, shows=following.phones),
    "coming_to_nobody": tell("coming_to_nobody", RETURN),
    "workshop_meant": do(following.open_workshop, one="workshop", several="my_workshops"),
    "codes": do(following.find_codes, some="codes_told", none="no_codes"),
    "codes_told": tell("codes", RETURN, shows=following.codes),
    "no_codes": tell("no_codes", RETURN),
    "phones": do(following.find_phones, some="phones_told", none="no_phones"),
    "phones_told": tell("phones", RETURN, shows=following.phones),
    "no_phones": tell("no_phones", RETURN),
}


def _ask_units(says: str, no: str) -> State:
    """How many units a line of the order shall have."""
    asked = ask(
        says,
        read_quantity_or_none,
        changes.keep_units,
        shows=changes.one_line,
        spoken=["no"],
        missed="missed_quantity",
    )
    return replace(asked, goes={"kept": "change_checked", "no": no})


CHANGING: dict[str, State] = {
    "change_order": do(changes.start_changing, open="changing", fixed="change_too_late"),
    "change_named": do(changes.name_order, open="changing", fixed="change_too_late", unknown="unknown_order"),
    "order_to_change": do(changes.find_open, one="change_order", several="orders", none="basket_empty"),
    "address_to_change": do(changes.find_open, one="change_order", several="orders", none="correct"),
    "changing": choose(
        "changing",
        shows=orders.code_spoken_of,
        spoken=["no"],
        goods="change_lines",
        address="change_place",
        recipient="change_recipient",
        phone="change_phone",
        no="order_shown",
    ),
    "change_lines": pick(
        "change_lines",
        changes.line_rows,
        changes.pick_line,
        none="order_shown",
        spoken=["no"],
        picked="change_line",
        no="changing",
    ),
    "change_line": choose(
        "change_line", shows=changes.one_line, quantity="change_units", remove="remove_ordered", keep="changing"
    ),
    "change_units": _ask_units("change_units", no="changing"),
    "change_fewer": _ask_units("change_fewer", no="change_order"),
    "remove_ordered": do(changes.remove_line, kept="change_checked"),
    "change_place": ask(
        "change_place",
        read_where,
        changes.find_place,
        shows=places.asks_location,
        is_open=True,
        spoken=["no"],
        found="change_landmark",
        told="change_checked",
        several="change_places",
        unknown="change_place",
        no="changing",
    ),
    "change_places": pick(
        "change_places",
        addresses.quarter_rows,
        changes.take_place,
        none="change_place",
        found="change_landmark",
        told="change_checked",
        unknown="change_place",
    ),
    "change_landmark": ask(
        "landmark",
        read_where,
        changes.keep_landmark,
        shows=changes.asks_landmark,
        is_open=True,
        options=["skip"],
        kept="change_checked",
        skip="change_no_landmark",
    ),
    "change_no_landmark": do(changes.skip_landmark, kept="change_checked"),
    "change_recipient": ask(
        "change_recipient",
        read_who,
        changes.keep_recipient,
        is_open=True,
        surely=is_name_by_ear,
        spoken=["no"],
        missed="missed_name",
        kept="change_checked",
        no="changing",
    ),
    "change_phone": ask(
        "change_phone",
        read_phone_said,
        changes.keep_phone,
        spoken=["no"],
        missed="missed_phone",
        kept="change_checked",
        no="changing",
    ),
    "change_checked": do(
        changes.check,
        fits="change_recap",
        same="changing",
        too_many="change_fewer",
        nothing="cancelling",
        unserved="change_unserved",
        person="person",
    ),
    "change_unserved": tell("change_unserved", "changing", shows=changes.unserved),
    "change_recap": choose(
        "change_recap",
        shows=changes.recapped,
        spoken=["no"],
        confirm="change_now",
        correct="changing",
        keep="order_shown",
        no="order_shown",
    ),
    "change_now": do(
        changes.change, writes="after_yes", changed="changed", too_late="change_too_late", again="change_again"
    ),
    "changed": tell("changed", "order_shown", shows=orders.code_spoken_of),
    "change_again": tell("change_again", "changing"),
    "change_too_late": choose(
        "change_too_late", shows=changes.fixed, person="person", asides=["person"], track="order_shown"
    ),
}

ANOTHER_SHOP: dict[str, State] = {
    "swap": do(
        swaps.look,
        offered="swap_sure",
        alone="wait_or_drop",
        none="no_other",
        standing="part_standing",
        unknown="unknown_order",
    ),
    "swap_sure": choose("swap_sure", shows=swaps.recapped, stands=swaps.is_movable, yes="swap_now", no="swap_declined"),
    "swap_now": do(swaps.move, writes="after_yes", moved="moved", again="swap", standing="part_standing"),
    "moved": tell("moved", "order_shown"),
    "swap_declined": do(swaps.what_remains, waiting="wait_or_drop", over="order_shown"),
    "wait_or_drop": choose("wait_or_drop", shows=swaps.standing, wait_on="waiting_on", drop="drop_now"),
    "no_other": tell("no_other", RETURN, shows=swaps.standing),
    "part_standing": tell("part_standing", RETURN, shows=swaps.standing),
    "wait_this": do(swaps.wait_on, waiting="waiting_on", standing="part_standing", unknown="unknown_order"),
    "waiting_on": tell("waiting_on", RETURN, shows=swaps.waiting),
    "drop_this": do(
        swaps.drop_named,
        waiting="drop_now",
        standing="part_standing",
        unknown="unknown_order",
        bare="cancel_order",
    ),
    "drop_now": do(swaps.drop, writes="after_yes", dropped="part_dropped", standing="part_standing"),
    "keep_rest_this": do(
        swaps.keep_rest, writes="after_yes", kept="rest_kept", standing="part_standing", unknown="unknown_order"
    ),
    "rest_kept": tell("rest_kept", RETURN),
    "part_dropped": tell("part_dropped", RETURN, shows=swaps.standing),
}

COMPLAINING: dict[str, State] = {
    "complain": do(
        complaints.take,
        kept="complaint_photo",
        shown="complaint_call",
        added="complaint_added",
        which="complaint_which",
        none="complaint_general",
    ),
    "refund": do(
        complaints.take_refund,
        kept="complaint_photo",
        shown="complaint_call",
        added="complaint_added",
        which="complaint_which",
        none="complaint_general",
    ),
    "complaint_which": pick(
        "complaint_which",
        complaints.part_rows,
        complaints.take_about,
        none="no_orders",
        kept="complaint_photo",
        shown="complaint_call",
        added="complaint_added",
    ),
    "complaint_photo": ask(
        "complaint_photo",
        complaints.read_shown,
        complaints.keep_shown,
        shows=complaints.about,
        is_open=True,
        options=["without_photo"],
        kept="complaint_call",
        without_photo="complaint_call",
    ),
    "complaint_call": do(complaints.is_reachable, reachable="complaint_noted", hidden="person_phone"),
    "complaint_noted": tell("complaint_noted", RETURN, shows=complaints.about),
    "complaint_added": tell("complaint_added", RETURN, shows=complaints.about),
}

ERRANDS: dict[str, State] = {
    "errand_named": do(errands.name, found="errand_shown", several="errand_which", none="no_errand"),
    "errand_shown": tell("errand", RETURN, shows=errands.shown),
    "errand_which": tell("errand_which", RETURN, shows=errands.codes),
    "no_errand": tell("no_errand", RETURN),
    "errand_ending": do(
        errands.deliver,
        writes="after_yes",
        done="errand_done",
        wrong_code="errand_wrong",
        locked="errand_locked",
        not_left="errand_early",
        over="errand_over",
        unclear="errand_how",
        none="no_errand",
    ),
    "errand_done": tell("errand_done", RETURN, shows=errands.code),
    "errand_wrong": tell("errand_wrong", RETURN, shows=errands.code),
    "errand_locked": tell("errand_locked", RETURN, shows=errands.code),
    "errand_early": tell("errand_early", RETURN, shows=errands.code),
    "errand_over": tell("errand_over", RETURN, shows=errands.code),
    "errand_how": tell("errand_how", RETURN),
}
