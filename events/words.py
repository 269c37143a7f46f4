"""Kinds and themes of workshops by the words that people write for them."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from base.spelling import fold
from events.programme import Kind, Theme

Name = TypeVar("Name", bound=str)
_KINDS: Final[Mapping[Kind, tuple[str, ...]]] = {  # the first that has a word of the text
    "ceremony": ("ceremonie", "ceremony", "lancement", "ouverture officielle", "cloture"),
    "panel": ("panel", "conference", "table ronde", "debat", "plenary", "talk"),
    "practice": ("pratique", "practice", "travaux pratiques", "exercice"),
    "demo": ("demo", "demonstration"),
    "stand": ("stand", "stands", "exposition", "foire", "marche"),
    "pitch": ("pitch", "concours", "hackathon", "contest", "competition"),
    "workshop": ("atelier", "workshop", "formation", "session", "seance", "cours"),
}
_THEMES: Final[Mapping[Theme, tuple[str, ...]]] = {
    "security": ("securite", "securiser", "security", "arnaque", "arnaques", "fraude"),
    "practice_marketing": ("marketing", "bonnes pratiques", "pratiques", "publicite", "annonce"),
    "satisfaction": ("satisfaction", "clients", "client", "customer", "customers", "accueil"),
    "law": ("loi", "juridique", "droit", "cadre juridique", "legal", "law"),
    "infrastructure": ("infrastructure", "infrastructures", "internet", "paiement mobile", "livraison", "logistique"),
    "trust": ("confiance", "litige", "litiges", "trust", "disputes"),
    "buying": ("achat", "achats", "acheter", "buying", "vente"),
}


def kind_of(text: str) -> Kind | None:
    """`Table ronde` is a panel; None for words that say nothing of it."""
    return _first(_KINDS.items(), text)


def theme_of(text: str) -> Theme | None:
    """`Cadre juridique` is law; None for words of no theme."""
    return _first(_THEMES.items(), text)


def _first(words: Iterable[tuple[Name, tuple[str, ...]]], text: str) -> Name | None:
    typed = f" {fold(text)} "
    return next((name for name, known in words if name == text or any(f" {one} " in typed for one in known)), None)
