"""An organizer's message in plain letters, the words of his trade spelled out; each letter knows where it stood."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from base.lexicon import is_french
from base.sounds import sound
from bot.understanding.quantities import is_number_word, read_quantity

_QUOTES: Final = {"’": "'", "‘": "'", "`": "'", "\u00a0": " ", "\u202f": " "}
_SHORTEST, _SHORTEST_SLIP = 4, 6  # letters of a word read by its sound, and of one with a letter wrong
_MOST_OF_A_NUMBER = 4  # words
_WORD: Final = re.compile(r"[a-z]+")
_NUMBER: Final = re.compile(r"[a-z]+(?:[ -][a-z]+){0,4}")
_COUNTED: Final = re.compile(
    r"[ -](?:places?|personnes?|pers|sieges?|chaises?|minutes?|heures?|participants?|jours?)\b"
)
_TRADE: Final = (
    "annonce annonces message messages vendeurs vendeur vendeuse vendeuses acheteurs acheteur acheteuse clients client"
    " cliente clientes inscrits inscrit inscrite participants participant atelier ateliers session sessions formation"
    " formations conference seance boutique boutiques commande commandes annule annuler annulez annulee annulation"
    " supprime supprimer suspends suspendre suspendez suspendue suspension valide valider validez bloque"
    " bloquer bloquez"
    " debloque debloquer debloquez reactive reactiver retablis demain aujourd lundi mardi mercredi jeudi"
    " vendredi samedi"
    " dimanche programme planning complet complete ferme fermer fermez rouvre reporte reporter reportee deplace"
    " deplacer"
    " decale decaler avance places place personnes salle liste presents present presence inscription"
    " inscriptions rappel"
    " rappels avant ventes vente vendus produits produit livraison livraisons retard export exporte exporter"
    " excel reponds"
    " repondre repondez ajoute ajouter ajoutez numero numeros livreur livreurs organisateur previens prevenir informe"
    " informez envoie envoyer envoyez statistiques bilan semaine combien contact contacts lien intervenant formateur"
    " heures changer change capacite cree creer nouvelle nouvel verifie verifier approuve"
).split()
_KNOWN: Final = frozenset(_TRADE)
_BY_SOUND: Final = {sound(word): word for word in reversed(_TRADE) if len(word) >= _SHORTEST}
_LONG: Final = tuple(word for word in _TRADE if len(word) >= _SHORTEST_SLIP)
_SHORT: Final = {
    short: full
    for full, shorts in {
        "vendeurs": "vdr vdrs vend vends vendrs vendus",
        "vendeur": "vendeu vandeur",
        "vendeuse": "vandeuse",
        "clients": "klian klians clts clt",
        "boutique": "btq btk boutik boutiq boutque",
        "demain": "dem demin dmain dmn dmin",
        "samedi": "samdi",
        "inscrits": "insc inscri inscrt",
        "session": "sess sesion seson sesn sceance",
        "formation": "form frmtion",
        "commande": "cmd cde comand komand commd",
        "livraisons": "liv livs",
        "livreur": "livr",
        "salle": "slle sal sl",
        "semaine": "sem smaine",
        "programme": "prog progr progam program",
        "envoie": "env envoi anvoi",
        "ajoute": "aj ajt ajout",
        "tous": "ts tss",
        "sans": "ss san",
        "nombre": "nb nbre",
        "combien": "cb cmb konbien combn",
        "presents": "pres presan prst",
        "rappel": "rap rapel rapl",
        "avant": "avt avan",
        "complet": "cplt complt compl comple",
        "ferme": "ferm",
        "ouvre": "ouvr",
        "places": "plas plces palces plce",
        "suspends": "susp suspan suspen supsends",
        "reactive": "react",
        "que": "ke",
        "qui": "ki",
        "dis": "di dit",
        "tout": "tou",
        "aux": "o",
        "message": "msg mesg mesaj mess",
        "aujourd'hui": "ojourdui aujourdui ojd auj ajd",
        "statistiques": "stat",
        "intervenant": "interv intervenan",
        "qu'il": "kil",
        "l'annonce": "lanons lanonce lanonse lannonce",
        "l'atelier": "latelier latelie",
        "planning": "planin planing plannin",
        "l'envoi": "lanvoi lenvoi",
        "annonce": "anons anonse annce annocne",
        "annule": "anul annul anulle",
        "reponds": "repon",
        "accepte": "aksepte aksept",
        "vente": "vante vantes",
    }.items()
    for short in shorts.split()
}
_TOGETHER: Final = tuple(  # what short forms mean by what stands behind them
    (re.compile(pattern), full)
    for pattern, full in (
        (r"\bat(?= ?\d{1,2}(?!\d| ?(?:h|am|pm|:|a\.m)))|(?<=\baj )at\b|(?<=\bnew )at\b|^at(?= \w)", "atelier"),
        (r"\bann\b(?= (?:sess|session|at|atelier)\b)", "annule"),
        (r"\bann\b", "annonce"),
        (r"\brep\b(?= (?:sess|session|at|atelier)\b)", "reporte"),
        (r"\brep\b(?= (?:cmd|client|commande|clt|\d))", "reponds"),
        (r"\bdec\b(?= (?:\d|sess|session|at|atelier)\b)", "decale"),
        (r"\bdep\b(?= (?:\d|sess|session|at|atelier)\b)", "deplace"),
        (r"\bcap\b(?= )", "capacite"),
        (r"\bsam\b(?=\W*$)", "samedi"),
        (r"\blun\b(?=\W*$)", "lundi"),
        (r"\bven\b(?=\W*$)", "vendredi"),
        (r"\bjeu\b(?=\W*$)", "jeudi"),
        (r"\bdim\b(?=\W*$)", "dimanche"),
        (r"\bmerkredi\b|\bmercrdi\b", "mercredi"),
        (r"\bvandredi\b|\bvendredy\b", "vendredi"),
    )
)


class Letters(str):
    """Plain letters; `at[i]` is the place in the typed text of the letter `i`, its last the text's end."""

    text: str
    at: Sequence[int]

    def typed(self, start: int, end: int | None = None) -> str:
        """What was typed for the letters from `start` to `end`."""
        return self.text[self.at[start] : self.at[len(self) if end is None else end]]


