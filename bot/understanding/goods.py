"""What is asked for: product words, units, and lists of both with quantities."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from base.places import is_place
from base.spelling import fold, is_politeness
from bot.understanding.message import Span
from bot.understanding.quantities import is_figure, is_number_word, read_quantity

_MOST_PRODUCT_WORDS = 9
ARTICLES = frozenset(
    "of the some any le la les l du de des d un une votre vos ton ta tes ce cet cette ces c est au aux mon ma mes"
    " encore toujours aussi bon bonne bons".split()
)
_LOOSE_ENDS = frozenset("la ici encore pas cher trop aussi maintenant alors donc vraiment moi et avec de du".split())
_NO_PRODUCT = frozenset(
    "combien comment quand quoi qui que pourquoi je j tu il elle ils elles vous nous on suis etes ai as avez avons"
    " veux veut peux peut pouvez faut livraison livrer livrez livreur livre payer paye paie paiement commande"
    " commandes panier menu catalogue aide argent numero adresse boutique compte moins annuler annule commander"
    " acheter vendre parler savoir voir discuter prendre avoir recevoir envoyer venir chercher changer retirer"
    " supprimer modifier rendre quelqu quelque chose ca cela tout rien ok oui non merci bonjour bonsoir salut"
    " aujourd demain hier matin soir midi lundi mardi mercredi jeudi vendredi samedi dimanche heure heures jour"
    " jours semaine mois confiance arnaque probleme vendeur responsable humain personne agent conseiller compris"
    " retour promo promos pub pubs messages message inscrire formation rembourse remboursement prix beaucoup plus"
    " est facture suivi mieux lieu dernier derniere".split()
)
_NO_BARE_PRODUCT = frozenset(
    "maison maisons rue rues von carrefour pharmacie eglise ecole marche apres avant derriere devant face cote"
    " pres rond feux a au vers etage portail metres km minutes ans fois f fcfa francs cfa mille mil k h personnes"
    " enfants e eme er premier deuxieme places ventes clients vendeurs atelier session".split()
)
_UNITS = {
    "sac": "sac sacs bag bags",
    "bol": "bol bols bole",
    "bidon": "bidon bidons",
    "carton": "carton cartons box boxes",
    "casier": "casier casiers",
    "paquet": "paquet paquets packet packets",
    "boite": "boite boites",
    "bouteille": "bouteille bouteilles bottle bottles",
    "sachet": "sachet sachets",
    "panier": "paniers",
    "palette": "palette palettes plateau plateaux",
    "paire": "paire paires",
    "pièce": "piece pieces pcs",
    "kilo": "kilo kilos kg",
    "litre": "litre litres l",
    "mètre": "metre metres m",
    "yard": "yard yards",
    "tas": "tas",
    "pot": "pot pots",
    "bassine": "bassine bassines",
    "tube": "tube tubes",
    "tonne": "tonne tonnes",
    "rouleau": "rouleau rouleaux",
    "pack": "pack packs",
    "lot": "lot lots",
    "botte": "botte bottes",
    "régime": "regime regimes",
    "verre": "verre verres",
    "cuvette": "cuvette cuvettes",
}
UNIT_OF = {way: unit for unit, ways in _UNITS.items() for way in ways.split()}
_ONE_OF = {f"{way}{end}": way for way in UNIT_OF for end in ("s", "x", "es") if f"{way}{end}" in UNIT_OF}
_MEASURES = frozenset(
    "kg g gr grammes l cl ml litre litres kilo kilos yards yard pouces go gb mo m cm w v watts pieds page pages".split()
)
_MOST_SHOP_WORDS = 3
_NO_SHOP = frozenset(
    "vous toi moi nous lui elle eux max maxi maximum moins entre a pour avec au et budget c est svp".split()
)
_EACH = frozenset("chaque chacun tout tous".split())
_LEAST_AMOUNT = 500  # behind goods and without a unit, so many are francs
_SIZES = frozenset("taille pointure".split())
_GLUED_SIZE = re.compile(r"[0-9]+(?:kg|g|gr|l|cl|ml|go|gb|m|cm|w|v|yards?|pouces?|litres?|kilos?)")
_GLUED_UNIT = re.compile(r"([1-9][0-9]{0,2})([a-z]{3,})")
_KINDS_OF_BAG = frozenset("sport voyage couchage cours classe conserve fleurs".split())
_NOT_COUNTED_AFTER = frozenset(
    "taille pointure numero n iphone galaxy itel tecno infinix redmi togo modele version".split()
)
_DESCRIPTIONS = frozenset(
    "neuf neuve noir noire rouge bleu bleue blanc blanche pro plus max mini vert jaune gris rose".split()
)
_NOT_ONE = frozenset("peu autre bon petit".split())
"""`un peu` counts nothing."""
_PREPOSITIONS = frozenset("pour a au de d en sur chez dans avec comme".split())
_BESIDE = frozenset("aussi encore bien juste seulement moi me nous mettre garder encore ajouter voir".split())
_SEPARATOR = re.compile(r"[,;\n+]|(?<=\s)-(?=\s)")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked for: product words as typed, a quantity and a unit in the singular, None where not said."""

    product: str
    quantity: int | None
    unit: str | None

    def as_slot(self) -> dict[str, Any]:
        """The item as slots hold it."""
        return {"product": self.product, "quantity": self.quantity, "unit": self.unit}


