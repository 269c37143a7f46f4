"""A product's page for whoever gets its link: its card as the preview, and a button for each chat that sells it."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Final

from base.accounts import ChannelAccount, MessengerAccount
from base.db import Db
from base.log import logger
from base.media import Media, MediaError
from base.money import format_amount
from bot.links_report import addresses
from bot.texts import FIRST, say
from catalog import cards, photos
from catalog.cards import Card
from catalog.levels import LEVELS
from catalog.links import Link
from catalog.products import Product, products_by_slug

log = logger(__name__)
SOURCE: Final = "page"  # of the links on it
STYLE: Final = """
body{margin:0;font:18px/1.4 system-ui,sans-serif;color:#1c2220;background:#fff}
main{max-width:600px;margin:0 auto;padding:0 16px 32px}img{width:100%;height:auto;display:block}
h1{margin:16px 0 4px;font-size:26px}.price{margin:0;font-size:24px;font-weight:600;color:#0e5c44}
.shop{margin:4px 0 16px;color:#687270}a.go{display:block;margin:12px 0;padding:14px;border-radius:10px;
background:#0e5c44;color:#fff;text-align:center;text-decoration:none;font-weight:600}
"""
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; img-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE: Final = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><meta name="description" content="{told}"><meta property="og:type" content="product">
<meta property="og:site_name" content="Assigamé"><meta property="og:title" content="{title}">
<meta property="og:description" content="{told}"><meta property="og:url" content="{url}">
<meta property="og:image" content="{card}"><meta property="og:image:type" content="image/jpeg">
<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
<meta name="twitter:card" content="summary_large_image"><style>{style}</style></head>
<body><main><img src="{card}" width="1200" height="630" alt="{title}"><h1>{name}</h1>
<p class="price">{price}</p><p class="shop">{shop}{gone}</p>{text}{buttons}</main></body></html>
"""


@dataclass(frozen=True)
class Shared:
    """A product as its page shows it."""

    product: Product
    addresses: tuple[tuple[str, str], ...]  # (title of the button, address)


def path_of(slug: str) -> str:
    """Where a product's page is found."""
    return f"/p/{slug}"


def find(db: Db, accounts: Iterable[ChannelAccount], slug: str) -> Shared | None:
    """A listed product with the chats that sell it; None when nothing is listed under this slug."""
    product = products_by_slug(db, [slug]).get(slug)
    if product is None:
        return None
    link = Link("product", product.good_id or product.id, SOURCE)
    words = say(FIRST, "link.product", {"name": product.name, "code": str(link)})
    known = {account.key: account for account in accounts}
    found = addresses(known.values(), link, words)
    buttons = tuple((say(FIRST, _button(known[key]), {}), address) for key, address in found.items())
    return Shared(product, tuple(dict(buttons).items()))


def _button(account: ChannelAccount) -> str:
    return "page.on_messenger" if isinstance(account, MessengerAccount) else "page.on_whatsapp"


def card_of(product: Product) -> Card:
    """What stands on a product's card."""
    return Card(product.name, product.price, product.unit, product.vendor_name, product.photo_hash or "")


def html(shared: Shared, base_url: str) -> str:
    """The page; every word of a person is escaped."""
    product = shared.product
    price = f"{format_amount(product.price)} / {product.unit}"
    told = f"{price} · {_shop(product)}"
    buttons = "".join(
        f'<a class="go" rel="nofollow" href="{escape(address)}">{escape(title)}</a>'
        for title, address in shared.addresses
    )
    gone = "" if product.available else f" · {say(FIRST, 'page.sold_out', {})}"
    card = f"{base_url}{path_of(product.slug)}/card.jpg?v={card_of(product).key[5:17]}"
    return PAGE.format(
        title=escape(f"{product.name} · {format_amount(product.price)}"),
        told=escape(told),
        url=escape(f"{base_url}{path_of(product.slug)}"),
        card=escape(card),
        style=STYLE,
        name=escape(product.name),
        price=escape(price),
        shop=escape(_shop(product)),
        gone=escape(gone),
        text=f"<p>{escape(product.description)}</p>" if product.description else "",
        buttons=buttons,
    )


def _shop(product: Product) -> str:
    """The shop's name, with the mark of its level."""
    mark = "" if product.vendor_level == LEVELS[0] else say(FIRST, f"level.{product.vendor_level}.mark", {})
    return product.vendor_name + mark


def card_bytes(media: Media, product: Product) -> bytes:
    """The card's picture, drawn once for each name, price and photo."""
    card = card_of(product)
    try:
        kept = media.get(card.key)
        photo = None if kept or not card.photo_hash else media.get(photos.name_of(card.photo_hash))
    except (MediaError, OSError) as error:
        log.warning("media_away", error=type(error).__name__)
        return cards.draw(card, None).content
    if kept:
        return kept
    drawn = cards.draw(card, photo)
    if photo or not card.photo_hash:
        try:
            media.put(card.key, drawn.content)
        except (MediaError, OSError) as error:
            log.warning("card_not_kept", error=type(error).__name__)
    return drawn.content
