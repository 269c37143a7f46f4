"""The name in an answer to « Qui reçoit le colis ? »: without what introduces it, and no sentence that names nobody."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from base.lexicon import is_french
from base.places import RELATIONS, is_place
from base.sounds import sound
from base.spelling import Word, spelled
from bot.understanding import phrased
from bot.understanding.goods import UNIT_OF
from bot.understanding.names import METHOD_OF
from bot.understanding.phrasebook import phrasebook
from bot.understanding.quantities import is_number_word

NAMES_NOBODY = frozenset(
    "moi toi lui elle eux elles nous vous on il ils je tu leur soi meme memes le la les l un une des du de d"
    " autre personne quelqu quelque qui que quoi comment pourquoi c ca cela ce cette est sont n ne pas non oui ok"
    " accord sais sait encore aussi plus tard rien tous tout aucun aucune idee importe numero nom pareil pour veux"
    " jsp mon ma mes son sa ses i me my self myself you he she him her we us they them it s same someone else no"
    " yes don t know not sure monde chose toujours".split()
)
"""Words that name nobody: a name has at least one other (`ma femme`, `le fils de Yao`)."""
FAR = 1 / 3  # of a word's letters, in which it differs from every word of ours that sounds like it
POLITE = frozenset("greet thanks bye smalltalk".split())  # intents that answer no question
ONLY_NAME = re.compile(r"[^\W\d_][^\d_]*")
MOST_TYPED, MOST_WORDS = 25, 9  # words of an answer, and of a name in it

_ASKS = frozenset("? ؟ ？ ⸮".split())
_INITIAL = re.compile(r"\s*[^\W\d_]\.")
_DETERMINERS = frozenset(
    "le la les l un une ce cet cette mon ma mes son sa ses notre nos votre vos leur my the".split()
)
_OPENS_SENTENCE = RELATIONS | frozenset(
    "je j tu il elle on nous vous ils elles c cela i you we they he she it"  # who does something
    " a au aux chez vers dans sur sous par en ici proche quartier at in near to behind"  # where
    " combien comment quand pourquoi ou qui que qu quel quelle quels quelles quoi how when where what why which who"
    " ne du des et mais si comme avec sans trop tres deja"  # a part of a sentence
    " attends attend laisse annule viens dis livre livrer livraison envoie donne arrete appelle"  # told to us
    " can wait stop cancel send call deliver".split()
)
"""First words of a sentence, a place or an order given to us; none begins a name or says who somebody is."""
_SAYS = frozenset(
    "combien comment quand pourquoi quel quelle quels quelles suis est sommes etes sont etait avez avons veut veulent"
    " veux voulez voudrais peut peux pouvez faut fait faites pas jamais dois doit devez want need how when where"
    " what why".split()
)
"""Words of a sentence wherever they stand, but behind `qui` (`ma sœur qui est à la boutique`)."""
_MUST = frozenset("fo fau".split())
"""`faut` as it is heard: `fo livrer demain`, beside `Fo Koffi`, who is an elder brother."""
_THINGS = RELATIONS | frozenset(
    "colis commande commandes livraison prix argent paiement adresse maison quartier numero telephone code facture"
    " recu photo panier produit produits article articles question probleme total somme reste monnaie frais urgent"
    " bureau domicile retour fete mariage anniversaire minute instant seconde vite rapide bas fini bon delivery"
    " tomorrow tonight demain aujourd matin soir midi nuit maintenant tard bientot"
    " lundi mardi mercredi jeudi vendredi samedi dimanche".split()
)
"""What the market speaks of beside people: goods, buildings, money, time."""
_INFINITIVES = ("er", "re", "ir", "oir")

_IS = r"(?:c est|ce est|est|is|ce sera|sera|s appelle)"
_LABEL = r"(?:(?:le|la|mon|son|sa|votre|the|my|her|his) )?(?:noms?|prenoms?|name|destinataire|beneficiaire|personne)"
_INTRODUCTION = re.compile(
    "(?:"
    r"bonjour|bonsoir|salut|coucou|hello|hi|oui|ok|d accord|non|voila|donc|alors|svp|stp"
    r"|moi(?! (?:et|meme|aussi|qui|seul|non)\b)"
    r"|(?:(?:lui|elle) )?(?:c est|ce est|ce sera|ca sera|ce|it s|this is)(?: (?:bien|plutot))?"
    r"|je suis|je me (?:pre)?nomme|i am|i m"
    r"|(?:(?:je|jm|on|il|elle) )?(?:(?:m|me|s|se|l) appelle|mappelle|sappelle)|jm appelle"
    rf"|{_LABEL}(?: (?:et|sur|du|de|d|dans|qui|of|on)(?: \w+){{1,4}}?)? {_IS}"
    r"|(?:le |mon |son |the |my )?(?:noms?|name|destinataire)(?: et(?: le)? prenoms?| complet)*(?: (?:de|d|du))?"
    rf"|(?:celui|celle|the one) (?:qui|who)(?: \w+){{1,4}}? {_IS}"
    r"|(?:au nom|a l attention) (?:de|du|d)"
    r"|pour|for"
    r"|mettez|mets|met|mettre|ecrivez|ecris|ecrire|notez|note|inscrivez|put|write"
    r"|(?:remettez|remets|remettre|donnez|donner|donne)(?: (?:le|la|les|ca))?(?: (?:colis|commande|paquet))? (?:a|aux?)"
    r"|nko(?:nye|e)? e?nye"  # Ewe: my name is
    ") "
)
_CLOSING = re.compile(
    r"(?<= )(?:"
    r"svp|stp|please|pls|thanks|thank you|s il (?:vous|te) plait|merci(?: (?:beaucoup|bien|d avance|a vous))?"
    r"|la|hein|oh|ok|voila"
    r"|(?:(?:et|avec|le|la|son|sa|mon|ma|au|sur|his|her|my|the) )*(?:numero|telephone|contact|whatsapp|number)"
    r"(?: (?:c est|est|is|le|de|telephone|whatsapp))*"
    r"|(?:et|au|sur|le|c est(?: le)?)"
    r"|(?:(?:c est|qui|who|il|elle|lui|va|vient|venir|viendra|doit|peut|passe|passer|will|le|la|les) )*"
    r"(?:recoit|recoivent|recois|recevoir|recevra|prend|prendre|prendra|recupere|recuperer|chercher|receives?)"
    r"(?: (?:le|la|les|ca|mon|ma|colis|commande|paquet))*"
    r") $"
)


def bare_name(text: str) -> str:
    """The words that say who somebody is, as typed: `Afi Mensah` of `moi c'est Afi Mensah svp`; '' for a question.

    Whether they name somebody is another question (`is_name`).
    """
    typed = spelled(text)
    if len(typed) > MOST_TYPED or not _ASKS.isdisjoint(text):
        return ""
    said = _without_closing(typed if _INITIAL.match(text) else _without_introduction(typed))
    return " ".join(text[said[0].start : said[-1].end].split()) if said else ""


def is_name(name: str) -> bool:
    """Whether bare words are somebody's name or say whose he is (`ma femme`, `la boutique de Koffi`).

    No place, no question, no wish and no order: what begins as one, or says one, is left to understanding.
    """
    normal = [word.normal for word in spelled(name)]
    if len(name) < 2 or not ONLY_NAME.fullmatch(name) or len(normal) > MOST_WORDS:
        return False
    if NAMES_NOBODY.issuperset(normal) or is_place(name):
        return False
    return bool(_INITIAL.match(name)) or not (_is_sentence(normal) or _is_thing(normal) or _says_otherwise(name))


def _is_sentence(normal: Sequence[str]) -> bool:
    first = normal[0]
    before_who = normal[: normal.index("qui")] if "qui" in normal else normal
    is_begun = first in _OPENS_SENTENCE or _is_verb(first) or (first == "ca" and not _is_somebodys(normal))
    is_begun = is_begun or (first in _MUST and any(map(_is_verb, normal[1:2])))
    return is_begun or not _SAYS.isdisjoint(before_who)


def _is_somebodys(normal: Sequence[str]) -> bool:
    """Whether `ca` was meant as `sa`, which reads the same: `sa femme`, and no `sa depend`, `sa marche`."""
    return not any(is_french(word + ending) for word in normal[1:2] for ending in ("r", "re"))


def _is_verb(word: str) -> bool:
    """Whether it is a French verb as orders are given or as it is called, `attendez`, `changer`.

    No Gomez, of whom there is no infinitive, and no Olivier, whom nobody orders to.
    """
    if word.endswith("ez"):
        return any(is_french(word.removesuffix("ez") + ending) for ending in _INFINITIVES)
    return word.endswith(("er", "ir")) and is_french(word) and is_french(f"{word[:-2]}ez")


def _is_thing(normal: Sequence[str]) -> bool:
    """Whether what is named is a good, a building, money or a time: `ma commande de riz`, `demain matin`."""
    bare = next((word for word in normal if word not in _DETERMINERS), "")
    is_amount = bare in UNIT_OF and normal[0] in _DETERMINERS
    is_means = " ".join(normal) in METHOD_OF
    return bare in _THINGS or is_number_word(bare) or is_amount or is_means


def only_sounds_like_words(name: str) -> bool:
    """Whether a name of one word is heard by ear as a phrase that it is not: `Akou` as `accueil`, `Mercy` as `merci`.

    Few sounds are alike by chance. A word that is one slip from what it sounds like (`anule`) is that word, but for
    thanks and greetings, which answer nothing where a name is asked.
    """
    words, heard = spelled(name), phrased("buyer", name)
    if len(words) != 1 or not heard or any(one.confidence == 1 for one in heard):
        return False
    word, frame = words[0].normal, phrasebook("buyer").frame
    alike = [one for one in frame.words if sound(one) == sound(word)]
    is_far = all(OSA.normalized_distance(word, one) > FAR for one in alike)
    return is_far or all(one.intent in POLITE for one in heard)


def _says_otherwise(name: str) -> bool:
    """Whether the words are a phrase of ours letter by letter; what only sounds like one may be a name (`Akou`)."""
    return any(heard.confidence == 1 for heard in phrased("buyer", name))


def _without_introduction(typed: Sequence[Word]) -> Sequence[Word]:
    while typed and (found := _INTRODUCTION.match(_joined(typed))):
        typed = typed[found[0].count(" ") :]
    return typed


def _without_closing(typed: Sequence[Word]) -> Sequence[Word]:
    while typed and (found := _CLOSING.search(f" {_joined(typed)}")):
        typed = typed[: -found[0].count(" ")]
    return typed


def _joined(typed: Sequence[Word]) -> str:
    return "".join(f"{word.normal} " for word in typed)
