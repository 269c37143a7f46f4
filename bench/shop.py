"""The floor's shop: three menus, a basket and an order, all in memory but the session."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CATEGORIES = ("Céréales", "Vivriers", "Épicerie", "Boissons", "Pagnes", "Beauté")
GOODS = {
    f"{category}{number}": (f"{name} {number + 1}", 500 + 50 * number)
    for category, name in enumerate(CATEGORIES)
    for number in range(18)
}
PAGE = 9
Session = dict[str, Any]


@dataclass(frozen=True)
class Bubble:
    """What is said: words, offers as (choice, title, detail), the question's name, whether there was an order."""

    state: str
    words: str
    offers: Sequence[tuple[str, str, str]] = ()
    order: Mapping[str, int] | None = None


def money(amount: int) -> str:
    """1 500 F CFA."""
    return f"{amount:,} F CFA".replace(",", "\u00a0")


def price(key: str) -> int:
    """F CFA of one."""
    return GOODS[key][1]


def menu(session: Session, choice: str) -> Bubble:
    """The first menu."""
    return Bubble("menu", "Que souhaitez-vous faire ?", [
        ("browse", "Voir les produits", ""), ("basket", "Mon panier", ""), ("help", "Aide", "")])  # fmt: skip


def categories(session: Session, choice: str) -> Bubble:
    """The second menu."""
    rows = [(str(place), name, "18 produits") for place, name in enumerate(CATEGORIES)]
    return Bubble("categories", "Choisissez un rayon.", rows)


def category(session: Session, choice: str) -> Bubble:
    """One category from now on."""
    session["category"] = choice
    return products(session, "")


def products(session: Session, choice: str) -> Bubble:
    """The third menu, in pages."""
    listed = [key for key in GOODS if key.startswith(session.get("category", "0"))]
    first = int(choice[1:] or 0) if choice.startswith("+") else 0
    shown = listed[first : first + PAGE]
    rows = [(key, GOODS[key][0], f"{money(price(key))} · 40 en stock") for key in shown]
    more = [(f"+{first + PAGE}", "Suite", "")] if len(listed) > first + PAGE else []
    return Bubble("products", "Choisissez un produit.", rows + more)


def product(session: Session, choice: str) -> Bubble:
    """The card of one."""
    session["product"] = choice
    name, amount = GOODS[choice]
    words = f"{name}\n{money(amount)} le sac\nIl en reste 40.\nVendu par Maman Yawa, à Agoè-Assiyéyé."
    offers = [("add", "Ajouter au panier", ""), ("ask", "Poser une question", ""), ("others", "Voir la liste", "")]
    return Bubble("card", words, offers)


def add(session: Session, choice: str) -> Bubble:
    """How many."""
    return Bubble("quantity", f"Combien de {GOODS[session['product']][0]} voulez-vous ?")


def amount(session: Session, words: str) -> Bubble:
    """So many into the basket."""
    basket = session.setdefault("basket", {})
    key = session["product"]
    basket[key] = basket.get(key, 0) + int(words)
    told = f"Ajouté : {basket[key]} × {GOODS[key][0]}.\nPanier : {money(goods(basket))}."
    offers = [("checkout", "Commander", ""), ("go_on", "Continuer", ""), ("basket", "Mon panier", "")]
    return Bubble("added", told, offers)


def goods(basket: Mapping[str, int]) -> int:
    """F CFA of a whole basket."""
    return sum(price(key) * count for key, count in basket.items())


def lines(basket: Mapping[str, int]) -> str:
    """One line each."""
    return "\n".join(f"{count} × {GOODS[key][0]} : {money(price(key) * count)}" for key, count in basket.items())


def basket(session: Session, choice: str) -> Bubble:
    """What is in it."""
    filled = session.get("basket", {})
    told = f"Votre panier\n{lines(filled)}\nTotal : {money(goods(filled))}"
    offers = [("checkout", "Commander", ""), ("change", "Modifier", ""), ("go_on", "Continuer", "")]
    return Bubble("basket_shown", told, offers)


def checkout(session: Session, choice: str) -> Bubble:
    """Where to."""
    offers = [("1", "Bè-Kpota", ""), ("other_address", "Autre adresse", "")]
    return Bubble("same_address", "À quelle adresse livrons-nous ?\n• Bè-Kpota, pour Awa Mensah", offers)


def recap(session: Session, choice: str) -> Bubble:
    """All before the yes."""
    filled = session.get("basket", {})
    told = f"Récapitulatif\n{lines(filled)}\nLivraison : {money(500)}\nTotal : {money(goods(filled) + 500)}"
    offers = [("confirm", "Confirmer", ""), ("correct", "Corriger", ""), ("cancel", "Annuler", "")]
    return Bubble("recap", told, offers)


def confirm(session: Session, choice: str) -> Bubble:
    """The order."""
    filled = session.pop("basket", {})
    return Bubble("placed", "Commande enregistrée.", [("track", "Suivre", ""), ("menu", "Menu", "")], filled)


WAYS = {
    "browse": categories, "go_on": products, "others": products, "add": add, "basket": basket, "checkout": checkout,
    "confirm": confirm, "menu": menu,
}  # fmt: skip
ROWS = {"categories": category, "products": product, "same_address": recap}


def answer(session: Session, words: str, tap: str) -> Bubble:
    """One turn: a tap, the number of what was offered, or a quantity; anything else gets the menu."""
    state, choice = session.get("state", ""), ""
    if tap:
        place, _, rest = tap.partition("=")
        state, choice = place.partition(".")[2], rest
    elif words.isdecimal() and state == "quantity":
        return amount(session, words)
    elif words.isdecimal() and 0 < int(words) <= len(session.get("offers", ())):
        choice = session["offers"][int(words) - 1]
    if choice.startswith("+"):
        return products(session, choice)
    if choice and state in ROWS:
        return ROWS[state](session, choice)
    return WAYS.get(choice, menu)(session, choice)


def form(bubble: Bubble) -> dict[str, str]:
    """Twilio's content and its variables, as the market's own channel spells them."""
    if not bubble.offers:
        return {"Body": bubble.words}
    is_list = len(bubble.offers) > 3
    values = [bubble.words, *(["Voir les choix"] if is_list else [])]
    for choice, title, detail in bubble.offers:
        values += [title, f"shop.{bubble.state}={choice}", *([detail or "–"] if is_list else [])]
    name = f"fr_list_{len(bubble.offers)}" if is_list else f"fr_qr_{len(bubble.offers)}"
    numbered = {str(place): value for place, value in enumerate(values, 1)}
    return {"ContentSid": name, "ContentVariables": json.dumps(numbered, ensure_ascii=False)}
