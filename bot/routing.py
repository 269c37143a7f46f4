"""The one order in which a message is understood: nothing is done here, and nothing is written."""

from collections.abc import Collection
from functools import lru_cache

from base.spelling import fold
from bot.dialog import Dialog, State
from bot.messages import Heard, Incoming
from bot.plain_words import WORDS, meant
from bot.readings import number_typed, read_command
from bot.session import Session
from bot.taps import read_tap
from bot.world import MORE, PLAIN_SORRY, SORRY, Dialogs, Moment, Route, World, open_question, start_of

SURE, LIKELY = 0.9, 0.6  # confidence that takes a message away from an open question / from a closed one
LASTING_MINUTES = 24 * 60
OPT_WORDS = frozenset({"stop", "stop tout", "arret", "arreter", "desabonner", "unsubscribe", "start", "reprendre"})
BACK_WORDS = frozenset({"0", "retour"})
HAT_WORDS = {"acheter": "buyer", "ma boutique": "vendor", "organisation": "organizer"}
YES_OR_NO = frozenset({"confirm", "deny"})  # intents


@lru_cache(maxsize=4096)
def folded_title(title: str) -> str:
    """A title as it is compared with what was typed; the market's own words, so they may be remembered."""
    return fold(title)


def stands_alone(dialogs: Collection[Dialog], text: str) -> bool:
    """Whether words count as a whole message only (opt-outs, universal words, exact commands): nothing joins them."""
    word = fold(text)
    if word in OPT_WORDS or word in BACK_WORDS or word in HAT_WORDS:
        return True
    return any(word in dialog.anywhere or read_command(dialog.commands, text) for dialog in dialogs)


def route(dialogs: Dialogs, session: Session, said: Incoming, world: World, moment: Moment) -> Route:
    """The one order in which a message is understood; nothing is written here."""
    if said.signal:
        return Route("sorry" if said.signal in (SORRY, PLAIN_SORRY) else "signal", said.signal)
    word = fold(said.text)
    if word in OPT_WORDS and not said.tap:
        return Route("consent", said.text.strip())
    if said.tap:
        return _tapped(dialogs, session, world, moment, said.tap)
    return (
        _answers_open_question(dialogs, session, world, said, word)
        or _universal(dialogs, session, world, said, word)
        or _code_for_other_hat(dialogs, session, world, said)
        or _understood(dialogs, session, world, said, word)
        or _open_answer(dialogs, session, world, said)
        or _lasting_title(session, moment, word)
        or _meant_for_other_hat(dialogs, session, world, said)
        or (Route("go", start_of(dialogs, session.hat)) if word and not session.state else Route("miss"))
    )


def _tapped(dialogs: Dialogs, session: Session, world: World, moment: Moment, text: str) -> Route:
    """A button knows its question. An old one answers it only where that can do no harm (`lasting`)."""
    tap = read_tap(text)
    if tap is None or tap.dialog not in world.hats:
        return Route("stale")
    dialog = dialogs[tap.dialog]
    if tap.is_door:
        if tap.name == "wear":
            return Route("hat", tap.dialog)
        return (
            Route("door", (dialog.doors[tap.name], tap.choice), tap.dialog)
            if tap.name in dialog.doors
            else Route("stale")
        )
    if tap.name not in dialog.states or not _offers(dialog.states[tap.name], tap.choice):
        return Route("stale")
    is_open = tap.state == session.state and tap.said in session.asked
    is_lasting = dialog.states[tap.name].lasting and moment.minute - tap.minute <= LASTING_MINUTES
    return _chosen(tap.state, tap.choice) if is_open or is_lasting else Route("stale")


def _offers(state: State, choice: str) -> bool:
    """Whether a choice can come from this state: an option of its table, or a row or page of a `pick`."""
    if state.kind == "choose":
        return choice in state.goes
    return state.kind == "pick" or choice in state.options


def _chosen(state: str, choice: str) -> Route:
    return Route("page", choice[1:], state) if choice.startswith(MORE) else Route("answer", choice, state)


