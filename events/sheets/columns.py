"""What the columns of a programme hold, by the words above them: French or English, in any order and spelling."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal

from base.sheets.cells import is_one_of
from base.sheets.refusals import SheetRefused
from base.spelling import fold

Field = Literal[
    "number",
    "capacity",
    "title",
    "day",
    "hours",
    "starts",
    "ends",
    "room",
    "place",
    "latitude",
    "longitude",
    "speakers",
    "theme",
    "kind",
    "language",
    "level",
    "link",
    "state",
]
# in this order: `nombre de places` is no number of a session, and `heure de debut` no `heures`
WORDS: Final[Mapping[Field, frozenset[str]]] = {
    "capacity": frozenset("places capacite capacity jauge seats participants".split()),
    "starts": frozenset("debut commence commencement start starts begins".split()),
    "ends": frozenset("fin finit end ends".split()),
    "number": frozenset("numero n no num nr number code ref".split()),
    "hours": frozenset("horaire horaires heure heures hours time times creneau".split()),
    "day": frozenset("date jour day jours dates".split()),
    "theme": frozenset("theme thematique themes axe topic".split()),
    "title": frozenset("titre intitule title nom name sujet session atelier seance designation activite".split()),
    "kind": frozenset("type kind format categorie nature".split()),
    "room": frozenset("salle room hall".split()),
    "latitude": frozenset("latitude lat".split()),
    "longitude": frozenset("longitude lon lng long".split()),
    "place": frozenset("lieu place site endroit adresse venue".split()),
    "speakers": frozenset(
        "intervenant intervenants intervenante animateur animatrice formateur formatrice speaker speakers orateur"
        " orateurs panelistes".split()
    ),
    "language": frozenset("langue langues language".split()),
    "level": frozenset("niveau level public".split()),
    "link": frozenset("lien link url".split()),
    "state": frozenset("etat state".split()),
}
PASSED_OVER: Final = frozenset("statut status raison ligne why line".split())  # what we write behind a file's own


def known_columns(header: Sequence[str]) -> Mapping[Field, int]:
    """Place of each column that is known by its words; of several of one kind the first."""
    found: dict[Field, int] = {}
    for place, words in enumerate(header):
        field = field_of(words[:60])
        if field and field not in found:
            found[field] = place
    return found


def columns_of(header: Sequence[str]) -> Mapping[Field, int]:
    """The columns of a header; {} when it is none: it names sessions, and their day or their hours.

    Raises SheetRefused when two columns tell a day.
    """
    found = known_columns(header)
    if not {"title", "number"} & found.keys() or not found.keys() - {"title", "number"}:
        return {}
    if [field_of(words[:60]) for words in header].count("day") > 1:
        raise SheetRefused("two_columns")
    return found


@lru_cache(maxsize=1024)
def field_of(words: str) -> Field | None:
    """What a column holds by the words above it; None when they say nothing that is known."""
    typed = fold(words.replace("n°", "numero").replace("N°", "numero")).split()
    if not PASSED_OVER.isdisjoint(typed):
        return None
    together = "".join(typed)
    for field, known in WORDS.items():
        if together in known or any(is_one_of(word, known) for word in typed):
            return field
    return None