def unit_named(word: str) -> str:
    """The unit that a word names, spelled as an item's: `kg` is `kilo`; the folded word where it is none of them."""
    return UNIT_OF.get(fold(word), fold(word))


def unit_typed(typed: str) -> str:
    """A unit as it was typed, in the singular: `Sacs` is `Sac`, `plateaux` `plateau`; `kg` and `tas` stay."""
    folded = fold(typed)
    is_many = folded in _ONE_OF or (folded not in UNIT_OF and len(folded) > 3 and folded.endswith(("s", "eaux")))
    return typed[: len(_ONE_OF.get(folded, folded[:-1])) - len(folded)] if is_many else typed


def is_no_name(word: str) -> bool:
    """Whether goods are never called by this word alone: `les deux`, `5 de chaque`."""
    return word in _EACH or word in ARTICLES or is_number_word(word)


def is_unit(product: str) -> bool:
    """Whether a product's words are a unit's name and nothing else: `carton`."""
    return fold(product) in UNIT_OF


def is_measure(word: str) -> bool:
    """Whether a word measures goods: `kg`, `pouces`."""
    return word in _MEASURES


def is_size(word: str) -> bool:
    """Whether a word names the size behind it: `taille`."""
    return word in _SIZES


def is_separator(gap: str) -> bool:
    """Whether what stands between two words parts items of a list: a comma, a line break, a plus."""
    return bool(_SEPARATOR.search(gap))


def with_behind(said: Span, end: int, *, is_sought: bool) -> int:
    """Where goods end that end before `end`, with what is told behind them.

    A size (`25kg`, `de 25 kg`, `taille 42`), where they come from (`de Kovié`), and of goods that are sought where they
    should be (`à Agoè`, `chez Maman Yawa`).
    """
    is_of = said.normal[end : end + 1] in (("de",), ("d",))
    behind = end + is_of
    words = said.normal[behind : behind + 2]
    if not words or any(is_separator(said.gap_before(place)) for place in range(end, behind + len(words))):
        return end
    if _GLUED_SIZE.fullmatch(words[0]) or (is_of and is_place(words[0])):
        return behind + 1
    is_measured = len(words) > 1 and words[0].isdigit() and words[1] in _MEASURES
    is_named = len(words) > 1 and is_size(words[0]) and words[1].isdigit()
    is_there = is_sought and words[0] == "a" and len(words) > 1 and is_place(words[1])
    if is_sought and words[0] == "chez":
        return _shop_end(said, behind + 1) or end
    return behind + 2 if is_measured or is_named or is_there else end


def _shop_end(said: Span, first: int) -> int:
    """Where the name of a shop ends that begins at `first`; 0 where it is no name: `chez vous`."""
    end = first
    while end < min(first + _MOST_SHOP_WORDS, len(said.words)) and said.normal[end] not in _NO_SHOP:
        if said.normal[end][0].isdigit() or (end > first and is_separator(said.gap_before(end))):
            break
        end += 1
    return end if end > first else 0


