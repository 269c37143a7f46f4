"""The places in a phrase where people put their own words: what fits there, and the value it gives."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from base.money import read_amount, read_bounds
from base.phones import read_phone
from base.places import names_place
from bot.understanding.goods import read_asked_product, read_bare_items, read_items, read_list, read_product
from bot.understanding.message import Span
from bot.understanding.names import ATTRIBUTE_OF, COLOURS, INDEX_OF, LANGUAGE_OF, METHOD_OF, PERIOD_OF
from bot.understanding.quantities import read_quantity
from bot.understanding.traits import GOODS

REFUSED_AT_DOOR = "refused_at_door"
"""The reason of who tells that his customer did not take a parcel."""
_TIME_WORD = (
    r"(?:[0-9]{1,2}(?:h[0-9]{0,2})?|h|aujourd|hui|demain|apres|matin|soir|midi|nuit|lundi|mardi|mercredi|jeudi|vendredi"
    r"|samedi|dimanche|semaine|weekend|week|end|jours?|heures?|mois|prochaine?|prochain|un|une|deux|trois|quatre|cinq"
    r"|avant|pour|des|de|d|ici|jusqu|a|au|le|la|ce|cet|cette|pendant|maintenant|toute|journee|fin|debut|meme)"
)
_AT_THE_DOOR = (
    r"(?:le client|client|la cliente|l acheteur) (?:(?:n a )?pas (?:pris|voulu)|a refuse|refuse|(?:n )?est pas venu"
    r"|(?:ne )?repond pas|(?:ne )?veut plus)(?: (?:le colis|la commande))? "
)
_CODE = re.compile(r"(?=[a-z]{0,4}[0-9])[0-9a-z]{3,5}")
_MEASURED = re.compile(r"[0-9]{1,2}h[0-9]{0,2}|[0-9]+(?:kg|g|l|cl|ml|go|f|k|mil|cm|m|am|pm)")
_ONE_TIME_WORD = re.compile(_TIME_WORD)


def _words(most: int, lazy: bool = True) -> str:
    return rf"(?:\S+ ){{1,{most}}}{'?' if lazy else ''}"


def _any_of(names: Mapping[str, str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + ") "


Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """What fits (a pattern over normalised words, each followed by a blank) and the slots it gives, or None."""

    pattern: str
    values: Callable[[Span], Values | None]


def _typed(name: str) -> Callable[[Span], Values | None]:
    return lambda said: {name: said.typed}


def _product(said: Span) -> Values | None:
    product = read_asked_product(said)
    return {"product": product} if product else None


def _quantity(said: Span) -> Values | None:
    quantity, length = read_quantity(said.normal)
    return {"quantity": quantity} if quantity and length == len(said.words) else None


def _searched(said: Span) -> Values | None:
    product = read_product(said)
    return _priced(said) or ({"product": product} if product else None)


def _priced(said: Span) -> Values | None:
    """`robe entre 5 et 8 mil`, `mixeur max 3k`: product words, and whole F CFA behind them."""
    for place in range(1, len(said.words)):
        bounds = read_bounds(said.part(place).typed)
        product = read_product(said.part(0, place)) if bounds else None
        if product:
            return {"product": product, **bounds}
    return None


def _ordered(read: Callable[[Span], tuple[Any, ...]]) -> Callable[[Span], Values | None]:
    def values(said: Span) -> Values | None:
        items = [item.as_slot() for item in read(said)]
        if not items:
            return None
        return {"items": items, **(items[0] if len(items) == 1 else {})}

    return values


def _code(said: Span) -> Values:
    return {"order": said.normal[-1].upper()}


def only_order(said: Span) -> str | None:
    """The order code in a message that has exactly one, in capitals; hours, measures and amounts are no codes."""
    codes = {word.upper() for word in said.normal if _CODE.fullmatch(word) and not _MEASURED.fullmatch(word)}
    return codes.pop() if len(codes) == 1 else None


def read_reference(said: Span) -> str | None:
    """A payment's reference: the longest word with figures in it; None without one; a phone behind `au` is none."""
    words = [said.part(place, place + 1) for place in range(len(said.words)) if not _is_called(said.normal, place)]
    found = [
        word.typed for word in words if _REFERENCE.fullmatch(word.normal[0]) and not _MEASURED.fullmatch(word.normal[0])
    ]
    return max(found, key=len, default=None)


