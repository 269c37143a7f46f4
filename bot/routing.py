"""The one order in which a message is understood: nothing is done here, and nothing is written."""

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from base.spelling import fold
from bot.dialog import Dialog, State
from bot.masking import is_masked
from bot.messages import Heard, Incoming
from bot.opt_words import read_opt
from bot.plain_words import WORDS, meant
from bot.readings import number_typed, read_command
from bot.session import Session
from bot.signs import Sign, sign_of
from bot.taps import read_tap
from bot.world import MORE, PLAIN_SORRY, SORRY, Dialogs, Moment, Route, Spoken, World, open_question, start_of

SURE, LIKELY = 0.9, 0.6  # confidence that takes a message away from an open question / from a closed one
GUESS = 0.85  # confidence below which another hat that is sure goes first
LASTING_MINUTES = 24 * 60
LATE = frozenset({"answer", "page", "back", "door"})  # ways that a message of before the open question does not go
BACK_WORDS = frozenset({"0", "retour"})
BOT_WORDS = frozenset({"bot", "robot"})  # of whom a person answers by hand: he wants the bot again
RESUMING = BOT_WORDS | {"menu"}
HAT_WORDS = {"acheter": "buyer", "ma boutique": "vendor", "organisation": "organizer"}
YES_OR_NO = frozenset({"confirm", "deny"})  # intents
BARE = YES_OR_NO | {"choose"}
SMALLTALK = "smalltalk"
SPOKEN = "spoken"  # the door of a notice that shows what was heard of a voice note: it says those words
# what words below a file are: intents that it completes, where they name nothing; those that it proves; small talk
POINTING = frozenset("search ask_stock ask_price order ask_variant ask_quality ask_photo".split())
PAYING = frozenset("ask_payment choose_payment payment_claim payment_problem".split())
NAMING = frozenset({"product", "items"})  # slots that say what is spoken of
POLITE = frozenset("greet thanks bye smalltalk confirm deny".split())  # intents that say nothing of a file


@lru_cache(maxsize=4096)
def folded_title(title: str) -> str:
    """A title as it is compared with what was typed; the market's own words, so they may be remembered."""
    return fold(title)


def stands_alone(dialogs: Collection[Dialog], text: str) -> bool:
    """Whether words count as a whole message only (opt-outs, universal words, exact commands): nothing joins them."""
    word = fold(text)
    if read_opt(text) or word in BACK_WORDS or word in BOT_WORDS or word in HAT_WORDS:
        return True
    return any(word in dialog.anywhere or read_command(dialog.commands, text) for dialog in dialogs)


def route(dialogs: Dialogs, session: Session, said: Incoming, world: World, moment: Moment) -> Route:
    """The one order in which a message is understood; nothing is written here.

    While a person answers by hand, only opting out, the words that call the bot back, a button of ours and its twin, a
    command with a code, are heard. Of words that come late (Moment) none answers or commands, as none was meant for
    what is open now; they are understood, as a search is.
    """
    if moment.is_held and not said.happened:
        way = _while_held(dialogs, said, world, moment)
        return way or route(dialogs, session, said, world, replace(moment, is_held=False))
    if said.signal:
        return Route("sorry" if said.signal in (SORRY, PLAIN_SORRY) else "signal", said.signal)
    if said.happened:
        return Route("quiet")
    if said.deletes or said.reaction:
        return _quietly(dialogs, session, said)
    if said.comment:
        return _in_public(dialogs, session, world, said)
    word = fold(said.text)
    if not said.tap and read_opt(said.text):
        return _consent(said, moment)
    if is_masked(said.text):
        return Route("secret")
    if said.tap:
        return _tapped(dialogs, session, world, moment, said.tap)
    if said.edits and _would_choose(dialogs, session, said, word):
        return Route("stale")  # it was written before whatever is open now
    quoted = _answers_quoted(dialogs, session, world, moment, said)
    way = quoted or _heard(dialogs, session, said, world, moment)
    is_bare = bool(said.text) and (not said.media or _would_choose(dialogs, session, said, word))
    return Route("stale") if moment.is_late and not quoted and is_bare and way.how in LATE else way


