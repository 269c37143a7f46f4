"""What is said of workshops as no phrase says: a place given up, a question, what coming costs, the programme."""

import re
from typing import Final

from base.spelling import normalise, without_politeness
from bot.messages import Heard
from events.words import theme_of

SURE: Final = 0.95
PRICE: Final = "price"
"""The slot of `event_info` that tells that somebody asks what coming costs."""
_OF_A_DAY: Final = re.compile(r"(?:le )?programme (?:du|de|d|pour) [a-z0-9 ]{1,30}")
_OF_A_THEME: Final = re.compile(
    r"(?:je veux |voir |c est quand )?(?:les? |l )?(?:programme|ateliers?|formations?)(?: [a-z]+){1,6}"
)
_WORKSHOP: Final = r"(?:l?ateliers?|formations?|sessions?|seances?|workshops?)"
_GIVES_UP: Final = re.compile(
    rf"\bj? ?(?:annul|supprim|retir|enlev|cancel)\w*(?: moi)?(?: (?:l|le|la|ma|mon|mes|de|du|my|the|pour|a|au))* "
    rf"(?:{_WORKSHOP}|inscription|place|(?:participation|presence|reservation)(?: \w+){{0,3}} {_WORKSHOP})\b"
    rf"|\b(?:desinscri|desist)\w*(?: \w+){{0,4}} {_WORKSHOP}\b"
    rf"|\b(?:rend|rendre|rends|libere|liberer|laisse|cede) (?:ma|mes|la) place\b(?:.* {_WORKSHOP}\b)?"
    rf"|\b(?:viens?|viendrai|peux|pourrai|pourrais|serai|veux|participe|participerai|assisterai|vais) (?:plus|pas)\b"
    r"(?: (?:venir|participer|assister|aller|la|present|etre|a|au|du|tout))*(?: (?:l|le|la|cet|cette|ce))?"
    rf" {_WORKSHOP}\b"
    rf"|\b(?:can t|cannot|won t|will not) (?:come|attend|make it|be at)\b.* {_WORKSHOP}\b"
)
_WHEN: Final = r"(?:quand|ou|quelle heure|combien de places?|des places?|when|where|what time)"
_ASKS: Final = re.compile(
    rf"(?:.*\b)?{_WHEN}\b.*\b{_WORKSHOP}(?: (?:n|no|numero))? (\d{{1,3}})"
    rf"|(?:l |le |la )?{_WORKSHOP}(?: (?:n|no|numero))? (\d{{1,3}})(?: .*)? {_WHEN}\b.*"
)
_COMING: Final = (
    r"(?:(?:l |d |le |la |les |the |un |une |votre |cette )*(?:entrees?|evenement|semaine(?: du e commerce)?|foire"
    r"|salon|(?:ateliers?|formations?|sessions?)(?: \d{1,3})?|inscriptions?"
    r"|participation|place|entrance|entry|workshops?|ticket|billet)"
    r"(?: (?:d entree|a l atelier|aux ateliers|a la formation|a la semaine|a l evenement|fee))?)"
)
_COSTS: Final = r"(?:payante?s?|gratuite?s?|gratis|libres?|free|paid)"
_ASKS_PRICE: Final = tuple(
    re.compile(way)
    for way in (
        rf"(?:c est |ca coute |ca fait |c est a )?(?:a )?combien(?: coutent?| est| c est| pour| fait)?(?: d)?"
        rf" {_COMING}",
        rf"{_COMING} (?:(?:c |ca )?(?:est|sont|coute|coutent|fait|font) )?(?:elles? |ils? )?(?:a )?combien(?: coute)?",
        rf"(?:est ce que )?{_COMING} (?:(?:c )?(?:est|sont) )?(?:elles? |ils? )?{_COSTS}(?: ou {_COSTS}| ou pas)?",
        rf"(?:quel est |c est quoi )?(?:le |les )?(?:prix|tarifs?|frais) (?:de |d |du |des |pour )?{_COMING}",
        rf"(?:est ce que )?(?:il |on |faut il |est ce qu il )?(?:faut |doit )?(?:paye|paie|payer) (?:pour )?"
        rf"(?:(?:entrer|participer|venir|assister|rentrer)|{_COMING})(?: a l atelier| aux ateliers)?",
        rf"(?:c est )?{_COSTS} {_COMING}",
        r"how much is (?:the )?(?:entrance|entry|ticket|workshop)(?: fee)?",
        r"is (?:the )?(?:entrance|entry|workshop|event) free",
    )
)
_NAMED: Final = re.compile(rf"{_WORKSHOP}(?: (?:n|no|numero|de|du|sur|le|la|l))* (\w+(?: \w+){{0,4}})")


