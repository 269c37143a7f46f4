"""The messages for a shut window, as WhatsApp is asked to approve them: the same through Twilio and at Meta."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.words import one_line

# an empty value would go out as the template's sample, or be refused
NOTHING: Final = "–"


@dataclass(frozen=True)
class TemplateText:
    """A template as submitted: its text with {{1}}…, and one sample per variable."""

    text: str
    samples: tuple[str, ...]
    category: str = "UTILITY"


# new_order: the order's code, its items in one line, the words that accept, the words that refuse.
# order_news: the order's code, its shop, what became of it in a few words.
# arrived: the product that somebody waited for, its shop.
# A template's text neither starts nor ends with a variable, and no two of them touch.
TEMPLATES: Final[Mapping[str, TemplateText]] = {
    "new_order_fr": TemplateText(
        "Bonjour, vous avez une nouvelle commande : {{1}}.\n"
        "Articles : {{2}}.\n"
        "Écrivez {{3}} pour accepter, {{4}} pour refuser.\n"
        "Votre client attend votre réponse.",
        ("TG-4K7P2", "2 × Riz parfumé 25 kg", "A 4K7P2", "R 4K7P2"),
    ),
    "order_news_fr": TemplateText(
        "Bonjour, des nouvelles de la commande {{1}} ({{2}}) : {{3}}.\nRépondez ici pour en savoir plus.",
        ("TG-4K7P2", "Maman Yawa Céréales", "acceptée"),
    ),
    "arrived_fr": TemplateText(
        "Bonjour, {{1}} est disponible chez {{2}}.\n"
        "Vous aviez demandé à être prévenu.\n"
        "Répondez ici pour l'acheter, ou tapez STOP.",
        ("Riz parfumé 25 kg", "Maman Yawa Céréales"),
        "MARKETING",
    ),
}


def render(text: str, values: Mapping[str, str]) -> str:
    """A content's text with its variables filled."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values.get(found[1], found[0]), text)


def values_of(template: TemplateText, told: Sequence[str]) -> tuple[str, ...]:
    """As many values as the template has variables, none of them empty.

    WhatsApp refuses line breaks and runs of spaces in them.
    """
    lines = (*(one_line(value) for value in told), *(NOTHING for _ in template.samples))
    return tuple(line or NOTHING for line in lines[: len(template.samples)])
