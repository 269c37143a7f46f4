"""A programme as a workbook, that can be sent back changed."""

from typing import Final

from base.clock import in_lome
from base.db import Db
from base.sheets.writing import Cell, write
from events import programme
from events.programme import Workshop

HEADER: Final = (
    *("numéro", "titre", "type", "thème", "date", "début", "fin", "salle", "lieu", "latitude", "longitude"),
    *("places", "intervenants", "langue", "niveau", "lien", "état"),
)
KINDS: Final = {
    "ceremony": "cérémonie",
    "panel": "panel",
    "workshop": "atelier",
    "practice": "pratique",
    "demo": "démonstration",
    "stand": "stands",
    "pitch": "concours",
}
THEMES: Final = {
    "security": "sécurité",
    "practice_marketing": "pratiques et marketing",
    "satisfaction": "satisfaction",
    "law": "cadre juridique",
    "infrastructure": "infrastructures",
    "trust": "confiance",
    "buying": "achats",
}
STATES: Final = {"planned": "prévu", "confirmed": "confirmé", "moved": "déplacé", "cancelled": "annulé"}


def listed(db: Db, event_id: int) -> bytes:
    """The workbook, in French; sent back as it is, it changes nothing."""
    return write("Programme", HEADER, [_line(one) for one in programme.programme(db, event_id)])


def _line(one: Workshop) -> tuple[Cell, ...]:
    starts, ends = in_lome(one.starts_at), in_lome(one.ends_at)
    return (
        one.number,
        one.title,
        KINDS[one.kind],
        THEMES.get(one.theme, ""),
        f"{starts:%d/%m/%Y}",
        f"{starts:%Hh%M}",
        f"{ends:%Hh%M}",
        one.room,
        one.place if one.has_own_place else "",
        one.latitude if one.has_own_place else None,
        one.longitude if one.has_own_place else None,
        "sans limite" if one.capacity is None else one.capacity,
        one.speakers,
        one.language,
        one.level,
        one.link,
        STATES.get(one.state, ""),
    )
