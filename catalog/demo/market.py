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


@dataclass(frozen=True)
class DemoProduct:
    """A product; `price` in F CFA a unit, `look` and `tint` name its picture."""

    slug: str
    name: str
    unit: str
    price: int
    stock: int
    category: str
    look: str
    tint: str
    description: str


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
    products: tuple[DemoProduct, ...]


@cache
def demo_categories() -> tuple[DemoCategory, ...]:
    """The categories, in the order of lists."""
    return tuple(DemoCategory(row["slug"], {"fr": row["fr"], "en": row["en"]}) for row in _written()["categories"])


@cache
def demo_vendors() -> tuple[DemoVendor, ...]:
    """The shops with their products."""
    return tuple(
        DemoVendor(**{"bands": None, **row, "products": tuple(map(_product, row["products"]))})
        for row in _written()["vendors"]
    )


def demo_products() -> tuple[DemoProduct, ...]:
    """The products of all shops."""
    return tuple(product for vendor in demo_vendors() for product in vendor.products)


def _product(row: Mapping[str, Any]) -> DemoProduct:
    return DemoProduct(**{"slug": fold(row["name"]).replace(" ", "-"), "description": "", **row})


@cache
def _written() -> Mapping[str, Any]:
    written: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "market.yaml").read_text("utf-8"))
    return written
