"""An organizer announces something: what is missing is asked one by one, then all is shown and waits for his OUI."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Literal, TypedDict

from base.shortening import shorten
from base.when import LOME
from bot import long_counts
from bot.broadcasts import audience, drafts
from bot.broadcasts.wording import MOST_WORDS
from bot.dialog import Page, Row
from bot.dialogs.files import rows_of
from bot.dialogs.means import number_of, words
from bot.dialogs.organizer import announce_drafts as kept
from bot.dialogs.organizer import announce_narrowing, announce_query, announce_words, workshops
from bot.dialogs.organizer.announce_drafts import LANGUAGES, Wanted, change, wanted
from bot.dialogs.organizer.announce_narrowing import Who
from bot.dialogs.organizer.announce_words import Named, Planned
from bot.long_counts import Awaited
from bot.messages import Incoming
from bot.texts import FIRST
from bot.turn import Turn

SEEN: Final = "ann_row"  # in memory: the broadcast on show
NEW_TIME: Final = "ann_time"  # in memory: another time for it
BEFORE: Final = "ann_whom"  # in memory: whom it was for, while somebody else is asked about
_WHOM: Final = ("who", "places", "workshop", "query")
AT_REST: Final = ("", "organizer.menu", "organizer.all_quiet", "organizer.attention")  # nothing else is asked
IN_A_ROW: Final = 60  # characters of a text in a list
Kept = Literal["kept"]
Question = Literal["who", "where", "workshop", "text", "ready"]
_TOLD: Final = re.compile(  # what stands before words that are to be told
    r"(?:[:\n\"“«…–—-]|\.\.\.|\b(?:que|ke|de|that)|\bqu['’])[ \"“«]*$", re.IGNORECASE
)
_FILES: Final = """
select kind, inbox_id, place from received_media
where inbox_id = any(%(ids)s) and kind in ('image', 'audio') and reference <> ''
order by kind = 'image' desc, inbox_id, place limit 1
"""


class Text(TypedDict):
    """A text to be given: its language's code, and what it is now, quoted in a line of its own, or ''."""

    language: str
    now: str


def begin(turn: Turn) -> Literal["begun"]:
    """From the first question; an announcement that was not sent gives way."""
    _afresh(turn)
    return "begun"


def _afresh(turn: Turn) -> None:
    """A new one, in the row of the one that was not sent."""
    before = wanted(turn)
    turn.memory.pop(BEFORE, None)
    kept.keep(turn, Wanted(row=before.row if before else 0, version=before.version if before else 0))


def is_drafted(turn: Turn) -> bool:
    """Whether something is being announced."""
    return wanted(turn) is not None


def hear(turn: Turn) -> Literal["heard", "past", "move", "list", "texts", "unread"]:
    """A sentence that announces or that names a time: what it says is kept, the rest is asked.

    unread: it narrows the people by what is not read.
    list: `anonces`, the word for those there are. texts: `annonce en éwé et français`, of one that is being made.
    """
    if announce_words.is_list(turn.words):
        return "list"
    text = _text_heard(turn)
    named, planned = _named_heard(turn, text), _time_heard(turn)
    if text and announce_words.is_whom(turn.words):  # `aux vendeurs de Lomé` says whom it is for, and no text
        text, named = "", announce_words.read_named(turn.words)
    is_time_alone = turn.heard[:1] != () and turn.heard[0].intent == "schedule" and not text
    if is_time_alone and turn.said.media:  # `rdv demain au siège` below a photo is its text
        text, planned, is_time_alone = turn.words, None, False
    if is_time_alone and not is_drafted(turn):
        return _hear_move(turn, planned)
    if not text and not named and is_drafted(turn) and announce_words.names_language(turn.words):
        return "texts"
    is_more = is_drafted(turn) and (is_time_alone or (kept.is_open(turn) and not (text and named)))
    if not is_more:
        _afresh(turn)
    if named:
        _take_named(turn, named)
    change(turn, language=FIRST)
    if text or _file_of(turn):
        _take_text(turn, text)
    time = _take_time(turn, planned)
    return "unread" if time == "heard" and named and named.is_unread else time


def _hear_move(turn: Turn, planned: Planned | None) -> Literal["move", "list"]:
    """`programme l'annonce pour lundi 7h`: the one that waits for its time gets another one, after a yes."""
    waiting = [one for one in drafts.recent(turn.db) if one.state == "scheduled"]
    if len(waiting) != 1 or planned is None or planned.at is None or planned.at <= turn.now:
        return "list"
    turn.memory[SEEN] = waiting[0].id
    turn.memory[NEW_TIME] = time_kept(planned)
    return "move"


def _text_heard(turn: Turn) -> str:
    """The words to be announced, as they were typed; `aux vendeurs qui ont commandé` has none."""
    text = str(turn.slot("text") or "").strip()
    before = turn.words.rpartition(text)[0] if text else ""
    is_whom = before.strip() and announce_narrowing.is_clause(text) and not _TOLD.search(before)
    return "" if is_whom else text


