"""From a full basket to an order: who gets it where, and the one yes that counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialog import RETURN, State, ask, choose, do, end, pick, tell
from bot.dialogs import calling, written
from bot.dialogs.buyer import addresses, baskets, checkout, noting, places, telling
from bot.dialogs.buyer.readers import is_name_by_ear, read_where, read_who
from bot.dialogs.readers import read_phone_said
from bot.turn import Turn

Shows = Callable[[Turn], Mapping[str, Any]]

LOCATED = {
    "kept": "checkout",
    "several": "quarters",
    "pinned": "pinned",
    "parcel": "parcel",
    "abroad": "abroad",
    "unknown": "quarter_again",
    "voice": "way_kept",
}


def _ask_quarter(says: str, **options: str) -> State:
    """Where it is brought, or whether it is fetched; `options` are asides, as is a voice note that tells the way."""
    offered = {"pickup": "pickup"} | options
    asides = ["voice", *options]
    asked = ask(
        says,
        read_where,
        addresses.find_quarter,
        shows=places.asks_location,
        is_open=True,
        options=offered,
        asides=asides,
        spoken=["no"],
    )
    return replace(asked, goes=LOCATED | offered | {"no": "let_go"})


def _ask_who(says: str, shows: Shows | None = None, **others: str) -> State:
    """Who receives it; of `others`, who writes himself is offered, the rest is spoken."""
    asked = ask(
        says,
        read_who,
        addresses.keep_recipient,
        shows=shows,
        is_open=True,
        surely=is_name_by_ear,
        missed="missed_name",
    )
    return _with(asked, {"kept": "checkout"}, "myself", others)


def _ask_phone(says: str, shows: Shows | None = None, **others: str) -> State:
    """Whom to phone; of `others`, the phone that the channel told is offered, the rest is spoken."""
    asked = ask(says, read_phone_said, addresses.keep_phone, shows=shows, missed="missed_phone")
    return _with(asked, {"kept": "checkout"}, "my_number", others)


def _with(asked: State, goes: dict[str, str], offered: str, others: dict[str, str]) -> State:
    options = tuple(choice for choice in others if choice == offered)
    spoken = tuple(choice for choice in others if choice != offered)
    return replace(asked, goes=goes | others, options=options, spoken=spoken)


def _hold(recap: str) -> State:
    """Hold the basket, and show this recap."""
    return do(
        checkout.hold,
        held=recap,
        changed="recap_changed",
        missing="missing",
        empty="basket_empty",
        incomplete="quarter",
        unserved="unserved",
    )


def _recap(says: str, shows: Shows) -> State:
    """The only question whose yes makes an order; it tells the total, so it answers `combien` itself."""
    return choose(
        says,
        shows=shows,
        spoken=["how_much"],
        confirm="placing",
        correct="correcting",
        cancel="let_go",
        how_much=says,
    )


ADDRESS: dict[str, State] = {
    "address": do(
        checkout.begin,
        empty="basket_empty",
        same="same_address",
        quarter="quarter",
        landmark="landmark",
        recipient="recipient",
        phone="phone",
        unserved="unserved",
        complete="holding",
    ),
    "same_address": pick(
        "same_address",
        addresses.known_rows,
        addresses.use_known,
        none="quarter",
        shows=addresses.known_addresses,
        options=["other_address"],
        spoken=["yes", "no"],
        kept="checkout",
        unknown="quarter",
        other_address="quarter",
        yes="latest_address",
        no="quarter",
    ),
    "latest_address": do(addresses.use_latest, kept="checkout", unknown="quarter"),
    "quarter": _ask_quarter("quarter"),
    "quarter_again": _ask_quarter("quarter_again", person="person"),
    "abroad": tell("abroad", "quarter"),
    "way_kept": tell("way_kept", RETURN),
    "quarters": pick(
        "quarters",
        addresses.quarter_rows,
        addresses.take_quarter,
        none="quarter",
        options=["other_quarter"],
        kept="checkout",
        parcel="parcel",
        other_quarter="quarter",
    ),
    "pinned": choose("pinned", shows=places.place_spoken_of, yes="take_pin", no="quarter"),
    "take_pin": do(addresses.take_pin, kept="checkout"),
    "pin_said": do(
        addresses.take_pin_said,
        kept="checkout",
        pinned="pinned",
        parcel="parcel",
        abroad="abroad",
        unexpected="here",
    ),
    "parcel": choose(
        "parcel",
        shows=places.parcel_spoken_of,
        by_bus="take_parcel",
        other_quarter="quarter",
        basket="basket",
        spoken=["yes"],
        yes="take_parcel",
    ),
    "take_parcel": do(addresses.take_parcel, kept="checkout"),
    "no_pickup": choose(
        "no_pickup",
        shows=addresses.without_pickup,
        deliver="quarter",
        basket="basket",
        spoken=["yes"],
        yes="quarter",
    ),
    "pickup": do(addresses.take_pickup, kept="checkout", none="pickup_possible", impossible="no_pickup"),
    "pickup_possible": tell("pickup_possible", RETURN),
    "address_said": do(
        addresses.hear_address,
        kept="checkout",
        several="quarters",
        parcel="parcel",
        unknown="quarter_again",
        noted="address_noted",
        early="address_early",
    ),
    "name_said": do(addresses.hear_name, kept="checkout", noted="address_noted", unclear="recipient_asked"),
    "phone_said": do(addresses.hear_phone, kept="checkout", noted="address_noted", unclear="phone_asked"),
    "address_early": tell("address_early", RETURN),
    "address_noted": tell("address_noted", RETURN, shows=addresses.noted),
    "landmark": ask(
        "landmark",
        read_where,
        addresses.keep_landmark,
        shows=places.asks_landmark,
        is_open=True,
        surely=telling.is_sure,
        options=["skip"],
        spoken=["give_up"],
        kept="checkout",
        several="quarters",
        pinned="pinned",
        parcel="parcel",
        abroad="abroad",
        skip="no_landmark",
        give_up="let_go",
    ),
    "no_landmark": do(addresses.skip_landmark, kept="checkout"),
    "recipient": do(addresses.know_name, known="recipient_known", unknown="recipient_asked", card="recipient_on_card"),
    "recipient_known": _ask_who(
        "recipient_known", addresses.own_name, myself="own_name", another="recipient_asked", give_up="let_go"
    ),
    "recipient_asked": _ask_who("recipient_asked", no="let_go"),
    "recipient_on_card": _ask_who("recipient_on_card", no="let_go"),
    "own_name": do(addresses.use_own_name, kept="checkout"),
    "phone": do(addresses.know_phone, known="phone_known", unknown="phone_asked"),
    "phone_known": _ask_phone(
        "phone_known", addresses.own_phone, my_number="own_phone", another_number="phone_asked", give_up="let_go"
    ),
    "phone_asked": _ask_phone("phone_asked", calling.asks_phone, no="let_go"),
    "own_phone": do(addresses.use_own_phone, kept="checkout"),
}

CHECKOUT: dict[str, State] = {
    "holding": _hold("recap"),
    "holding_anew": _hold("recap_expired"),
    "holding_changed": do(checkout.hold_again, held="recap_changed", missing="missing", unserved="unserved"),
    "unserved": choose("unserved", shows=checkout.unserved, other_quarter="quarter", pickup="pickup", basket="basket"),
    "recap": _recap("recap", checkout.recapped),
    "recap_changed": _recap("recap_changed", checkout.recapped_anew),
    "recap_expired": _recap("recap_expired", checkout.recapped),
    "placing": do(
        checkout.place,
        writes="after_yes",
        placed="placed",
        expired="holding_anew",
        changed="holding_changed",
        incomplete="checkout",
    ),
    "placed": choose(
        "placed",
        shows=checkout.ordered,
        spoken=["noted", "cancel_order"],
        track="order_shown",
        receipt="receipt_shown",
        asides=["receipt"],
        menu="at_menu",
        noted="noted",
        cancel_order="cancelling",
    ),
    "noted": end("noted"),
    "missing": choose("missing", shows=checkout.missed, adapt="adapting", basket="basket"),
    "adapting": do(baskets.adapt, adapted="holding"),
    "correcting": choose(
        "correcting",
        spoken=["no"],
        goods="lines",
        address="quarter",
        recipient="recipient",
        phone="phone",
        note="note",
        no="holding",
    ),
    "note": ask(
        "note",
        noting.read_note,
        noting.keep_note,
        shows=noting.noted,
        is_open=True,
        options=["without_note"],
        spoken=["no"],
        kept="holding",
        stopped="note_stopped",
        without_note="no_note",
        no="holding",
    ),
    "note_stopped": tell("note_stopped", "note", shows=written.stopped),
    "no_note": do(noting.drop_note, kept="holding"),
    "let_go": do(checkout.let_go, kept="basket_kept"),
    "basket_kept": choose("basket_kept", basket="basket", browse="categories", menu="menu"),
}
