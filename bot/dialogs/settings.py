"""What every dialog offers beside its business: language, text mode and help."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot import contacts
from bot.dialog import RETURN, State, choose, do, tell
from bot.turn import Turn


def speak_french(turn: Turn) -> Literal["done"]:
    """French from the next bubble on."""
    return _speak(turn, "fr")


def speak_english(turn: Turn) -> Literal["done"]:
    """English from the next bubble on."""
    return _speak(turn, "en")


def hear_language(turn: Turn) -> Literal["french", "english", "same", "unnamed"]:
    """Which language a sentence asks for: `you speak english ?`; `unnamed` when it names none of ours."""
    wanted = turn.slot("language")
    if wanted == turn.person.language:
        return "same"
    match wanted:
        case "fr":
            return "french"
        case "en":
            return "english"
    return "unnamed"


def _speak(turn: Turn, language: str) -> Literal["done"]:
    contacts.set_language(turn.db, turn.person.contact_id, language)
    turn.person = replace(turn.person, language=language)
    return "done"


def use_text(turn: Turn) -> Literal["done"]:
    """Numbered text instead of buttons and photos."""
    return _use(turn, is_text=True)


def use_buttons(turn: Turn) -> Literal["done"]:
    """Buttons, lists and photos where the channel has them."""
    return _use(turn, is_text=False)


def _use(turn: Turn, *, is_text: bool) -> Literal["done"]:
    contacts.set_text_mode(turn.db, turn.person.contact_id, is_text)
    turn.person = replace(turn.person, is_in_text_mode=is_text)
    return "done"


SETTINGS_WORDS: Mapping[str, str] = {
    "langue": "language",
    "language": "language",
    "francais": "to_french",
    "french": "to_french",
    "anglais": "to_english",
    "english": "to_english",
    "mode texte": "to_text",
    "text mode": "to_text",
    "mode boutons": "to_buttons",
    "mode bouton": "to_buttons",
    "buttons mode": "to_buttons",
    "button mode": "to_buttons",
    "aide": "help",
    "help": "help",
    "agent": "person",
    "menu": "menu",
    "accueil": "menu",
    "home": "menu",
}
"""Folded whole messages that work in every dialog."""


def settings() -> dict[str, State]:
    """The states behind those words; each dialog has its own texts for them."""
    return {
        "language": choose("language", french="to_french", english="to_english"),
        "to_french": do(speak_french, done="language_set"),
        "to_english": do(speak_english, done="language_set"),
        "language_set": tell("language_set", RETURN),
        "to_text": do(use_text, done="text_set"),
        "text_set": tell("text_set", RETURN),
        "to_buttons": do(use_buttons, done="buttons_set"),
        "buttons_set": tell("buttons_set", RETURN),
        "help": tell("help", RETURN),
    }
