"""Targets: what organizers type of whom an announcement is for, and when it goes."""

from datetime import UTC, date, datetime

from base.places import places
from bot.broadcasts.zones import groups
from bot.dialogs.organizer.announce_words import MOST_PLACES, is_everywhere, is_whom, read_named, read_planned
from tests.faults.fuzz.target import Target, text_of
from tests.faults.fuzz.words import said

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KNOWN = {place.name for place in places()} | groups().keys()


def play_announcements(data):
    """Whom it is for is known or not told; what repeats has a moment; nothing is read as an error."""
    text = text_of(data)
    named = read_named(text)
    if named is not None:
        assert named.who or named.places
        assert set(named.places) <= KNOWN
        assert len(named.places) <= MOST_PLACES
        assert named.workshop == 0 or (named.who == "attendees" and 0 < named.workshop < 10_000)
    assert is_everywhere(text) in (True, False)
    assert named is not None or not is_whom(text)
    planned = read_planned(text, NOW)
    if planned is not None:
        assert planned.at is None or planned.at.tzinfo is not None
        assert not planned.every or planned.at is not None
        assert planned.until is None or (planned.every and isinstance(planned.until, date))


def announcement_seeds():
    return said(
        "vendeurs de Lomé", "agoe et adidogome", "tout le monde", "inscrits atelier 3", "session n° 0012", "partout",
        "acheteurs de Bè, Kara + Sokodé", "18h", "lundi 7h", "chaque lundi 7h jusqu'au 30 décembre", "maintenant",
        "tous les jours 8h", "every monday 9h until 20/12", "hier 8h", "le 31/02 à 25h", "chaque semaine jusqu'à",
        "atelier 99999", "organisateurs", "everyone", "dans 2 heures", "demain", "1er janvier minuit",
        "tokoin et bè kpota", "o vdr", "à tookoin", "kpota",
    )  # fmt: skip


ANNOUNCEMENTS = {
    "announcements": Target(
        play_announcements,
        announcement_seeds,
        ("bot/dialogs/organizer/announce_words.py",),
        480,
        ("base.places", "base.when"),
    ),
}
