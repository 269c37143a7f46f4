"""Tables that organizers take away as workbooks: what was sold, who sells, which orders there are; nothing computes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from base.clock import in_lome
from base.db import Db
from base.places import name_of
from base.sheets.writing import MIME, Cell, write
from bot.files import Document

KIND: Final = "table"  # of the signed address
MOST: Final = 20_000  # lines, the newest


@dataclass(frozen=True)
class Table:
    """A table: its name, the heads of its columns, the query of its lines; columns named `…_at` are told in Lomé."""

    title: str
    header: Sequence[str]
    sql: str


TABLES: Final[Mapping[str, Table]] = {
    "sales": Table(
        "Ventes",
        ("commande", "date", "boutique", "quartier", "article", "unité", "quantité", "montant F CFA", "état"),
        """
select o.code, o.placed_at, w.name as shop, o.quarter, l.name, l.unit, l.quantity,
  coalesce(l.amount, l.quantity * l.price) as amount, v.state
from (select * from "order" order by placed_at desc limit %(most)s) o join vendor_order v on v.order_id = o.id
  join vendor w on w.id = v.vendor_id join order_line l on l.vendor_order_id = v.id order by o.id desc, l.id
limit %(most)s
""",
    ),
    "orders": Table(
        "Commandes",
        ("commande", "date", "boutique", "quartier", "articles F CFA", "livraison F CFA", "payé d'avance", "état"),
        """
select o.code, o.placed_at, w.name as shop, o.quarter, v.goods, v.delivery, v.prepaid, v.state
from (select * from "order" order by placed_at desc limit %(most)s) o join vendor_order v on v.order_id = o.id
  join vendor w on w.id = v.vendor_id order by o.id desc, v.id limit %(most)s
""",
    ),
    "vendors": Table(
        "Boutiques",
        ("boutique", "téléphone", "quartier", "niveau", "suspendue depuis", "produits", "depuis"),
        """
select v.name, v.phone, v.quarter, v.level, v.suspended_at,
  (select count(*) from product p where p.vendor_id = v.id and p.is_listed and p.kind <> 'variant')::int as goods,
  v.made_at from vendor v order by v.id limit %(most)s
""",
    ),
}
WORDS: Final = {"deliveries": "orders", "payments": "orders", "pending_vendors": "vendors", "suspended": "vendors"}


def meant(what: str) -> str:
    """The table that a word asks for; '' for none."""
    named = WORDS.get(what, what)
    return named if named in TABLES else ""


def document(db: Db, payload: JsonValue) -> Document | None:
    """The workbook that a token names."""
    table = TABLES.get(payload) if isinstance(payload, str) else None
    if table is None:
        return None
    rows = db.rows(table.sql, most=MOST)
    lines = [_line(row._asdict()) for row in rows]
    return Document(f"{payload}.xlsx", MIME, lambda: write(table.title, table.header, lines))


def _line(row: Mapping[str, object]) -> list[Cell]:
    return [_cell(name, value) for name, value in row.items()]


def _cell(name: str, value: object) -> Cell:
    if name.endswith("_at"):
        return f"{in_lome(value):%d/%m/%Y %H:%M}" if value else ""  # type: ignore[arg-type]
    if name == "quarter":
        return name_of(str(value)) if value else ""
    return value if isinstance(value, int | str) else None