@lru_cache(maxsize=256)
def respelled(text: str) -> Letters:
    """Return a text without capitals and accents, short forms and misspelled words of the trade written out.

    `Anonce o vdr` is `annonce aux vendeurs`, `vingt places` is `20 places`. Never raises.
    """
    flat = "".join(map(_plain, text))
    pieces: list[str] = []
    at: list[int] = []
    written = 0
    for start, end, full in _changed(flat):
        if start < written:
            continue
        pieces += [flat[written:start], full]
        at += [*range(written, start), *[start] * len(full)]
        written = end
    at += range(written, len(flat) + 1)
    found = Letters("".join((*pieces, flat[written:])))
    found.text, found.at = text, at
    return found


def _plain(letter: str) -> str:
    if letter in _QUOTES:
        return _QUOTES[letter]
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)).casefold()
    return bare if len(bare) == 1 else letter


def _changed(flat: str) -> list[tuple[int, int, str]]:
    """What is written otherwise, where: short forms, words by their sound, numbers in words before what they count."""
    found = [(*one.span(), full) for pattern, full in _TOGETHER for one in pattern.finditer(flat)]
    taken = {start for start, _, _ in found}
    for one in _WORD.finditer(flat):
        if one.start() not in taken and (full := _meant(one[0])) != one[0]:
            found.append((*one.span(), full))
    return sorted([*found, *_numbers(flat)], key=lambda one: (one[0], one[0] - one[1]))


@lru_cache(maxsize=20_000)
def _meant(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < _SHORTEST or word in _KNOWN or is_french(word):
        return word
    alike = _BY_SOUND.get(sound(word))
    if alike and alike[0] == word[0]:
        return alike
    if len(word) < _SHORTEST_SLIP:
        return word
    near = process.extractOne(word, _LONG, scorer=OSA.distance, score_cutoff=1)
    return str(near[0]) if near and near[0][0] == word[0] else word


def _numbers(flat: str) -> list[tuple[int, int, str]]:
    """`quarante places`, `vingt-cinq personnes`: in figures."""
    found = []
    for one in _WORD.finditer(flat):
        if not is_number_word(one[0]) or (one.start() and flat[one.start() - 1] == "-"):
            continue
        run = _NUMBER.match(flat, one.start())
        words = run[0].replace("-", " ").split() if run else []
        value, length = read_quantity(words)
        end = one.start() + len(" ".join(words[:length]))
        if value > 1 and length <= _MOST_OF_A_NUMBER and _COUNTED.match(flat, end):
            found.append((one.start(), end, str(value)))
    return found