def _named_heard(turn: Turn, text: str) -> Named | None:
    """To whom, by what understanding found; the town itself is no place of the gazetteer, and is read here.

    `merci à tous, rdv demain` only greets: where the whole message is the text, it is asked for whom that is.
    """
    before, _, behind = turn.words.rpartition(text) if text else (turn.words, "", "")
    head = f"{before} {behind}".strip(' "“”«»') if before.strip() else behind
    meant = turn.slot("audience") if head.strip() else ""
    told: Who | Literal[""] = next((who for who in audience.ROLES if who == meant), "")
    places = announce_words.read_places(str(turn.slot("place") or head)) or announce_words.read_places(head)
    query = announce_query.read_query(head)
    if query and not told and not places:  # `annonce à ceux qui n'ont jamais commandé : …`
        told = "all"
    is_somewhere, is_unread = announce_words.is_somewhere(head), announce_words.is_unread(head)
    is_named = told or places or is_unread
    named = Named(told, places, query=query, is_somewhere=is_somewhere, is_unread=is_unread) if is_named else None
    workshop = turn.slot("workshop")
    number = number_of(workshop) if workshop else 0
    if workshop and not number:
        number = workshops.number_named(turn, str(workshop))
    if not number:
        return named
    return Named("attendees", named.places if named else (), number, query, is_unread=is_unread)


def _time_heard(turn: Turn) -> Planned | None:
    told = turn.slot("when")
    if not told:
        return None
    found = announce_words.read_planned(
        turn.words[: turn.words.find(":")] if ":" in turn.words else turn.words, turn.now
    )
    if found and found.every:
        return found
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        return announce_words.read_planned(str(told), turn.now)
    if "T" not in str(told):
        at = datetime.combine(at.date(), announce_words.MORNING)
    return Planned(at if at.tzinfo else at.replace(tzinfo=LOME))


def _take_named(turn: Turn, named: Named) -> None:
    """To whom; of a sentence that names no place, and of one that names places alone, the rest stays as it is.

    Of one that names a place or goods which nobody knows, where they are is asked: it is not everybody. Of one that
    narrows them by what is not read, whom it is for is asked.
    """
    if named.is_unread:
        _remember_whom(turn)
        change(turn, who="", places=None, workshop=None, query={})
        return
    before = wanted(turn) or Wanted()
    who = named.who or before.who or "all"
    query = announce_query.settled(turn.db, dict(named.query)) if named.who else before.query
    is_lost = named.is_somewhere or bool(named.who and "goods" in named.query and "category" not in query)
    places = named.places or (None if is_lost else (before.places if not named.who else None) or ())
    change(turn, who=who, places=places, workshop=named.workshop, query=query)


def _take_text(turn: Turn, text: str) -> None:
    """Words, and a photo or a voice note with them: what was there before it gives way."""
    one, file = wanted(turn) or Wanted(), _file_of(turn)
    texts = {**one.texts, one.language: text} if text or not file else dict(one.texts)
    change(turn, texts=texts, file=file or one.file, is_new=True)


def _file_of(turn: Turn) -> tuple[str, int, int] | None:
    """The photo or voice note of this message, which its channel may still have."""
    ids = rows_of(turn)
    row = turn.db.one(_FILES, ids=list(ids)) if ids and turn.said.media else None
    return (row.kind, row.inbox_id, row.place) if row else None


def _take_time(turn: Turn, planned: Planned | None) -> Literal["heard", "past"]:
    if planned is None:
        return "heard"
    if planned.at is not None and planned.at <= turn.now:
        return "past"
    change(turn, **time_kept(planned))
    return "heard"


def time_kept(planned: Planned) -> dict[str, str]:
    """A time as memory holds it."""
    until = planned.until.isoformat() if planned.until else ""
    return {"at": planned.at.isoformat() if planned.at else "", "every": planned.every, "until": until}


def hear_file(turn: Turn) -> Literal["kept", "elsewhere"]:
    """A photo or a voice note without a word that leads elsewhere: it is to be announced, with its words.

    elsewhere: another question is open, to which it is no answer.
    """
    if not kept.is_open(turn) and turn.asked not in AT_REST:
        return "elsewhere"
    if not kept.is_open(turn) or not is_drafted(turn):
        _afresh(turn)
    change(turn, language=FIRST)
    _take_text(turn, turn.words.strip())
    return "kept"


def next_question(turn: Turn) -> Question:
    """What is still missing, in the order in which it is asked."""
    one = wanted(turn) or Wanted()
    if not one.who:
        return "who"
    if one.who == "attendees" and one.workshop is None:
        return "workshop"
    if one.places is None:
        return "where"
    return "ready" if one.has_text else "text"


def read_whom(said: Incoming) -> str | None:
    """`vendeurs de Bè`, `inscrits atelier 3`."""
    found = announce_words.read_named(said.text) if not said.media else None
    return said.text[: announce_words.LONGEST] if found else None