def _is_called(normal: tuple[str, ...], place: int) -> bool:
    """`au 90000002`: the number that was paid, no reference."""
    return normal[place - 1 : place] in (("au",), ("sur",)) and read_phone(normal[place]) is not None


def _place(said: Span) -> Values | None:
    """Where to: the end of `de Bè à Agoè`, without an article before and a time behind."""
    first = max((index + 1 for index, word in enumerate(said.normal) if word == "a"), default=0)
    end = len(said.words)
    while end > first and _ONE_TIME_WORD.fullmatch(said.normal[end - 1]):
        end -= 1
    if end - first > 1 and said.normal[first] in ("la", "le", "l"):
        first += 1
    return {"place": said.part(first, end).typed} if first < end else None


def _refused_at_door(said: Span) -> Values:
    return {"reason": REFUSED_AT_DOOR}


def _nothing(said: Span) -> Values:
    return {}


def _named(name: str, values: Mapping[str, Any]) -> Callable[[Span], Values | None]:
    return lambda said: {name: values[" ".join(said.normal)]}


def _price(said: Span) -> Values | None:
    amount = read_amount(said.typed)
    return {"price": amount} if amount and amount >= _LEAST_PRICE else None


def _percent(said: Span) -> Values | None:
    """A share of the price, typed with its sign: `20%`."""
    typed = said.text[said.words[0].start : said.words[-1].end + 2]
    is_share = "%" in typed or "cent" in typed
    return {"percent": int(said.normal[0])} if is_share and int(said.normal[0]) else None


def _phone(said: Span) -> Values | None:
    phone = read_phone(said.typed)
    return {"phone": phone} if phone else None


def _name(said: Span) -> Values | None:
    """A person's name: no word of shop talk in it, such as `je suis dehors`."""
    is_name = _NO_NAME.isdisjoint(said.normal) and not names_place(said.normal)
    return {"name": said.typed} if is_name else None


def _index(said: Span) -> Values | None:
    word = said.normal[0]
    place = int(word) if word.isdigit() else INDEX_OF.get(word, 0)
    return {"index": place} if 0 < place <= _MOST_CHOICES else None


def _typed_again(said: Span) -> Values:
    """When it is wanted: `understand` reads it by its clock."""
    return {WHEN: said.typed}


def _located(said: Span) -> Values | None:
    """A place of the gazetteer or a landmark with its relation; `gari de Tsévié` is a good."""
    is_relative = not _RELATIONS.isdisjoint(said.normal)
    if is_relative and not _LANDMARKS.isdisjoint(said.normal):
        return {}
    is_good = said.normal[0] in GOODS - _LANDMARKS and not is_relative
    return {} if names_place(said.normal) and not is_good else None


def read_workshop(said: Span) -> Values | None:
    """What it is about: `l'atelier sur la photo` is `photo`."""
    first = 0
    while first < len(said.words) and said.normal[first] in _BEFORE_WORKSHOP:
        first += 1
    return {"workshop": said.part(first).typed} if first < len(said.words) else None


def _kind(kind: str) -> Callable[[Span], Values]:
    return lambda said: {"kind": kind}


_REFERENCE = re.compile(r"(?=[a-z]*[0-9])[0-9a-z]{6,24}")
KINDS_OF_DATA: Mapping[str, frozenset[str]] = {
    "erase": frozenset(
        "supprimez supprimer supprime effacez efface effacer enlevez detruisez oubliez retirez delete erase".split()
    ),
    "correct": frozenset(
        "corrigez corriger corrige changez changer change modifiez modifier ecrit update faux".split()
    ),
}
"""The words that tell what a request about one's own data wants; without any it wants to see them."""
WHEN = "when"
"""A slot for `understand` alone: words of time as typed."""
_BEFORE_WORKSHOP = frozenset(
    "l la le les a au aux pour atelier ateliers formation formations session conference sur de du des d numero".split()
)
_LEAST_PRICE = 25  # F CFA: less is a quantity
_MOST_CHOICES = 20
_NO_NAME = frozenset(
    "je j tu il elle on nous vous le la les un une des du de a au en sur dans chez pas plus qui que quoi ou est c ca et"
    " mais pour avec sans client cliente acheteur vendeur livreur interesse interessee d accord pret prete dehors ici"
    " maison oui non ok merci bonjour bonsoir commande prix combien numero moi toi lui".split()
)
_RELATIONS = frozenset(
    "derriere devant face cote pres loin avant apres entre carrefour rond route voie von rue descente immeuble portail"
    " maison etage coin angle vers non".split()
)
_LANDMARKS = frozenset(
    "pharmacie carrefour marche ecole epp ceg lycee college eglise temple mosquee station total shell oando sanol bar"
    " buvette maquis hotel hopital cms clinique banque ecobank orabank rond point feux camp stade boulangerie ceet tde"
    " mairie terrain cimetiere agence togocom yas moov flooz tmoney boutique immeuble portail rails pont universite"
    " campus supermarche supermarket bureau goudron von paves".split()
)
_A_SIZE = r"(?:[0-9]{2}(?: et demi)?|[0-9]+ ?(?:go|gb|kg|l|cl|ml|yards?|pouces?)|x{0,3}[sml])"


