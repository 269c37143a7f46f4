"""The demo's market as it is written in market.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from base.spelling import fold


@dataclass(frozen=True)
class DemoCategory:
    """A category with its names by language."""

    slug: str
    names: Mapping[str, str]
    is_perishable: bool


@dataclass(frozen=True)
class DemoVariant:
    """One of what a product is sold as: its values by attribute, its own stock, price, unit and tint.

    Its name ends in its values, but where the smallest unit goes by the name of the good. A unit that takes `factor` of
    another's shares the stock of the variant before it.
    """

    choice: Mapping[str, str]
    name: str
    unit: str
    price: int
    stock: int
    factor: int
    tint: str


@dataclass(frozen=True)
class DemoProduct:
    """A product; `price` in F CFA a unit, `look` and `tint` name its picture, `photos` the tints of more of them.

    With variants it is their group, and has no stock of its own. `lots` and `steps`: units -> F CFA, of the lot whole
    and of each from so many on.
    """

    slug: str
    name: str
    unit: str
    price: int
    stock: int
    category: str
    look: str
    tint: str
    description: str
    perishable: bool | None  # None: as its category
    condition: str
    photos: tuple[str, ...]
    lots: Mapping[int, int]
    steps: Mapping[int, int]
    variants: tuple[DemoVariant, ...]


@dataclass(frozen=True)
class DemoVendor:
    """An invented shop and who runs it; `phone` is E.164 and nobody's."""

    slug: str
    name: str
    seller: str
    phone: str
    quarter: str
    landmark: str
    delay: str
    bands: list[list[float | None]] | None
    hours: Mapping[str, list[str]]
    terms: Mapping[str, Any]  # columns of the shop's own terms of delivery and payment, where it has some
    pin: tuple[float, float] | None  # degrees; None: only its quarter is known
    products: tuple[DemoProduct, ...]


@cache
def demo_categories() -> tuple[DemoCategory, ...]:
    """The categories, in the order of lists."""
    return tuple(
        DemoCategory(row["slug"], {"fr": row["fr"], "en": row["en"]}, row.get("perishable", False))
        for row in _written()["categories"]
    )


@cache
def demo_vendors() -> tuple[DemoVendor, ...]:
    """The shops with their products."""
    return tuple(
        DemoVendor(
            **{"bands": None, "terms": {}, "pin": None, **row, "products": tuple(map(_product, row["products"]))}
        )
        for row in _written()["vendors"]
    )


_UNSAID_OF_SHOPS: Mapping[str, Any] = {"bands": None, "terms": {}, "pin": None}


def demo_products() -> tuple[DemoProduct, ...]:
    """The products of all shops."""
    return tuple(product for vendor in demo_vendors() for product in vendor.products)


def _product(row: Mapping[str, Any]) -> DemoProduct:
    unsaid = {"slug": fold(row["name"]).replace(" ", "-"), "stock": 0, **_PLAIN}
    variants = tuple(_variant(row, one) for one in row.get("variants", ()))
    return DemoProduct(**{**unsaid, **row, "variants": variants, "photos": tuple(row.get("photos", ()))})


_PLAIN: Mapping[str, Any] = {"description": "", "perishable": None, "condition": "", "lots": {}, "steps": {}}
_OWN = ("name", "unit", "price", "stock", "factor", "tint")  # what a variant says beside its attributes


def _variant(product: Mapping[str, Any], row: Mapping[str, Any]) -> DemoVariant:
    choice = {name: str(value) for name, value in row.items() if name not in _OWN}
    own = {name: row.get(name, product.get(name)) for name in ("unit", "price", "tint")}
    own["name"] = row.get("name", f"{product['name']}, {', '.join(choice.values())}")
    return DemoVariant(choice=choice, stock=row.get("stock", 0), factor=row.get("factor", 1), **own)


@cache
def _written() -> Mapping[str, Any]:
    written: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "market.yaml").read_text("utf-8"))
    return written
