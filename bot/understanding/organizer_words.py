"""What organizers call people, figures and measures: each way of saying it, and the word that programs use for it."""

import re
from collections.abc import Mapping
from typing import Final

from bot.understanding.plain_letters import plain


def _patterns(ways: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<!\w)(?:{way})(?!\w)"), meant) for meant, way in ways.items())


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
    r"inscrit(?:e)?s?|inscris|participant(?:e)?s?|particpants?|presents|presentes|attendees?|participants"
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
        "restore": r"retabli\w*|reactiv\w*|re[- ]?activ\w*|leve[zr]? la suspension|rouvr\w+|reouvr\w+"
        r"|remet\w*(?: en ligne)?"
        r"|restor\w*|reinstat\w*|reintegr\w*|debloqu\w*|unsuspend|unblock\w*|redonn\w*|lift\w*",
        "suspend": r"suspen\w*|bloqu\w*|ferme[rz]?|fermons|bann\w*|exclu\w*|desactiv\w*|coupe[rz]?|retire[rz]?"
        r"|enleve[rz]?|block\w*|ban|disable|arrete[rz]?|vire[rz]?|deactivat\w*|mets? en pause|gele[rz]?|eject\w*",
        "verify": r"verif\w*|certifi\w*|verified|badge",
        "approve": r"valid\w*|approuv\w*|approv\w*|accept\w*|agre\w*|autoris\w*|ok pour|ok|confirm\w*|laisse\w*"
        r"|ouvr\w*",
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
    {
        "registration_link": r"(?:lien|liens|link|qr|qr code|code qr|url|adresse)(?: \S+){0,4}? ?(?:d'? ?inscriptions?"
        r"|pour s'inscrire|inscription|registration|register|sign up)|lien d'inscri\w*|qr(?: code)?|code qr",
        "vendors_without_products": rf"(?:(?:{VENDORS})(?: \S+){{0,6}}? (?:sans|n'ont pas|ont pas|n'a pas|pas encore|aucun"
        rf"|rien"
        r"|without|no|with no|haven't)(?: \S+){0,6}? ?(?:produits?|articles?|catalogue|products?|marchandises?"
        r"|stock|publie\w*"
        r"|photos?)"
        r"|qui (?:n'a |n'ont |a |ont )?(?:pas encore|toujours pas|pas|encore rien|rien)(?: \S+){0,4}?"
        r" ?(?:produits?|articles?"
        r"|catalogue|stock|marchandises?))",
        "late_deliveries": r"(?:livraisons?|commandes?|colis|deliveries|delivery|orders?|parcels?)(?: \S+){0,4}? ?(?:en retard"
        r"|late"
        r"|retard\w*|delayed|overdue|traine\w*|pas livre\w*|bloque\w*|non livre\w*)|retards(?: de livraison)?"
        r"|(?:late|delayed|overdue) (?:deliveries|delivery|orders?|parcels?)|retardataires?",
        "announcement": r"(?:ont|a|have|has|avoir|combien)(?: \S+){0,3}? ?(?:lu|ouvert|vu|recu|read|opened|seen"
        r"|received)"
        r"|l'annonce|annonces?|taux de lecture|lectures?|broadcasts?|announcements?",
        "suspended": r"suspendu\w*|suspended",
        "blocked": r"bloque\w*|blocked|liste noire|bannis?|numeros bloques",
        "pending_vendors": rf"(?:{VENDORS})(?: \S+){{0,4}}? ?(?:a valider|en attente|a approuver|pending|waiting"
        r"|to approve|a verifier|pas encore valides?)|demandes? (?:de )?(?:boutiques?|vendeurs?|d'ouverture)"
        r"|candidatures?",
        "vendors": VENDORS,
        "buyers": BUYERS,
        "attendees": ATTENDEES
        + r"|inscriptions?|registrations?|reservations?|bookings?|places? (?:prises?|reservees?)",
        "sales": r"ventes?|vendus?|sales?|sold|chiffre d'affaires?|c\.?a\.?|recettes?|revenus?|montant|encaiss\w*"
        r"|revenue|argent"
        r"|chiffres? de vente",
        "orders": r"commandes?|commende?s?|orders?|achats?",
        "deliveries": r"livraisons?|livrees?|deliveries|delivered|colis",
        "payments": r"paiements?|payes?|payees?|payments?|versements?|transactions?",
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
        "day": r"aujourd'? ?hui|aujourdhui|auj|ajd|jour|journee|journalier\w*|ce matin|ce soir|today|daily|day"
        r"|quotidien\w*"
        r"|now|depuis ce matin",
    }
)


def meant(ways: tuple[tuple[re.Pattern[str], str], ...], flat: str) -> str:
    """The first of the meanings that a plain text has a way of saying for; '' for none."""
    return next((word for pattern, word in ways if pattern.search(flat)), "")


def audience_of(text: str) -> str:
    """Whom words are for: `aux vendeurs` is vendors, two kinds of people are all; '' for nobody named."""
    flat = plain(text)
    found = [meant for pattern, meant in AUDIENCES if pattern.search(flat)]
    both = {"vendors", "buyers"} <= set(found)
    return "all" if both and "attendees" not in found else next(iter(found), "")