def read_product(said: Span) -> str | None:
    """Return the product words as typed, without articles before and loose words behind, or None."""
    trimmed = _trimmed(said)
    normal = trimmed.normal
    if not normal or len(normal) > _MOST_PRODUCT_WORDS or any(word in _NO_PRODUCT for word in normal):
        return None
    if "pas" in normal or is_politeness(normal) or all(map(is_no_name, normal)):
        return None
    if not any(len(word) > 1 and not word[0].isdigit() for word in normal):
        return None
    return trimmed.typed


def read_asked_product(said: Span) -> str | None:
    """As `read_product`, without a figure and a unit before: `le bidon d'huile` and `les 3 huiles` ask about huile."""
    rest = _trimmed(said)
    if len(rest.words) > 1 and is_figure(rest.normal[0]):
        rest = _trimmed(rest.part(1))
    behind_unit = rest.normal[2:3] and rest.normal[0] in UNIT_OF and rest.normal[1] in ("de", "d")
    is_kind = behind_unit and rest.normal[2] in _KINDS_OF_BAG
    return read_product(rest.part(2) if behind_unit and not is_kind else rest)


def read_items(said: Span) -> tuple[Item, ...]:
    """Return the items of `2 sacs de riz et 3 savons`, `riz 1, sucre 3 paquets` or `du riz`; () when a part is none."""
    items = [_item(piece) for segment in _segments(said) for piece in _pieces(segment)]
    return tuple(item for item in items if item) if all(items) else ()


def read_bare_items(said: Span) -> tuple[Item, ...]:
    """Return the items of a message that is nothing but quantities and products: `3 bol de mais 2 bol haricot`."""
    if any(word in _NO_BARE_PRODUCT for word in said.normal) or not _begins_counted(said.normal):
        return ()
    items = read_items(said)
    return items if all(item.quantity for item in items) else ()


def read_list(said: Span) -> tuple[Item, ...]:
    """Return the items of `sucre 3 paquets`, or of two lines or more, each a product and its quantity: `riz 1`."""
    if any(word in _NO_BARE_PRODUCT for word in said.normal):
        return ()
    items = read_items(said)
    is_list = len(items) > 1 or any(item.unit for item in items) or _is_times(said.normal[-1])
    return items if is_list and all(item.quantity for item in items) else ()


def _is_times(word: str) -> bool:
    """`x2` and `2x` count, whatever they stand behind."""
    return is_figure(word) and "x" in word


def _trimmed(said: Span) -> Span:
    """Without articles before, loose words behind, and what it is for (`pour ma maman`, but not `pour homme`)."""
    first, end = 0, _purpose(said.normal)
    while first < end and said.words[first].normal in ARTICLES:
        first += 1
    while end > first and said.words[end - 1].normal in _LOOSE_ENDS:
        end -= 1
    return said.part(first, end)


def _purpose(normal: tuple[str, ...]) -> int:
    for place in range(1, len(normal) - 1):
        following = normal[place + 1]
        is_aim = following in _AIMS or (len(following) > 4 and following.endswith(("er", "ir", "dre")))
        if (normal[place] == "pour" and is_aim) or normal[place : place + 2] in _ASIDES:
            return place
    return len(normal) - 2 if normal[-2:] in _ASIDES and len(normal) > 2 else len(normal)


_AIMS = frozenset("mon ma mes les le la l un une des ton ta son sa ses notre nos votre vos cette ce cet demain".split())
_ASIDES = {
    ("chez", "vous"),
    ("chez", "toi"),
    ("ou", "bien"),
    ("ou", "pas"),
    ("ou", "quoi"),
    ("qui", "sont"),
    ("que", "vous"),
}


def _segments(said: Span) -> Iterator[Span]:
    """Cut at commas, line breaks and plus signs, and at `et` before a quantity or an article."""
    first = 0
    for index, word in enumerate(said.words):
        if index and _SEPARATOR.search(said.gap_before(index)) and first < index:
            yield said.part(first, index)
            first = index
        following = said.normal[index + 1 : index + 2]
        if word.normal in ("et", "plus", "puis") and following and _begins_item(following[0]):
            if first < index:
                yield said.part(first, index)
            first = index + 1
    if first < len(said.words):
        yield said.part(first)


