"""What brought a person to the Page's chat, and the good he came about (channels.md §3.2, §5)."""

from typing import Any, Final

from bot.messages import Source
from handlers.graph import Document, object_in
from handlers.messenger.fields import id_in, number_in
from handlers.words import line_in

MOST_CODE: Final = 200
OPENS: Final = "OPEN_THREAD"


def referral_in(told: Document) -> Document:
    """The referral that stands in a message or a postback, or an empty object."""
    return object_in(told, "referral")


def opens(referral: Document) -> bool:
    """Whether it says that somebody has just come."""
    return referral.get("type") == OPENS


def source_of(referral: Document) -> Source | None:
    """A link of ours with its code (m.me), or an advertisement or its post; None where it tells neither."""
    code, ad = code_in(referral.get("ref")), number_in(referral.get("ad_id"))
    if ad or referral.get("source") == "ADS":
        post = id_in(object_in(referral, "ads_context_data").get("post_id"))
        return Source("ad", code=code, ad=ad or post)
    return Source("link", code=code) if code else None


def product_of(referral: Document) -> str:
    """The good whose page in the Page's shop, or whose advertisement, he came from; '' for none."""
    shown = good_in(object_in(referral, "product"))
    return shown or id_in(object_in(referral, "ads_context_data").get("product_id"))


def good_in(product: Document) -> str:
    """A good by the seller's id, which is our slug, else by Meta's; '' without either."""
    return id_in(product.get("retailer_id")) or number_in(product.get("id")) or id_in(product.get("id"))


def code_in(value: Any) -> str:
    """The code of a link, as it travelled in it."""
    return line_in(value, MOST_CODE)
