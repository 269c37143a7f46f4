"""What the columns of a price list hold, by the words above them: French or English, in any order and spelling."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal

from base.sheets.cells import is_one_of
from base.sheets.refusals import SheetRefused
from base.spelling import fold

Field = Literal["shop", "code", "price", "quantity", "category", "description", "unit", "name", "steps", "least"]
# in this order: `prix unitaire` is no unit, and `code article` no name
WORDS: Final[Mapping[Field, frozenset[str]]] = {
    "shop": frozenset("boutique shop magasin".split()),
    "code": frozenset("code codes ref reference references sku slug id identifiant".split()),
    "price": frozenset("prix tarif tarifs price prices pu pv".split()),
    "quantity": frozenset(
        "quantite quantites qte qtes qt qty quantity quantities stock stocks nombre nbre restant dispo disponible"
        " available".split()
    ),
    "category": frozenset("categorie categories category rayon famille section type".split()),
    "description": frozenset("description descriptif details detail desc remarque observation commentaire".split()),
    "unit": frozenset("unite unites unit units conditionnement mesure emballage".split()),
    "name": frozenset(
        "produit produits product products article articles item items designation libelle nom name denomination"
        " marchandise marchandises".split()
    ),
}
PASSED_OVER: Final = frozenset("achat total totaux montant valeur revient ancien statut status raison".split())
BEST_NAMES: Final = frozenset("designation libelle denomination".split())  # beside a column `article`
TOLD_ONCE: Final[frozenset[Field]] = frozenset({"price", "quantity", "steps", "least"})
FOR_MANY: Final = frozenset("gros degressif degressifs palier paliers wholesale bulk partir".split())
FROM: Final = re.compile(r"\b(?:des|from) \d")


def known_columns(header: Sequence[str]) -> Mapping[Field, int]:
    """Place of each column that is known by its words; of several of one kind the first."""
    found: dict[Field, int] = {}
    for place, words in enumerate(header):
        field = field_of(words[:60])
        if field and (field not in found or (field == "name" and _is_best_name(words) and place)):
            found[field] = place
    if "price" not in found and "steps" in found and not least_of(header[found["steps"]]):
        found["price"] = found.pop("steps")  # who sells by the bulk alone
    return found


def least_of(header: str) -> int:
    """From how many units on a column's prices count by its own words, `prix dès 10`; 0 where they do not say it."""
    figures = [int(word) for word in fold(header[:60]).split() if word.isdecimal() and len(word) < _LONGEST_FIGURE]
    return figures[0] if len(figures) == 1 else 0


_LONGEST_FIGURE: Final = 6


def columns_of(header: Sequence[str]) -> Mapping[Field, int]:
    """The columns of a header; {} when it is none: it names goods, and their price or number.

    Raises SheetRefused when two columns tell a price, or a number.
    """
    found = known_columns(header)
    if not {"name", "code"} & found.keys() or not {"price", "quantity"} & found.keys():
        return {}
    fields = [field_of(words[:60]) for words in header]
    if any(fields.count(field) > 1 for field in TOLD_ONCE):
        raise SheetRefused("two_columns")
    return found


def _is_best_name(words: str) -> bool:
    return not BEST_NAMES.isdisjoint(fold(words).split())


@lru_cache(maxsize=1024)
def field_of(words: str) -> Field | None:
    """What a column holds by the words above it; None when they say nothing that is known."""
    typed = fold(words).split()
    if not PASSED_OVER.isdisjoint(typed):
        return None
    together = "".join(typed)
    if not FOR_MANY.isdisjoint(typed) or FROM.search(" ".join(typed)):
        return _of_many(typed)
    for field, known in WORDS.items():
        if together in known or any(is_one_of(word, known) for word in typed):
            return field
    return None


def _of_many(typed: Sequence[str]) -> Field:
    """`prix de gros`, `à partir de 10`: prices for many. `à partir de`, `quantité de gros`: how many these are."""
    is_priced = any(is_one_of(word, WORDS["price"]) for word in typed) or any(word.isdecimal() for word in typed)
    is_counted = "partir" in typed or any(is_one_of(word, WORDS["quantity"]) for word in typed)
    return "least" if is_counted and not is_priced else "steps"
