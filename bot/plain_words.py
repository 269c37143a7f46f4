"""The closed words that choose an option beside its number and title: a yes is read from this list, never guessed."""

from collections.abc import Iterable, Mapping

from base.spelling import normalise, without_politeness
from bot.understanding.phrasebook import is_sign

LONGEST = 60  # characters


def plain(text: str) -> str:
    """A whole message as the lists hold it: a sign without repeats, else words spelled out and without politeness."""
    if len(text) > LONGEST:
        return ""
    return is_sign(text) or " ".join(without_politeness(normalise(text).split()))


def _words(*phrases: str) -> frozenset[str]:
    return frozenset(plain(phrase) for phrase in phrases)


YES = _words(
    *("oui", "oui oui", "ok", "ok ok", "oui ok", "ok oui", "oui merci", "d'accord", "ok d'accord", "oui d'accord"),
    *("bien sûr", "oui bien sûr", "yes", "yes ok", "ee", "ehn oui", "exact", "exactement", "tout à fait", "entendu"),
    *("c'est ça", "oui c'est ça", "c'est bon", "oui c'est bon", "ok c'est bon", "ça marche", "ok ça marche"),
    *("vas y", "allez y", "ok vas y", "ok allez y", "oui vas y", "oui allez y", "👍", "👌", "✅", "💯"),
    *("je confirme", "oui je confirme", "ok je confirme", "confirmer", "confirme", "confirmez", "confirmé", "confirm"),
    *("je valide", "oui je valide", "ok je valide", "valide", "validez", "validé"),
)
NO = _words(
    *("non", "non non", "non merci", "c'est non", "no", "no thanks", "ao", "pas du tout", "jamais", "surtout pas"),
    *("c'est pas ça", "ce n'est pas ça", "non c'est pas ça", "pas ça", "non pas ça", "faux", "c'est faux", "👎", "❌"),
    *("pas d'accord", "je ne suis pas d'accord", "je suis pas d'accord", "je ne confirme pas", "je confirme pas"),
)
GIVE_UP = _words(
    *("annuler", "annule", "annulez", "j'annule", "je veux annuler", "non annule", "non annulez", "cancel"),
    *("laisse", "laissez", "non laisse", "non laissez", "laisse tomber", "laissez tomber", "c'est pas grave laisse"),
    *("pas maintenant", "non pas maintenant", "plus tard", "non plus tard", "pas la peine", "not now", "never mind"),
    *("abandonner", "abandonne", "j'abandonne", "laisse ça"),
    *("je ne veux pas", "je veux pas", "non je ne veux pas", "non je veux pas", "je ne veux plus", "je veux plus"),
)
ME = _words(
    *(
        "moi",
        "c'est moi",
        "cé moi",
        "moi même",
        "c'est moi même",
        "oui moi",
        "oui c'est moi",
        "oui moi même",
        "pour moi",
    ),
    *("c'est pour moi", "je reçois", "moi je reçois", "c'est moi qui reçois", "me", "myself", "for me", "it's me"),
    *("le même", "la même", "la même personne", "the same", "same"),
)
MY_NUMBER = _words(
    "le mien", "mon numéro", "ce numéro", "celui ci", "le même numéro", "my number", "this number", "mine"
)
ANOTHER = _words(
    "un autre", "une autre", "autre", "une autre personne", "autre personne", "quelqu'un d'autre", "pas moi"
)
ANOTHER_NUMBER = _words("un autre", "autre", "un autre numéro", "autre numéro", "another number")
THANKS = _words(
    *("merci", "merci beaucoup", "merci bien", "grand merci", "ok merci beaucoup", "merci à vous", "akpé", "akpé kaka"),
    *("thanks", "thank you", "c'est compris", "bien reçu", "super", "super merci", "parfait", "parfait merci", "🙏"),
)
NONE = _words("aucun", "aucune", "rien", "aucun repère", "sans repère", "il n'y a pas", "il n'y en a pas", "none")
NO_PHOTO = _words("pas de photo", "je n'ai pas de photo", "j'ai pas de photo", "sans photo", "no photo")
HOW_MUCH = _words(
    *("combien", "c'est combien", "combien c'est", "ça fait combien", "combien ça fait", "ça coûte combien"),
    *("combien ça coûte", "c'est à combien", "à combien", "prix", "le prix", "c'est quoi le prix", "quel est le prix"),
    *("combien en tout", "ça fait combien en tout", "c'est combien en tout", "total", "le total", "how much"),
    *("how much is it", "price", "the price"),
)
SHORTAGE = _words(
    *("rupture", "en rupture", "c'est fini", "fini", "stock fini", "le stock est fini", "plus de stock", "épuisé"),
    *("c'est épuisé", "je n'ai plus", "je n'en ai plus", "j'ai plus", "j'en ai plus", "il n'y en a plus"),
    *("y en a plus", "out of stock", "sold out"),
)
CLOSED = _words("fermé", "fermée", "c'est fermé", "je suis fermé", "je suis fermée", "j'ai fermé", "closed")
ALERT = YES | _words(
    *("prévenez moi", "préviens moi", "oui prévenez moi", "prévenez", "alertez moi", "avertissez moi", "alerte"),
    *("notify me", "tell me"),
)
OTHER_REASON = _words("autre", "une autre", "autre chose", "une autre raison", "another")
TOO_FAR = _words("trop loin", "c'est trop loin", "loin", "c'est loin", "too far")