def _heard(dialogs: Dialogs, session: Session, said: Incoming, world: World, moment: Moment) -> Route:
    """What names no bubble of ours: the open question first, then what works anywhere, then what is understood."""
    word, sign = fold(said.text), sign_of(said)
    return (
        _answers_open_question(dialogs, session, world, said, word)
        or _captioned(dialogs, session, said, sign)
        or _universal(dialogs, session, world, said, word)
        or _code_for_other_hat(dialogs, session, world, said)
        or _pointed(dialogs, session, world, said, sign)
        or _understood(dialogs, session, world, said)
        or _open_answer(dialogs, session, world, said)
        or _refused_words(dialogs, session, world, said)
        or _lasting_title(session, moment, word)
        or _meant_for_other_hat(dialogs, session, world, said)
        or _seen(dialogs, session, sign)
        or (Route("go", start_of(dialogs, session.hat)) if word and not session.state else Route("miss", sign=sign))
    )


def _consent(said: Incoming, moment: Moment) -> Route:
    """Who stops is obeyed however late; who starts again may have stopped since."""
    is_start = read_opt(said.text) == "start"
    return Route("stale") if moment.is_late and is_start else Route("consent", said.text.strip())


def _while_held(dialogs: Dialogs, said: Incoming, world: World, moment: Moment) -> Route | None:
    """None for what calls the bot back and is heard as usual: `menu`, a button of ours, whatever it names, `A 4K7`."""
    if said.comment:
        return Route("held")
    if said.tap:
        return None if read_tap(said.tap) else Route("held")
    if read_opt(said.text):
        way = _consent(said, moment)
        return way if way.how == "consent" else Route("held")
    word = "" if said.edits or said.deletes or moment.is_late else fold(said.text)
    if word in BOT_WORDS:
        return Route("given_back")
    commands = (read_command(dialogs[hat].commands, said.text) for hat in world.hats)
    is_for_bot = word in RESUMING or any(command and command.codes for command in commands)
    return None if word and is_for_bot else Route("held")


def _quietly(dialogs: Dialogs, session: Session, said: Incoming) -> Route:
    """What is taken back is heard no further; a reaction leads on where somebody just looks around, and says no yes."""
    dialog, state = open_question(dialogs, session)
    target = dialog.signs.get("reaction") if said.reaction and not said.deletes else None
    if target is None or (state and not state.lasting):
        return Route("quiet")
    return Route("detour", f"{dialog.name}.{target}", sign="reaction")


def _in_public(dialogs: Dialogs, session: Session, world: World, said: Incoming) -> Route:
    """A public comment answers no question and gives no command; what it asks of the market is answered in private."""
    dialog, _ = open_question(dialogs, session)
    heard = world.understand(dialog.name, said.text) if said.text and dialog.public else ()
    target = _target(dialog, heard, LIKELY) if all(one.intent in dialog.public for one in heard) else None
    return Route("detour", f"{dialog.name}.{target}", heard=heard) if target else Route("quiet")


def _would_choose(dialogs: Dialogs, session: Session, said: Incoming, word: str) -> bool:
    """Whether corrected words would choose an option or give a command: no yes was meant for a later question."""
    dialog, state = open_question(dialogs, session)
    is_option = any(
        number_typed(said.text) == o.number or (word and word == folded_title(o.title)) for o in session.menu
    )
    is_choice = bool(state and meant(said.text, state.choices))
    return is_option or is_choice or read_command(dialog.commands, said.text) is not None