def keep_whom(turn: Turn, text: str) -> Literal["kept", "unread"]:
    """To these; unread: something narrows them that is not read."""
    named = announce_words.read_named(text) or Named("")
    _take_named(turn, named)
    return "unread" if named.is_unread else "kept"


def addressing(who: Who) -> Callable[[Turn], Kept]:
    """The step that addresses it to people of a kind; where they are is asked next."""

    def address(turn: Turn) -> Kept:
        _remember_whom(turn)
        is_everywhere = who in ("all", "attendees")
        change(turn, who=who, places=() if is_everywhere else None, workshop=None, query={})
        return "kept"

    return address


def _remember_whom(turn: Turn) -> None:
    """To whom it was to go, until it is known whom it is for now."""
    one = wanted(turn)
    if one is not None and next_question(turn) == "ready":
        turn.memory[BEFORE] = {name: getattr(one, name) for name in _WHOM}


def leave(turn: Turn) -> Literal["ready", "drop"]:
    """`non`, `pas maintenant` to one of its questions: what was ready stays as it was; `drop`: there is nothing yet."""
    before = turn.memory.pop(BEFORE, None)
    if is_drafted(turn) and next_question(turn) != "ready" and before:
        places = before["places"]
        change(turn, **{**before, "places": None if places is None else tuple(places)})
    return "ready" if is_drafted(turn) and next_question(turn) == "ready" else "drop"


def read_where(said: Incoming) -> list[str] | None:
    """Names of quarters and towns; [] for everywhere."""
    if announce_words.is_everywhere(said.text):
        return []
    return list(announce_words.read_places(said.text)) or None


def keep_where(turn: Turn, places: list[str]) -> Kept:
    """There alone."""
    change(turn, places=tuple(places))
    return "kept"


def take_everywhere(turn: Turn) -> Kept:
    """Wherever they are."""
    return keep_where(turn, [])


def workshop_rows(turn: Turn, after: str) -> Page:
    """All workshops together, and each of those that are still to come."""
    found, following = workshops.rows_behind(turn, number_of(after))
    every = () if after or not found else (Row("all", words(turn, "announce.all_workshops")),)
    return Page((*every, *found), following)


def keep_workshop(turn: Turn, row: str) -> Kept:
    """To who has a place in this one."""
    change(turn, workshop=number_of(row), places=())
    return "kept"


def read_text(said: Incoming) -> str | None:
    """Any words, a photo or a voice note; what is too long is said so."""
    has_file = any(media.kind in ("image", "audio") for media in said.media)
    if said.tap or (said.media and not has_file):
        return None
    return said.text.strip() if has_file or said.text.strip() else None


def keep_text(turn: Turn, text: str) -> Literal["kept", "long"]:
    """It says this, in the language that was asked for."""
    before = wanted(turn) or Wanted()
    _take_text(turn, text)
    if max(map(len, kept.texts_of(wanted(turn) or Wanted()).values())) <= MOST_WORDS:
        return "kept"
    kept.keep(turn, before)
    return "long"


def text_wanted(turn: Turn) -> Text:
    """Values of the question what it says."""
    one = wanted(turn) or Wanted()
    before = one.texts.get(one.language, "")
    return {"language": one.language, "now": words(turn, "announce.text_now", words=before) + "\n" if before else ""}


def language_rows(turn: Turn, after: str) -> Page:
    """The languages it may be said in, with the beginning of what it says there."""
    one = wanted(turn)
    if one is None:
        return Page(())
    missing = words(turn, "announce.no_text")
    texts: Mapping[str, str] = one.texts
    return Page(
        tuple(
            Row(
                language,
                words(turn, f"announce.language.{language}").capitalize(),
                shorten(" ".join(texts.get(language, "").split()), IN_A_ROW) or missing,
            )
            for language in LANGUAGES
        )
    )


def choose_language(turn: Turn, row: str) -> Literal["chosen"]:
    """The text of this one is next."""
    change(turn, language=row if row in LANGUAGES else FIRST)
    return "chosen"


def read_when(said: Incoming) -> str | None:
    """`demain 8h`, `maintenant`, `chaque lundi 7h`."""
    return said.text[: announce_words.LONGEST] if announce_words.has_time(said.text) else None


def keep_when(turn: Turn, text: str) -> Literal["kept", "past"]:
    """Then."""
    return "past" if _take_time(turn, announce_words.read_planned(text, turn.now)) == "past" else "kept"


def awaited(row: int) -> Awaited:
    """The count of an announcement, where a job takes it."""
    return Awaited("announcement", {"broadcast": row})


def drop(turn: Turn) -> Literal["dropped"]:
    """Nothing is announced: its row is a draft that nobody agrees to, and nobody waits for its count."""
    before = wanted(turn)
    if before is not None and before.row:
        long_counts.settle(turn.db, awaited(before.row))
    kept.forget(turn)
    return "dropped"
