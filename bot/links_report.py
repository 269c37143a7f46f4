"""Links for posters, pages and posts: to a good, a shop or the market, on every account that is on; and what came of
them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import segno

from base.accounts import ChannelAccount, MessengerAccount, TwilioWhatsappAccount, WhatsappCloudAccount
from base.db import Db
from base.money import format_short
from bot import sources
from bot.texts import FIRST, say
from catalog import links
from catalog.links import Kind, Link

MOST: Final = 50  # sources that are counted
POINTS: Final = 12  # pixels of a square of a picture: 25 squares are 300
TABLES: Final[Mapping[Kind, str]] = {"product": "product", "shop": "vendor"}  # whose rows have a slug and a name
COUNTS: Final = ["source", "to", "first", "last", "orders", "sum"]


class NoSuchLink(Exception):
    """What shall be linked to is not there, or no account can carry it; says which."""


@dataclass(frozen=True)
class Wanted:
    """A link to a good or a shop by its slug, else to the market; where it is put up; the file that it is drawn into,
    and whose account's, the first one's when none is named."""

    product: str = ""
    shop: str = ""
    source: str = ""
    qr: Path | None = None
    account: str = ""


def links_told(db: Db, accounts: Iterable[ChannelAccount], wanted: Wanted) -> tuple[Mapping[str, str], list[list[str]]]:
    """Account -> address of the link that is wanted, drawn where that is wanted too; and COUNTS by source.

    Raises NoSuchLink.
    """
    found = addresses(accounts, *_link(db, wanted.product, wanted.shop, wanted.source))
    if wanted.qr:
        draw(_chosen(found, wanted.account), wanted.qr)
    return found, counts(db)


def _link(db: Db, product: str, shop: str, source: str) -> tuple[Link, str]:
    """The link, and the words that it types."""
    word = links.source_word(source)
    if source and not word:
        raise NoSuchLink(f"a source is letters and digits: {source!r} has none")
    if not product and not shop:
        link = Link("market", links.THE_MARKET, word)
        return link, say(FIRST, "link.market", {"code": str(link)})
    kind: Kind = "product" if product else "shop"
    slug = product or shop
    row = db.one(f"select id, name from {TABLES[kind]} where slug = %(slug)s", slug=slug)
    if row is None:
        raise NoSuchLink(f"no {kind} has the slug {slug}")
    link = Link(kind, row.id, word)
    key = "link.product" if product else "link.shop"
    return link, say(FIRST, key, {"name": row.name, "code": str(link)})


def addresses(accounts: Iterable[ChannelAccount], link: Link, words: str) -> dict[str, str]:
    """Account -> the address that opens its chat by this link; the simulator has none."""
    found = {}
    for account in accounts:
        match account:
            case TwilioWhatsappAccount():
                found[account.key] = links.of_whatsapp(account.sender.removeprefix("whatsapp:"), words)
            case WhatsappCloudAccount() if account.number:
                found[account.key] = links.of_whatsapp(account.number, words)
            case MessengerAccount():
                found[account.key] = links.of_messenger(account.page_id, link)
    return found


def draw(address: str, file: Path) -> None:
    """A QR code of an address, as the file's ending says: svg or png. Raises NoSuchLink for any other."""
    if file.suffix.lower() not in (".svg", ".png"):
        raise NoSuchLink(f"{file.name}: a QR code is written as .svg or .png")
    segno.make_qr(address, error="m").save(str(file), scale=POINTS, border=4)


def _chosen(found: Mapping[str, str], key: str) -> str:
    """The address of an account, of the first when none is named. Raises NoSuchLink."""
    if not found:
        raise NoSuchLink("no account with links is on: a number of the Cloud API needs its number in config.yaml")
    if key and key not in found:
        raise NoSuchLink(f"no account with links has the key {key}")
    return found[key or next(iter(found))]


def counts(db: Db) -> list[list[str]]:
    """By source: whom it brought first and last, and what those ordered whom it brought last."""
    lines = []
    for one in sources.counted(db, MOST):
        came = " ".join(filter(None, (one.kind, one.word, one.ad)))
        ordered = format_short(one.total) if one.orders else ""
        lines.append([came, _named(db, one.code), str(one.first), str(one.last), str(one.orders), ordered])
    return lines


def _named(db: Db, code: str) -> str:
    """`P4SK Riz parfumé 25 kg`."""
    link = links.read(code).link
    table = TABLES.get(link.kind) if link else None
    name = db.value(f"select name from {table} where id = %(id)s", id=link.id) if link and table else None
    return f"{code} {name}" if name else code