def _begins_counted(normal: tuple[str, ...]) -> bool:
    glued = _GLUED_UNIT.fullmatch(normal[0])
    return bool(read_quantity(normal)[0]) or bool(glued and glued[2] in UNIT_OF)


def _begins_item(word: str) -> bool:
    return is_figure(word) or word in ARTICLES or bool(read_quantity([word])[0]) or bool(_GLUED_UNIT.fullmatch(word))


def _pieces(segment: Span) -> Iterator[Span]:
    """Cut a segment that begins with a quantity before each further quantity: `3 bol de mais 2 bol haricot`."""
    first = 0
    if read_quantity(segment.normal)[0]:
        for index in range(2, len(segment.words) - 1):
            if _counts(segment.normal, index) and index > first + 1:
                yield segment.part(first, index)
                first = index
    yield segment.part(first)


def _counts(normal: tuple[str, ...], index: int) -> bool:
    """Whether the figure at `index` counts what follows, and is no size, model or pointure."""
    following = normal[index + 1]
    return (
        (is_figure(normal[index]) or _counts_in_words(normal, index))
        and following not in _MEASURES
        and following not in _DESCRIPTIONS
        and not _GLUED_SIZE.fullmatch(following)
        and normal[index - 1] not in _NOT_COUNTED_AFTER
    )


def _counts_in_words(normal: tuple[str, ...], index: int) -> bool:
    return (
        is_number_word(normal[index]) and normal[index + 1] not in _NOT_ONE and normal[index - 1] not in _PREPOSITIONS
    )


def _item(piece: Span) -> Item | None:
    first = next((place for place, word in enumerate(piece.normal) if word not in _BESIDE), 0)
    piece = piece.part(first)
    quantity, length = read_quantity(piece.normal)
    if quantity:
        return _counted(piece.part(length), quantity)
    glued = _GLUED_UNIT.fullmatch(piece.normal[0]) if piece.words else None
    if glued and glued[2] in UNIT_OF and not _GLUED_SIZE.fullmatch(piece.normal[0]):
        product = read_product(piece.part(1))
        if product:
            return Item(product, int(glued[1]), unit_typed(glued[2]))
        return Item(piece.typed.lstrip("0123456789"), int(glued[1]), None) if len(piece.words) == 1 else None
    return _quantity_behind(piece) or _uncounted(piece)


def _counted(rest: Span, quantity: int) -> Item | None:
    """`sacs de riz`, `riz`, or `sac` alone, which is then what is asked for."""
    unit = _unit(rest, 0)
    product = read_product(rest.part(1)) if unit else None
    if product:
        return Item(product, quantity, unit)
    product = read_product(rest)
    return Item(product, quantity, None) if product else None


def _quantity_behind(piece: Span) -> Item | None:
    """`riz 1`, `sucre 3 paquets`: the quantity is last but for its unit."""
    normal = piece.normal
    for unit_words in (0, 1):
        place = len(normal) - 1 - unit_words
        if place < 1 or not is_figure(normal[place]) or normal[place - 1] in _NOT_COUNTED_AFTER:
            continue
        if not unit_words and read_quantity(normal[place:])[0] >= _LEAST_AMOUNT:
            continue
        unit = _unit(piece, len(normal) - 1) if unit_words and normal[-1] not in _MEASURES else None
        named = piece.part(0, place)
        before = None if unit else _unit_before(named)
        product = read_product(named.part(1) if before else named)
        if product and (unit or not unit_words):
            return Item(product, read_quantity(normal[place:])[0], unit or before)
    return None


def _unit_before(named: Span) -> str | None:
    """`kilo de tomate`: the unit that the quantity behind counts."""
    return _unit(named, 0) if named.normal[1:2] in (("de",), ("d",)) and len(named.words) > 2 else None


def _unit(said: Span, place: int) -> str | None:
    """The unit that a word is, in the singular; None where it is none."""
    is_unit = place < len(said.words) and said.normal[place] in UNIT_OF
    return unit_typed(said.part(place, place + 1).typed) if is_unit else None


def _uncounted(piece: Span) -> Item | None:
    product = read_product(piece)
    return Item(product, None, None) if product else None