GOODS = _words(
    *("articles", "article", "un article", "les produits", "le produit", "produit"),
    *("quantité", "la quantité", "les quantités", "goods", "items", "quantity"),
)
ADDRESS = _words(
    *("adresse", "mon adresse", "quartier", "le quartier", "mon quartier", "repère", "le repère", "mon repère"),
    *("lieu", "le lieu", "address", "my address", "landmark"),
)
RECIPIENT = _words("destinataire", "nom", "le nom", "mon nom", "qui reçoit", "recipient", "name", "the name")
PHONE = _words(
    *("téléphone", "numéro", "le numéro", "mon numéro", "numéro de téléphone", "le numéro de téléphone", "tel"),
    *("phone", "the phone", "number", "the number"),
)
SEND = _words(
    *("envoie", "envoyer", "envoyez", "envoie maintenant", "envoyez maintenant", "oui envoie", "oui envoyez", "send"),
    *("envoi", "ok envoie", "ok envoi", "ok envoyez", "envoie ça", "envoi ça", "envoyez ça", "ok envoie ça"),
    *(
        "ok envoi ça",
        "oui envoie ça",
        "envoie la",
        "envoie le",
        "envoie l'annonce",
        "c'est bon envoie",
        "tu peux envoyer",
    ),
    *("vous pouvez envoyer", "lance", "lancez", "lance l'envoi", "send it", "go"),
)
LATER = _words(
    "plus tard", "non plus tard", "pas maintenant", "non pas maintenant", "not now", "later", "tout à l'heure"
)
WORDS: Mapping[str, frozenset[str]] = {
    "yes": YES,
    "ann_yes": YES | SEND,
    "ann_not_now": LATER,
    "ann_no": (NO | GIVE_UP) - LATER,
    "confirm": YES | _words("valider", "je veux valider"),
    "adapt": YES,
    "alert": ALERT,
    "myself": YES | ME,
    "my_number": YES | ME | MY_NUMBER,
    "noted": YES | THANKS,
    "cancel_order": GIVE_UP,
    "no": NO | GIVE_UP,
    "cancel": NO | GIVE_UP,
    "no_refusal": NO | GIVE_UP,
    "give_up": GIVE_UP,
    "skip": NO | NONE,
    "none_of_them": NO | NONE | _words("aucun des deux", "ni l'un ni l'autre", "none of them", "neither"),
    "sale_price": _words("vente", "prix de vente", "je vends à ce prix", "sale price", "selling price"),
    "cost_price": _words("achat", "prix d'achat", "j'ai payé", "cost", "cost price"),
    "skip_question": NO | NONE | NO_PHOTO,
    "without_photo": NO | NONE | NO_PHOTO,
    "other_quarter": NO | NONE,
    "how_much": HOW_MUCH,
    "shortage": SHORTAGE,
    "closed": CLOSED,
    "too_far": TOO_FAR,
    "other": OTHER_REASON,
    "another": NO | ANOTHER,
    "another_number": NO | ANOTHER_NUMBER,
    "goods": GOODS,
    "address": ADDRESS,
    "recipient": RECIPIENT,
    "phone": PHONE,
}
"""Choice -> the whole messages that mean it, wherever a question knows that choice."""


def meant(text: str, choices: Iterable[str]) -> str:
    """The one of these choices that a whole message means; '' when it means none."""
    said = plain(text)
    return next((choice for choice in choices if said and said in WORDS.get(choice, ())), "")


def is_choice(text: str) -> bool:
    """Whether a whole message would choose something at some question; to ask for the price alone chooses nothing."""
    said = plain(text)
    return bool(said) and said not in HOW_MUCH and any(said in words for words in WORDS.values())