def _answers_open_question(dialogs: Dialogs, session: Session, world: World, said: Incoming, word: str) -> Route | None:
    """The open question's own menu by number, title or plain words, or its exact reader: nothing of it is a guess."""
    _, state = open_question(dialogs, session)
    if state is None:
        return None
    number = number_typed(said.text)
    for offer in session.menu:
        if number == offer.number or (word and word == folded_title(offer.title)):
            return _chosen(session.state, offer.choice)
    choice = meant(said.text, state.choices)
    if choice:
        return Route("answer", choice, session.state)
    if state.kind == "ask" and not state.is_open:
        value = world.reads(session.state, state, said)
        return None if value is None else Route("answer", value, session.state)
    return None


def _universal(dialogs: Dialogs, session: Session, world: World, said: Incoming, word: str) -> Route | None:
    """Back, the words that work anywhere, exact commands, words that change the hat: always the whole message."""
    if word in BACK_WORDS and session.state:
        return Route("back")
    if HAT_WORDS.get(word) in world.hats:
        return Route("hat", HAT_WORDS[word])
    dialog, _ = open_question(dialogs, session)
    if word in dialog.anywhere:
        return Route("go", f"{dialog.name}.{dialog.anywhere[word]}")
    command = read_command(dialog.commands, said.text)
    return Route("door", (command.state, command.codes), dialog.name) if command else None


def _understood(dialogs: Dialogs, session: Session, world: World, said: Incoming, word: str) -> Route | None:
    dialog, state = open_question(dialogs, session)
    if not said.text or (state and word in state.keeps):
        return None
    heard = world.understand(dialog.name, said.text)
    if state and _wants_more_than(heard, state):
        return Route("miss")
    least = SURE if state and state.is_open else LIKELY
    target = _target(dialog, heard, least)
    return Route("detour", f"{dialog.name}.{target}", heard=heard) if target else None


def _wants_more_than(heard: tuple[Heard, ...], state: State) -> bool:
    """Whether a yes or a no that is none of the plain words is no answer here: it is never guessed, nor passed over."""
    is_bare = bool(heard) and all(h.intent in YES_OR_NO for h in heard)
    return is_bare and (state.kind == "ask" or not WORDS.keys().isdisjoint(state.choices))


def _target(dialog: Dialog, heard: tuple[Heard, ...], least: float) -> str | None:
    """One target for all parts of a message, or None: a mixed list is asked about, never half done."""
    if not heard or any(h.confidence < least for h in heard):
        return None
    targets = {dialog.hears.get(h.intent) for h in heard}
    return targets.pop() if len(targets) == 1 else None


def _open_answer(dialogs: Dialogs, session: Session, world: World, said: Incoming) -> Route | None:
    _, state = open_question(dialogs, session)
    if state is None or state.kind != "ask" or not state.is_open:
        return None
    value = world.reads(session.state, state, said)
    return None if value is None else Route("answer", value, session.state)


def _lasting_title(session: Session, moment: Moment, word: str) -> Route | None:
    for menu in reversed(session.lasting):
        if moment.minute - menu.minute <= LASTING_MINUTES:
            for offer in menu.choices:
                if word and word == folded_title(offer.title) and not offer.choice.startswith(MORE):
                    return _chosen(menu.state, offer.choice)
    return None


def _code_for_other_hat(dialogs: Dialogs, session: Session, world: World, said: Incoming) -> Route | None:
    """`A 4K7` is no landmark of a vendor who buys: a command with a code belongs to the hat that knows it."""
    here, _ = open_question(dialogs, session)
    for hat in world.hats:
        command = read_command(dialogs[hat].commands, said.text) if hat != here.name else None
        if command and command.codes:
            return Route("other_hat", hat)
    return None


def _meant_for_other_hat(dialogs: Dialogs, session: Session, world: World, said: Incoming) -> Route | None:
    here, _ = open_question(dialogs, session)
    for hat in world.hats:
        if hat != here.name and said.text and _is_sure_in(dialogs[hat], world, said):
            return Route("other_hat", hat)
    return None


def _is_sure_in(dialog: Dialog, world: World, said: Incoming) -> bool:
    if read_command(dialog.commands, said.text):
        return True
    return _target(dialog, world.understand(dialog.name, said.text), SURE) is not None