SLOTS: Mapping[str, Slot] = {
    "product": Slot(_words(9), _product),
    "searched": Slot(_words(16, lazy=False), _searched),
    "priced": Slot(_words(16, lazy=False), _priced),
    "items": Slot(_words(60, lazy=False), _ordered(read_items)),
    "bare_items": Slot(_words(60, lazy=False), _ordered(read_bare_items)),
    "list_items": Slot(_words(60, lazy=False), _ordered(read_list)),
    "quantity": Slot(_words(3), _quantity),
    "order": Slot(r"(?:numero |n )?(?:tg [0-9a-z]{3,5} |(?=[a-z]{0,4}[0-9])[0-9a-z]{3,5} )", _code),
    "reason": Slot(_words(12), _typed("reason")),
    "at_the_door": Slot(_AT_THE_DOOR, _refused_at_door),
    "came_back": Slot(r"(?:est )?(?:revenue?) ", _refused_at_door),
    "carrier": Slot(_words(3), _typed("carrier")),
    "receipt": Slot(r"(?=[a-z]*[0-9])[0-9a-z]{2,12} ", _typed("receipt")),
    "place": Slot(r"(?:(?!quel|combien|domicile|qui |partout)[a-z]+ ){1,5}?", _place),
    "method": Slot(_any_of(METHOD_OF), _named("method", METHOD_OF)),
    "other_method": Slot(_any_of(METHOD_OF), _nothing),
    "period": Slot(_any_of(PERIOD_OF), _named("period", PERIOD_OF)),
    "when": Slot(rf"(?:{_TIME_WORD} ){{1,7}}", _typed_again),
    "price": Slot(r"(?:\S+ ){1,4}?", _price),
    "percent": Slot(r"[0-9]{1,2} (?:pour cent |pour cents |percent )?", _percent),
    "hours": Slot(r"(?:[0-9]{1,2}|[0-9]{1,2}h[0-9]{0,2}|h|a|et|de|heures?|jusqu) (?:\S+ ){0,5}?", _nothing),
    "phone": Slot(r"(?:\S*[0-9]\S* ){1,6}?", _phone),
    "name": Slot(r"(?:[a-z]{2,20} ){1,4}?", _name),
    "kin": Slot(r"(?:ma|mon|notre) (?:[a-z]{2,20} ){1,2}?", _typed("name")),
    "index": Slot(r"(?:[0-9]{1,2}|" + "|".join(INDEX_OF) + r") ", _index),
    "size": Slot(rf"{_A_SIZE}(?:(?: ou)? (?:[0-9]{{2}}|x{{0,3}}[sml]))? ", _typed("size")),
    "attribute": Slot(_any_of(ATTRIBUTE_OF), _named("attribute", ATTRIBUTE_OF)),
    "colour": Slot("(?:" + "|".join(sorted(COLOURS)) + ") ", lambda said: {"attribute": "couleur"}),
    "language": Slot(_any_of(LANGUAGE_OF), _named("language", LANGUAGE_OF)),
    "other_language": Slot(_any_of(LANGUAGE_OF), _nothing),
    "reference": Slot(r"(?=[a-z]*[0-9])[0-9a-z]{5,24} ", _typed("reference")),
    "workshop": Slot(r"(?:\S+ ){1,9}", read_workshop),
    "workshop_number": Slot(r"(?:atelier |session |formation |numero )?[0-9]{1,2} ", read_workshop),
    "located": Slot(_words(20, lazy=False), _located),
    "access": Slot("", _kind("access")),
    "erase": Slot("", _kind("erase")),
    "correct": Slot("", _kind("correct")),
    "some_words": Slot(_words(9), _nothing),
}
"""`some_words`, `other_method`, `other_language` and `located` are heard and give no slot; `access`, `erase`
and `correct` take no word and say what a request about one's own data wants."""