def _pointed(dialogs: Dialogs, session: Session, world: World, said: Incoming, sign: Sign) -> Route | None:
    """`vous avez ça ?` below a picture asks for what it shows, not for what the chat was about."""
    if not said.media or not said.text:
        return None
    dialog, state = open_question(dialogs, session)
    heard = world.understand(dialog.name, said.text)
    least = SURE if state and state.is_open else LIKELY
    is_about_it = all(h.confidence >= least and _is_of_a_file(h) for h in heard)
    return _seen(dialogs, session, sign, heard) if heard and is_about_it else None


def _captioned(dialogs: Dialogs, session: Session, said: Incoming, sign: Sign) -> Route | None:
    """Words that only make sense below their picture: what is sold there, and for how much."""
    dialog, _ = open_question(dialogs, session)
    reads = dialog.captions.get(sign) if said.media and said.text else None
    return _seen(dialogs, session, sign) if reads and reads(said.text) else None


def _is_of_a_file(heard: Heard) -> bool:
    return heard.intent in POLITE | PAYING or (heard.intent in POINTING and not NAMING & heard.slots.keys())


def _seen(dialogs: Dialogs, session: Session, sign: Sign, heard: tuple[Heard, ...] = ()) -> Route | None:
    """What is no text leads to the answer that its kind has in this dialog."""
    dialog, _ = open_question(dialogs, session)
    target = dialog.signs.get(sign)
    return Route("detour", f"{dialog.name}.{target}", heard=heard, sign=sign) if target else None


def _tapped(dialogs: Dialogs, session: Session, world: World, moment: Moment, text: str) -> Route:
    """A button knows its question. An old one answers it only where that can do no harm (`lasting`)."""
    tap = read_tap(text)
    if tap is None or tap.dialog not in world.hats:
        return Route("stale")
    dialog = dialogs[tap.dialog]
    if tap.is_door:
        if tap.name == "wear":
            return Route("hat", tap.dialog)
        if tap.name == SPOKEN:
            return way_of_voice(dialog, world.spoken(tap.dialog, tap.choice)) or Route("stale")
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


def _answers_quoted(dialogs: Dialogs, session: Session, world: World, moment: Moment, said: Incoming) -> Route | None:
    """An answer to an older bubble: its row is tapped, its product is what is spoken of."""
    if not said.replied_to or not said.text:
        return None
    dialog, state = open_question(dialogs, session)
    # a list asked anew keeps its older bubbles, which may show something else
    asked = session.asked[-1:] if state and state.kind == "pick" else session.asked
    quoted = world.quoted(dialog.name, said, asked)
    if quoted.tap:
        return _tapped(dialogs, session, world, moment, quoted.tap)
    target = _target(dialog, quoted.heard, LIKELY)
    return Route("detour", f"{dialog.name}.{target}", heard=quoted.heard) if target else None


def way_of_voice(dialog: Dialog, spoken: Spoken) -> Route | None:
    """Where the words of a voice note lead, which answer no question; None for nowhere."""
    word = fold(spoken.words)
    if word in dialog.anywhere:
        return Route("go", f"{dialog.name}.{dialog.anywhere[word]}")
    command = read_command(dialog.commands, spoken.words)
    if command:
        return Route("door", (command.state, command.codes), dialog.name)
    target = _target(dialog, spoken.heard, LIKELY)
    return Route("detour", f"{dialog.name}.{target}", heard=spoken.heard) if target else None


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
    if state.is_free and not said.media and _leads_out(dialogs, session, world, said):
        return None
    if state.reads and (not state.is_open or (state.surely is not None and state.surely(said))):
        value = world.reads(session.state, state, said)
        return None if value is None else Route("answer", value, session.state)
    return None


def _leads_out(dialogs: Dialogs, session: Session, world: World, said: Incoming) -> bool:
    """Whether exact words or a command leave a question that takes whatever is written for its answer."""
    dialog, _ = open_question(dialogs, session)
    return stands_alone([dialog], said.text) or _code_for_other_hat(dialogs, session, world, said) is not None


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


