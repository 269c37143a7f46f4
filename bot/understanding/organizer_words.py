"""What organizers call people, figures and measures: each way of saying it, and the word that programs use for it."""

import re
from collections.abc import Mapping
from typing import Final

from bot.understanding.organizer_spelling import respelled


def _patterns(ways: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<!\w)(?:{way})(?!\w)"), meant) for meant, way in ways.items())


ANNOUNCEMENT: Final = r"an+on[cs]+e"
"""However it is spelled, in letters without accents: `anonce`, `annonsse`."""
WORKSHOP: Final = (
    r"(?:ateliers?|atelie|ateliet|atl|sessions?|sesion|seances?|formations?|conferences?|conf|masterclass"
    r"|workshops?|cours"
    r"|panels?|tables? rondes?|webinaires?|trainings?)"
)
VENDORS: Final = (
    r"vend(?:eur|euse|eu|eure)s?|vandeurs?|vendors?|sellers?|boutiques?|boutiquiers?|commercantes?s?|commercants"
    r"|marchande?s?"
    r"|exposante?s?|revendeuses?|shops?|traders?"
)
BUYERS: Final = r"acheteu(?:r|se)s?|achteurs?|acheteu|cliente?s?|clientele|consommateurs?|buyers?|customers?|shoppers?"
ATTENDEES: Final = (
    r"inscrit(?:e)?s?|participant(?:e)?s?|particpants?|presents|presentes|attendees?|participants"
    r"|registered(?: people)?"
    r"|apprenants?|stagiaires?|auditeurs?|reserves|ceux qui (?:ont reserve|sont inscrits|viennent)"
    r"|(?:ceux|gens|personnes|people|those) (?:de l'|du |de la |in |of (?:the )?|for )"
    rf"{WORKSHOP}"
)
EVERYBODY: Final = (
    r"tous|toutes|tout le monde|ts le monde|toul monde|tlm|tt le monde|everybody|everyone|all|l'ensemble|chacun"
    r"|la communaute|toute la liste|tout le groupe|ts"
)
AUDIENCES: Final = _patterns({"attendees": ATTENDEES, "vendors": VENDORS, "buyers": BUYERS, "all": EVERYBODY})
ACTIONS: Final = _patterns(
    {
        "restore": r"retabli\w*|reactiv\w*|re[- ]?activ\w*|lev\w+ (?:de )?la suspension|suspension .*\blev\w+|fin de "
        r"(?:la )?suspension"
        r"|rouvr\w+|reouvr\w+|remet\w*|restor\w*|reinstat\w*|reintegr\w*|debloqu\w*|unsuspend|unblock\w*|redonn\w*"
        r"|lift\w*|peut (?:re\w+|continuer)|retabl\w+",
        "verify": r"verif\w*|certifi\w*|verified|badge",
    }
)
"""What a word tells for sure, wherever it stands; of the next ones the first that is said counts."""
OTHER_ACTIONS: Final = _patterns(
    {
        "suspend": r"suspen\w*|bloqu\w*|ferme[rz]?|fermons|bann\w*|exclu\w*|desactiv\w*|coupe[rz]?|retire[rz]?"
        r"|enleve[rz]?|block\w*"
        r"|ban|disable|arrete[rz]?|vire[rz]?|deactivat\w*|en pause|gele[rz]?|take down|shut down|eject\w*|stop\w*|close"
        r"|degage\w*|ne"
        r" laisse\w* plus|block",
        "approve": r"valid\w*|approuv\w*|approv\w*|accept\w*|agre\w*|autoris\w*|ok pour|ok|confirm\w*|laisse\w*|ouvr\w*"
        r"|accord|c'est bon",
    }
)
ROLES: Final = _patterns(
    {
        "organizer": r"organisat(?:eur|rice)s?|organizers?|co[- ]?organisat\w+|equipe|admin\w*|staff|collegues?"
        r"|benevoles?",
        "rider": r"livreurs?|coursiers?|riders?|zem|zemidjan|delivery (?:man|guy)",
        "vendor": VENDORS,
        "buyer": BUYERS,
        "attendee": ATTENDEES,
    }
)
WHATS: Final = _patterns(
    {"sales": r"se vend(?:ent)? le mieux|meilleures ventes|best sellers?|le plus vendu"}
) + _patterns(
    {
        "registration_link": r"(?:lien|liens|link|qr|qr code|code qr|url|adresse)(?: \S+){0,4}? ?(?:d'? ?inscriptions?"
        r"|pour s'inscrire|inscriptions?|registration|register|sign up|s'inscri\w+)|lien d'inscri\w*|qr(?:"
        r" code)?|code qr"
        r"|registration link",
        "vendors_without_products": rf"(?:(?:{VENDORS})(?: \S+){{0,6}}? (?:sans|n'ont pas|ont pas|n'a pas|pas encore"
        r"|aucun"
        r"|rien|without|no|with no|have no|haven't|n'ont \w+|vides)(?: \S+){0,6}? ?(?:produits?|articles?"
        r"|catalogue|products?"
        r"|marchandises?|stock|publie\w*|photos?|en vente|en ligne)"
        r"|qui (?:n'a |n'ont |na |n' |a |ont )?(?:pas encore|toujours pas|pas|pa"
        r"|encore rien|rien)(?: \S+){0,4}? ?(?:produits?|articles?|catalogue|stock|marchandises?|publie\w*))",
        "late_deliveries": r"(?:livraisons?|commandes?|colis|deliveries|delivery|orders?|parcels?)(?: \S+){0,4}?"
        r" ?(?:en retard"
        r"|late"
        r"|retard\w*|delayed|overdue|traine\w*|pas livre\w*|bloque\w*|non livre\w*)|retards(?: de livraison)?"
        r"|quelles (?:livraisons|commandes) trainent|(?:late|delayed|overdue) (?:deliveries|delivery|orders?"
        r"|parcels?)|retardataires?",
        "announcement": r"(?:ont|a|have|has|avoir|combien)(?: \S+){0,3}? ?(?:lu|ouvert|vu|recu|read|opened|seen"
        r"|received)"
        r"|l'annonce|annonces?|taux de lecture|lectures?|lu|non lus|clique|broadcasts?|announcements?",
        "suspended": r"suspend\w*",
        "blocked": r"bloque\w*|blocked|liste noire|bannis?|numeros bloques",
        "pending_vendors": rf"(?:{VENDORS})(?: \S+){{0,4}}? ?(?:a valider|en attente|a approuver|pending|waiting"
        r"|attend\w*"
        r"|to approve|a verifier|pas encore valides?)|demandes? (?:de )?(?:boutiques?|vendeurs?|d'ouverture)"
        rf"|candidatures?|pending (?:{VENDORS})",
        "vendors": VENDORS,
        "buyers": BUYERS,
        "attendees": ATTENDEES
        + r"|inscriptions?|registrations?|reservations?|bookings?|places? (?:prises?|reservees?)",
        "payments": r"paiements?|payes?|payees?|payments?|versements?|transactions?",
        "sales": r"ventes?|vend|vendent|vendus?|sales?|sold|chiffre d'affaires?|c\.?a\.?|recettes?|revenus?|montant"
        r"|encaiss\w*"
        r"|revenue|argent"
        r"|chiffres? de vente",
        "orders": r"commandes?|commende?s?|orders?|achats?",
        "deliveries": r"livraisons?|livrees?|deliveries|delivered|colis",
        "workshops": WORKSHOP + r"|programme",
        "products": r"produits?|articles?|products?|catalogue|stock",
        "complaints": r"plaintes?|reclamations?|litiges?|complaints?|disputes?",
        "organizers": r"organisat(?:eur|rice)s?|organizers?|benevoles?|equipe",
        "riders": r"livreurs?|riders?|coursiers?",
        "messages": r"messages?|conversations?|discussions?",
        "contacts": r"contacts?|numeros?|numbers?|personnes?|people|utilisateurs?|users?|membres?|abonnes?|monde",
    }
)
PERIODS: Final = _patterns(
    {
        "yesterday": r"hier|yesterday|la veille",
        "week": r"semaines?|hebdo\w*|week(?:ly)?|7 (?:derniers )?jours|sept (?:derniers )?jours|depuis lundi|semain"
        r"|smaine",
        "month": r"mois|mensuel\w*|month(?:ly)?|30 (?:derniers )?jours",
        "day": r"(?<!a ce )(?:aujourd'? ?hui|aujourdhui|auj|ajd|jour|journee|journalier\w*|ce matin|ce soir|today"
        r"|daily|day"
        r"|quotidien\w*"
        r"|now|depuis ce matin)",
    }
)


def first_meant(ways: tuple[tuple[re.Pattern[str], str], ...], flat: str) -> str:
    """Of the meanings that a plain text has a way of saying for, the one that is said first; '' for none."""
    found = [(one.start(), word) for pattern, word in ways if (one := pattern.search(flat))]
    return min(found)[1] if found else ""


def meant(ways: tuple[tuple[re.Pattern[str], str], ...], flat: str) -> str:
    """The first of the meanings that a plain text has a way of saying for; '' for none."""
    return next((word for pattern, word in ways if pattern.search(flat)), "")


def audience_of(text: str) -> str:
    """Whom words are for: `aux vendeurs` is vendors, two kinds of people are all; '' for nobody named."""
    flat = respelled(text)
    found = [meant for pattern, meant in AUDIENCES if pattern.search(flat)]
    both = {"vendors", "buyers"} <= set(found)
    return "all" if both and "attendees" not in found else next(iter(found), "")
