"""What is helped with at a buyer's questions."""

from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    **dict.fromkeys(("first", "left", "back", "menu", "no_goods", "not_found", "basket_empty", "no_orders"), "menu"),
    **dict.fromkeys(("categories", "products", "found"), "goods"),
    "card": "card",
    "which": "product",
    **dict.fromkeys(("quantity", "other_unit", "fewer", "new_quantity", "fewer_in_line"), "quantity"),
    **dict.fromkeys(("proposal", "emptying", "same_address", "cancelling"), "yes_or_no"),
    **dict.fromkeys(("announcements", "announcements_on", "opt_out_sure", "erase_sure", "stay_first"), "yes_or_no"),
    **dict.fromkeys(("basket_shown", "added", "full", "lines", "line"), "basket"),
    **dict.fromkeys(("quarter", "quarter_again", "quarters", "pinned"), "quarter"),
    "landmark": "landmark",
    **dict.fromkeys(("recipient_known", "recipient_asked"), "recipient"),
    **dict.fromkeys(("phone_known", "phone_asked", "person_phone", "correct_phone"), "phone"),
    **dict.fromkeys(("recap", "recap_changed", "recap_expired", "correcting"), "recap"),
    **dict.fromkeys(("placed", "orders", "order_shown", "cancel_which"), "order"),
    **dict.fromkeys(("my_data", "correct", "erase_before"), "data"),
}
"""Question -> the text `buyer.help_at.<topic>`; a question that is not named here has the help of its kind."""
