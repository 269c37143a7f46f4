"""What an organizer most likely says by what he does to what: `arrête ... annonce`, `annule ... atelier`."""

import re
from typing import Final

from bot.understanding.organizer_frame import framed_text

_PEOPLE: Final = r"(?:vendeur|client|inscrits|tous)"
_ASKS: Final = r"(?:combien|qui|quel\w*|liste|est ce|has|is|was|did|montre)"
RULES: Final = tuple(
    (intent, re.compile(pattern))
    for intent, pattern in (
        (
            "help",
            r"^(?:comment|how (?:do|can|to)|expli\w+|aide\b.*comment|quelles? sont (?:vos|tes) fonctions|what"
            r" can you)\b(?!.*\b(?:vont?|evolu\w*|les gens|marchent?)\b)(?!.* s'inscri)",
        ),
        (
            "unblock",
            r"\baccepte\w* (?:de|a) ajoute\b.* phoneword"
            r"|phoneword .*\bpeut (?:de ajoute |re)(?:ecrire|venir|ven|commencer)",
        ),
        (
            "add_contact",
            r"^(?:\S+ )*(?:ajoute|enregistr\w*|inscri\w*|note\w*|save|register|prends?|prenez|voici|contact)\b.*"
            r" phoneword",
        ),
        (
            "unblock",
            r"\b(?:debloque|reactive)\b.* phoneword|phoneword .*\bdebloque|(?:annule|remove"
            r"|leve\w*).*phoneword.*bloque|leve\w* le bloque|(?:rend\w*|redonn\w*) l'acces .*phoneword",
        ),
        ("block", r"\bbloque\b.* phoneword|phoneword .*\bbloque|(?:suspends|arrete)\b.* phoneword"),
        ("announce", r"\b(?:tombola|gagnante?s?|gagne)\b.*\bcommande\b|\bcommande\b.*\b(?:gagne|gagnante?)\b"),
        (
            "reply_to",
            r"\bcommande\b.*\b(?:que|qu|bodyword)\b|\breponds\b.*\b(?:commande|client)\b|\bclient\b.*"
            r" [a-z]{0,4}\d[a-z0-9]{2,4} .*bodyword",
        ),
        (
            "settings",
            r"(?:pas|plus|aucune?|non|no|mute|silence|limite\w*|coupe|stop) .*\bannonces?\b.*\b(?:apres|avant"
            r"|nuit|dimanche|semaine|after|before|sunday)\b",
        ),
        (
            "preview",
            r"\b(?:test|teste[rz]?|essai|essaie|exemple|sample)\b.*\b(?:moi|me|numero|d'abord|first|message)\b|\b(?:moi|me"
            r"|us) .*\b(?:test|essai)\b|previsualis\w*",
        ),
        (
            "announce_status",
            r"^\W*(?:ouen|statut|status|stade|etat|suivi|avancement|progress\w*|progression)\b.* annonce\b",
        ),
        (
            "announce_status",
            r"\bquel est .*(?:etat|stade|statut).* annonce|\b(?:a quel stade|ouen)\b.*\bannonce\b|\bannonce"
            r" .*\bouen\b",
        ),
        (
            "announce",  # `renvoie l'annonce à ceux qui ne l'ont pas lue`: whom that is for is asked
            r"^(?!.*\b(?:arrete|annule|suspends|combien|liste|montre)\b)(?:\S+ ){0,5}"
            r"(?:(?:renvo\w+|re ?-?envo\w+|re-?send\w*|reprends|rappel|redi\w+|envoie|refai\w+)[ -](?!moi\b).*"
            r"\b(?:pas|jamais|rien|non|never|haven't|hasn't|didn't)\b (?:encore |yet |toujours )?"
            r"(?:lue?s?|vue?s?|ouverte?s?|read|seen|open(?:ed)?)\b"
            rf"|renvo\w+ .*\bannonce (?:a|aux|vers) (?:les )?(?:ceux|celles|{_PEOPLE})\b)",
        ),
        (
            "stop_announce",
            r"^(?!.* ne (?:pas )?)(?:\S+ ){0,5}arrete (?:(?!les )\S+ ){0,3}annonces?\b(?! timeword$)|\barrete "
            r"(?:d'|de )envoie|annonce .*\b(?:doit etre )?interrompu",
        ),
        (
            "resume_announce",
            r"^(?!.*\bne\b)(?:\S+ ){0,5}reprends (?:\S+ ){0,3}(?:annonce|envoie)\b|annonce .*\breprendre\b",
        ),
        (
            "cancel_announce",
            r"\bn' ?envoie (?:\S+ )?rien\b"
            r"|^(?:(?!atelier)\S+ ){0,6}annule (?:(?!atelier|places)\S+ ){0,4}annonce\b|annonce (?:(?!atelier"
            r"|bodyword)\S+ ){0,6}annule\b(?! .*atelier numword$)",
        ),
        (
            "workshop_cancel",
            r"^(?:(?!annonce|rappel|message|places)\S+ ){0,6}annule (?:(?!annonce|rappel|places)\S+"
            r" ){0,3}atelier\b(?!.*bodyword)",
        ),
        (
            "workshop_cancel",
            r"^\W*(?:la |le |l' ?|mon |ma |notre )?atelier (?:(?!annonce|places)\S+ ){0,5}(?:annule|(?:n'aura|ne"
            r" se tiendra) pas|(?:ne pourra|n'est) pas (?:se tenir|maintenu)|won't|tombe a l'eau)",
        ),
        ("workshop_cancel", r"^(?:\W|il n'y aura )*(?:plus|pas) d(?:e |')(?:l')? ?atelier\b"),
        (
            "programme",
            r"^(?:\S+ ){0,2}qui (?:parle|anime|intervient|donne|forme|est (?:le|la) format\w*)\b.*\batelier\b",
        ),
        (
            "programme",
            r"^(?:\S+ ){0,2}combien (?:de )?places .*\b(?:reste\w*|libres?|dispo\w*)|\breste\w* combien de places"
            r"|^(?:montre|voir|voyons|vois) (?:moi )?(?:le |la |l' ?|les )?(?:detail\w* )?"
            r"(?:de )?(?:la |l' ?)?atelier numword$"
            r"|^(?:les )?horaires? (?:de|du|d'|timeword)\b"
            r"|^rappel\w*[ -]+moi (?:l' ?heures?|l'horaire|la salle|le jour|ou|quand)\b",
        ),
        ("attendance", r"^(?:\S+ ){0,2}(?:scann?\w*|check ?in|pointe[rz]?|pointage|controle\w*)\b.*\batelier\b"),
        (
            "attendance",
            r"^(?!\W*(?:dis|a ceux|alert\w*)\b)(?!.*\b(?:complet|annonce|rappel|annule|commande)\b)"
            r".*\b(?:qui|combien|ceux|gens"
            r"|liste|who)\b"
            r".*\b(?:venus?|la(?= a | pour | \?)|arrives?|entres?|came|here|present)\b.*\batelier\b(?!.*bodyword)",
        ),
        ("attendance", r"\bpresent\b.*\batelier (?:numword|\w+)|\batelier\b.* present\b|^\W*present (?:numword|\d)"),
        (
            "workshop_update",
            r"atelier (?:numword )?.*\b(?:now full|booked|blinde\w*|rempli\w*)\b|\bouvre .*atelier numword|open"
            r" .*atelier numword",
        ),
        ("export", r"^(?!\W*(?:atelier|rappel|ajoute|programme)\b)(?!.*\brappel\b)(?!.*atelier export).*\bexport\b"),
        (
            "reminder",
            r"^(?!.*\b(?:bodyword|que|annonce|prevue?)\b).*\brappel\b.*\b(?:avant|atelier|veille|j-1|before)\b",
        ),
        (
            "announce",
            rf"\b(?:dis|envoie|annonce|sondage|demande\w*|message|note|info|mot)\b (?:(?!commande)\S+"
            rf" )*?{_PEOPLE}\b(?! de la commande)(?:(?!commande).)* bodyword$",
        ),
        ("announce", rf"^(?:(?!atelier)\S+ ){{0,7}}dis (?:\S+ ){{0,3}}{_PEOPLE} (?:que |qu'|comme quoi )"),
        ("list", r"^(?:les |des )?(?:boutique|vendeur)s? (?:qui|en) atten"),
        (
            "moderate_vendor",
            r"^(?!.*\b(?:annonce|liste|combien|quel\w*|phoneword|bodyword|attends|export|comment|montre|annule"
            r"|voir|waiting|non)\b)(?!boutique suspends$).*\b(?:suspends|valide|verifie|reactive|bloque|debloque"
            r"|accept\w*)\b .*\b(?:boutique|vendeur)\b(?! $)",
        ),
        (
            "moderate_vendor",
            r"^(?!.*\b(?:annonce|liste|combien|quel\w*|phoneword|bodyword|export|comment|montre|voir|waiting|a"
            r" valide|non)\b)(?!boutique suspends$)(?:\S+ ){0,3}(?:boutique|vendeur) .*\b(?:suspends|valide"
            r"|verifie|reactive|accept\w*)\b",
        ),
        (
            "list",
            r"^(?!.*\b(?:export|present|atelier|annonce|suspends la)\b)(?:\S+ ){0,3}(?:liste|montre)\b.*\b"
            r"(?:vendeur|client|boutique|livreurs?|contacts?|commandes?|organisateurs?|benevoles?)\b(?!.* \?$)",
        ),
        ("list", r"^(?:\S+ ){0,1}quel\w* (?:vendeur|boutique)s?\b.*\b(?:rien|aucun\w*|sans)\b"),
        ("list", r"^(?:\S+ ){0,1}quel\w* (?:commandes?|livraisons?)\b.*\b(?:retard|trainent|bloque)\b"),
        ("list", r"\b(?:lien|qr|link)\b.*\binscri\w*|\binscri\w* .*\b(?:lien|link)\b|\bcode qr\b|\bqr code\b"),
        (
            "stats",
            r"^(?!.*\b(?:atelier numword|present|bodyword|places|annonce|programme)\b)(?:\S+ ){0,3}combien\b"
            r"(?!.*(?:font|coute))",
        ),
        (
            "workshop_update",
            r"^(?!.*\b(?:annule|rappel|present|annonce|bodyword|quel\w*|combien|qui|ou|quand|dis|programme|liste"
            r"|ps|etait|est ce)\b)(?!.*(?:\?|non more)).*atelier numword\b.*\b(?:timeword|salle|complet|places"
            r"|deplace|change|ferme\w*|reactive|capacite)\b",
        ),
        (
            "workshop_update",
            r"^(?!.*\b(?:annule|rappel|present|annonce|bodyword|quel\w*|combien|qui|dis|programme|liste)\b)"
            r"(?!.*\?)(?:\S+ ){0,6}(?:deplace|places|complet|ferme\w*|reactive)\b.*atelier numword",
        ),
        (
            "workshop_create",
            r"^(?!.*\b(?:annonce|annule|rappel|bodyword|deplace)\b)(?:\S+ ){0,4}ajoute (?:\S+ ){0,3}atelier "
            r"(?!numword)\S+ .*timeword",
        ),
        ("dashboard", r"\b(?:dashboard|tableau de bord|tdb|admin link|page (?:web|d'admin\w*|de gestion))\b"),
    )
)
"""The first that fits counts; each is right far more often than a guess."""


_JUDGED: Final = re.compile(  # `Validez Afi Mode`: only capitals tell a shop's name from an announcement
    r"(?:[Vv]alide[rz]?|[Aa]pprouve[rz]?|[Vv][ée]rifie[rz]?|[Ss]uspend(?:s|ez|re)|[Rr][ée]tabli(?:s|ssez|r))"
    r"(?: [A-ZÉÈ][\w'’-]+){1,3}"
)
_MOST: Final = 40  # words of a command; what comes behind is its reason, or told to others


def likely_intent(text: str) -> str:
    """The intent that the frame of a message tells; '' for none."""
    if _JUDGED.fullmatch(text.strip()):
        return "moderate_vendor"
    words = framed_text(text).split()
    framed = " ".join(words if len(words) <= _MOST else [*words[:_MOST], words[-1]])
    return next((intent for intent, pattern in RULES if pattern.search(framed)), "")