def of_workshops(text: str) -> tuple[Heard, ...]:
    """What is said of workshops by these rules: a place given up, a question, one of them, what coming costs."""
    if (workshop := given_up(text)) is not None:
        return (Heard("event_register", {"workshop": workshop, "gives_up": True}, SURE),)
    if asked := put_to_speaker(text):
        return (Heard("event_info", {"workshop": asked[0], "question": asked[1]}, SURE),)
    if workshop := asked_about(text):
        return (Heard("event_register", {"workshop": workshop}, SURE),)
    return (Heard("event_info", {PRICE: True}, SURE),) if asks_price(text) else ()


def asks_price(text: str) -> bool:
    """Whether a whole message asks what coming costs: `c'est combien l'entrée`, `les ateliers sont payants ?`."""
    plain = " ".join(without_politeness(re.sub(r"\W+", " ", normalise(text)).split()))
    return any(way.fullmatch(plain) for way in _ASKS_PRICE)


def given_up(text: str) -> str | None:
    """What names the workshop that somebody gives up: `annule atelier 3`, `je ne viens plus à l'atelier photo`.

    '' where nothing names it: `annule ma place`. None: he gives up none.
    """
    plain = re.sub(r"\W+", " ", normalise(text)).strip()
    if not _GIVES_UP.search(plain):
        return None
    named = _NAMED.search(plain)
    return named[1] if named else ""


def asked_about(text: str) -> str:
    """The number of the workshop of which somebody asks when or where it is: `c'est quand l'atelier 3`; '' for none."""
    found = _ASKS.fullmatch(re.sub(r"\W+", " ", normalise(text)).strip())
    return (found[1] or found[2]) if found else ""


def put_to_speaker(text: str) -> tuple[str, str] | None:
    """The number of a workshop and what is asked of who speaks there: `question atelier 3 : est-ce gratuit ?`.

    The question is as typed, '' where it is still to be said. None for any other message.
    """
    found = _TO_SPEAKER.fullmatch(text)
    return (found["number"] or found["first"], (found["asked"] or found["then"] or "").strip()) if found else None


_A_WORKSHOP: Final = (
    r"(?:(?:pour|sur|[àa]|au|[àa]\s+la|for|to|about|on)\s+)?(?:l\s?['’]?\s?|le\s+|la\s+|the\s+)?"
    r"(?:ateliers?|sessions?|formations?|workshops?|panels?)\s*(?:n\s?°|no\.?|num[eé]ro|number)?\s*"
)
_A_QUESTION: Final = r"(?:(?:une|ma|a|my)\s+)?questions?"
_MARK: Final = r"\s*(?:[:;,.–-]\s*|\s)"
_TO_SPEAKER: Final = re.compile(
    rf"\s*(?:{_A_QUESTION}\s+{_A_WORKSHOP}(?P<number>\d{{1,3}})(?:{_MARK}(?P<asked>.*))?"
    rf"|{_A_WORKSHOP}(?P<first>\d{{1,3}})\s*[,:;-]?\s*{_A_QUESTION}(?:{_MARK}(?P<then>.*))?)",
    re.IGNORECASE | re.DOTALL,
)


def asks_for_programme(text: str) -> bool:
    """`programme du 2 février`, `c'est quand l'atelier sécurité`."""
    plain = normalise(text).replace("'", " ").strip(" ?!.")
    return bool(_OF_A_DAY.fullmatch(plain) or (_OF_A_THEME.fullmatch(plain) and theme_of(plain)))
