"""What is helped with at a vendor's questions."""

from collections.abc import Mapping

YES_OR_NO = (
    "accept_sure refuse_sure ready_sure handed_sure left_sure cut_sure cut_lines_sure lying_sure rider_sure pin_sure"
    " stock_preview stock_changed undo_sure unadd hours_sure promo_sure end_sure few_sure check_sure helper_sure"
    " payout_sure promo_undo pause_drop"
).split()
COUNTED = "cut_units lying_units new_stock stock_pack stock_amount add_quantity few_new".split()
TOPICS: Mapping[str, str] = {
    **dict.fromkeys(("menu", "none_open", "no_goods"), "menu"),
    **dict.fromkeys(YES_OR_NO, "yes_or_no"),
    **dict.fromkeys(COUNTED, "count"),
    **dict.fromkeys(("waiting", "working"), "orders"),
    "add_price": "price",
    "pin": "code",
}
"""Question -> the text `vendor.help_at.<topic>`; a question that is not named here has the help of its kind."""
