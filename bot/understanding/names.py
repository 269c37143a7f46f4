"""Closed lists of names that slots hold: wallets, periods, languages, attributes, colours, ordinals, rights."""

from collections.abc import Mapping
from typing import Final


def _by_name(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for value, names in values.items() for name in names.split("|")}


METHOD_OF: Final = _by_name(
    {
        "tmoney": "tmoney|t money|mixx|mix|mixx by yas|mix by yas|togocom|togocel|yas|mixx by yass|tmony|money",
        "flooz": "flooz|floz|flouz|floose|moov money|moov|flous|floos|moov africa",
        "cash": "livraison|la livraison|cash|especes|espece|liquide|main propre|en main propre|reception|a la livraison"
        "|a la reception|apres livraison|apres la livraison|delivery|on delivery|cash on delivery|en espece|en especes"
        "|en liquide|en cash|au livreur|le livreur|quand je recois|quand je recois le colis|apres reception",
        "card": "carte|cartes|carte visa|visa|carte bancaire|mastercard|carte credit|carte bleue|paypal|ma carte|card",
    }
)
PERIOD_OF: Final = _by_name(
    {
        "day": "aujourd hui|jour|ce jour|la journee|journee|aujourdhui|ce matin|du jour",
        "week": "semaine|cette semaine|la semaine|hebdo",
        "month": "mois|ce mois|ce mois ci|le mois|mensuel",
    }
)
LANGUAGE_OF: Final = _by_name(
    {
        "fr": "francais|french|le francais",
        "en": "anglais|english|l anglais|englais|inglish|englich",
        "ee": "ewe|eve|l ewe|mina|le mina|evegbe|ewegbe|gen",
        "kbp": "kabye|kabiye|le kabye|kabie|kotokoli",
    }
)
ATTRIBUTE_OF: Final = _by_name(
    {
        "couleur": "couleur|couleurs|coloris|color|colors|colour|colours|teinte|teintes",
        "taille": "taille|tailles|size|sizes",
        "pointure": "pointure|pointures",
        "modèle": "modele|modeles|model|models|style|styles",
        "motif": "motif|motifs|dessin|dessins",
        "capacité": "capacite|capacites|memoire|stockage",
        "marque": "marque|marques",
        "goût": "gout|gouts|parfum|parfums",
    }
)
COLOURS: Final = frozenset(
    "noir noire noirs noires rouge rouges bleu bleue bleus bleues blanc blanche blancs blanches vert verte verts vertes"
    " jaune jaunes gris grise rose roses violet violette marron beige orange bordeaux dore doree argente kaki turquoise"
    " black red blue white green yellow pink brown grey".split()
)
INDEX_OF: Final = {
    name: place
    for place, names in enumerate(
        (
            "premier premiere 1er 1ere 1ier un une one first",
            "deuxieme 2e 2eme 2ieme second seconde deux two",
            "troisieme 3e 3eme 3ieme trois three third",
            "quatrieme 4e 4eme 4ieme quatre four fourth",
            "cinquieme 5e 5eme 5ieme cinq five fifth",
            "sixieme 6e 6eme six",
            "septieme 7e 7eme sept seven",
            "huitieme 8e 8eme huit eight",
            "neuvieme 9e 9eme neuf nine",
        ),
        start=1,
    )
    for name in names.split()
}