def _understood(dialogs: Dialogs, session: Session, world: World, said: Incoming) -> Route | None:
    dialog, state = open_question(dialogs, session)
    if not said.text:
        return None
    heard = world.understand(dialog.name, said.text)
    if state and _wants_more_than(heard, state):
        return _rather_for_other_hat(dialogs, session, world, said, heard) or Route("miss")
    row = _row_said(dialog, session, heard)
    if row:
        return row
    return _led_by(dialogs, session, world, said, heard, SURE if state and (state.is_open or state.is_free) else LIKELY)


def _refused_words(dialogs: Dialogs, session: Session, world: World, said: Incoming) -> Route | None:
    """What an open question refused as its answer is understood as at a closed one: it was surely said of something."""
    dialog, state = open_question(dialogs, session)
    if state is None or state.kind != "ask" or not state.is_open or not said.text:
        return None
    return _led_by(dialogs, session, world, said, world.understand(dialog.name, said.text), LIKELY)


def _led_by(
    dialogs: Dialogs, session: Session, world: World, said: Incoming, heard: tuple[Heard, ...], least: float
) -> Route | None:
    """Where readings that are sure enough lead, here or with another hat that is surer."""
    dialog, _ = open_question(dialogs, session)
    target = _target(dialog, heard, least)
    if target is None or (sign_of(said) in dialog.signs and all(h.intent == SMALLTALK for h in heard)):
        return None  # emoji alone have an answer of their own
    other = _rather_for_other_hat(dialogs, session, world, said, heard)
    return other or Route("detour", f"{dialog.name}.{target}", heard=heard)


def _row_said(dialog: Dialog, session: Session, heard: tuple[Heard, ...]) -> Route | None:
    """`le deuxième`, `la suite` of the open list; never where a row would write, as nothing is written on a reading."""
    state = dialog.states.get(session.state.partition(".")[2])
    if state is None or state.kind != "pick" or len(heard) != 1 or _writes_next(dialog, state):
        return None
    for offer in session.menu:
        is_more = offer.choice.startswith(MORE)
        if heard[0].intent == "more" and is_more:
            return _chosen(session.state, offer.choice)
        if heard[0].intent == "choose" and heard[0].slots.get("index") == offer.number and not is_more:
            return _chosen(session.state, offer.choice)
    return None


def _writes_next(dialog: Dialog, state: State) -> bool:
    return any(dialog.states[name].writes for name in state.goes.values() if name in dialog.states)


def _wants_more_than(heard: tuple[Heard, ...], state: State) -> bool:
    """Whether a yes, a no or a number that was not offered is no answer here: never guessed, nor passed over."""
    intents = {h.intent for h in heard if h.intent in YES_OR_NO or h.confidence >= SURE}
    if not heard or not {h.intent for h in heard} <= intents <= BARE:
        return False
    return state.kind == "ask" or (intents <= YES_OR_NO and not WORDS.keys().isdisjoint(state.choices))


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


def _rather_for_other_hat(
    dialogs: Dialogs, session: Session, world: World, said: Incoming, heard: tuple[Heard, ...]
) -> Route | None:
    """What another hat is sure of goes before this one's guess."""
    is_guess = min(h.confidence for h in heard) < GUESS
    return _meant_for_other_hat(dialogs, session, world, said) if is_guess else None


def _meant_for_other_hat(dialogs: Dialogs, session: Session, world: World, said: Incoming) -> Route | None:
    here, _ = open_question(dialogs, session)
    for hat in world.hats:
        if hat != here.name and said.text and _is_sure_in(dialogs[hat], world, said):
            return Route("other_hat", hat)
    return None


def _is_sure_in(dialog: Dialog, world: World, said: Incoming) -> bool:
    if read_command(dialog.commands, said.text):
        return True
    if number_typed(said.text) is not None:
        return False
    heard = world.understand(dialog.name, said.text)
    return _target(dialog, heard, SURE) is not None and any(h.intent not in POLITE for h in heard)
