"""What one side writes to the other through the market: read, looked at, and with its numbers and links hidden."""

from typing import Final, Literal, TypedDict

from base.hiding import hidden
from base.spelling import fold, is_politeness, normalise
from bot import stopping
from bot.dialogs.files import row_of
from bot.dialogs.settings import SETTINGS_WORDS
from bot.messages import Incoming
from bot.opt_words import read_opt
from bot.readings import read_command
from bot.routing import BACK_WORDS, HAT_WORDS
from bot.stopping import Why
from bot.turn import Turn
from catalog.questions import LONGEST, Said, Waits

LEADING_OUT: Final = frozenset(
    {
        *BACK_WORDS,
        *HAT_WORDS,
        *SETTINGS_WORDS,
        *"menu accueil home aide help agent panier basket cart commandes orders suivi question questions stock".split(),
        *("mon panier", "mes commandes", "my orders", "poser une question", "ask a question", "en cours"),
    }
)
"""Whole messages, folded, that are said to the market and not to the other side."""
VERBS: Final = dict.fromkeys(
    "a r p accepter accept refuser refuse pret ready remis handed livre delivered retour return partie part livreur"
    " rider repondre reponse reply answer suivi track question".split(),
    "",
)
"""And these with a code behind them."""
FileKind = Literal["", "image", "audio"]


class Written(TypedDict):
    """Words, and the kind of file that came with them."""

    words: str
    file: FileKind


def read_question(said: Incoming) -> Written | None:
    """A question: words with a letter in them, a picture or a voice note."""
    read = read_answer(said)
    return read if read and (read["file"] or any(map(str.isalpha, read["words"]))) else None


def read_answer(said: Incoming) -> Written | None:
    """An answer: any words but those that lead out of the question, `oui` and `3` among them; a picture, a voice note.

    What is longer than LONGEST characters is cut.
    """
    if said.tap or said.location or said.cards or said.cart:
        return None
    words = " ".join(said.text.split())[:LONGEST]
    kinds: tuple[FileKind, ...] = ("image", "audio")
    kind: FileKind = next((one for one in kinds for media in said.media if media.kind == one), "")
    if kind:
        return {"words": words, "file": kind}
    is_said = bool(fold(words)) and not said.media and not _leads_out(words)
    return {"words": words, "file": ""} if is_said else None


def _leads_out(words: str) -> bool:
    if fold(words) in LEADING_OUT or read_opt(words) or is_politeness(normalise(words).split()):
        return True
    command = read_command(VERBS, words)
    return command is not None and bool(command.codes)


def why_stopped(written: Written) -> Why | None:
    """Why this is not passed on; None for what is."""
    return stopping.stopped(written["words"])


def to_pass_on(turn: Turn, written: Written) -> Said:
    """The same as the other side may see it."""
    return Said(hidden(written["words"]), row_of(turn, written["file"]) if written["file"] else None)


def as_written(turn: Turn, written: Written) -> Said:
    """The same as it came, for who looks at what was stopped."""
    return Said(written["words"], row_of(turn, written["file"]) if written["file"] else None)


def is_hidden(written: Written) -> bool:
    """Whether something is taken out before it is passed on."""
    return hidden(written["words"]) != written["words"]


def waits(turn: Turn) -> Waits:
    """How long a shop is waited for."""
    timing, market = turn.config.timing, turn.config.market
    return Waits(timing.question_waits, timing.question_waits_most, market.opening)
