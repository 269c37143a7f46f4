"""The conversation machine: from a message to the next question, by the tables alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.blocking import told, way_while_blocked
from bot.dialog import PROMPTS, QUIET, RETURN, Row, State
from bot.messages import Heard, Incoming
from bot.pace import BOUNDLESS, Pace, mark_of
from bot.readings import number_typed
from bot.routing import route
from bot.session import TRAIL, Session
from bot.world import (
    MORE,
    PLAIN_SORRY,
    SEEN_ONCE,
    Bubble,
    Dialogs,
    Moment,
    Option,
    Route,
    Turned,
    World,
    open_question,
    start_of,
)

ALWAYS = frozenset({"consent", "signal", "sorry", "quiet"})  # what is heard however fast it comes
MISSES = 3  # words not understood in a row that lead to a person


def advance(dialogs: Dialogs, before: Session, said: Incoming, world: World, moment: Moment) -> Turned:
    """One turn. Pure but for what `world` does and tells."""
    session = _begun(dialogs, before, world, moment)
    way = way_while_blocked(session, said, moment) or route(dialogs, session, said, world, moment)
    if way.how in ("held", "blocked"):
        return Turned(session, told(moment) if way.how == "blocked" else (), way, ())
    pace, allowed = before.pace.one_more(moment.minute), moment.allowed
    if allowed.turns and pace.turns > allowed.turns and way.how not in ALWAYS:
        is_told = bool(said.comment) or pace.turns > allowed.turns + 1
        return _hurried(replace(session, pace=pace), is_told=is_told)
    turned = _walked(dialogs, before, session, said, world, way)
    return _heard_often(turned, session, pace, allowed.equal, said) if allowed != BOUNDLESS else turned


def _hurried(session: Session, *, is_told: bool) -> Turned:
    """What comes faster than a person writes is not read on; he is told once a minute."""
    return Turned(session, () if is_told else (Bubble("sorry.hurried", {}),), Route("hurried"), ())


def _heard_often(turned: Turned, session: Session, pace: Pace, most: int, said: Incoming) -> Turned:
    """The same answer is given so many times a minute, and two machines fall silent; who chooses is none.

    An answer that is held back has asked nothing: what was open stays open, unless a step has written.
    """
    if not turned.bubbles or turned.route.how in ALWAYS or _is_chosen(said, session, turned.session):
        return replace(turned, session=replace(turned.session, pace=pace))
    answer = mark_of([_content(bubble) for bubble in turned.bubbles])
    pace = pace.giving(answer)
    times = pace.times(answer)
    if not most or times <= most:
        return replace(turned, session=replace(turned.session, pace=pace))
    told = (Bubble("sorry.hurried", {}),) if times == most + 1 and not said.comment else ()
    return replace(turned, session=replace(turned.session if turned.has_written else session, pace=pace), bubbles=told)


def _content(bubble: Bubble) -> tuple[str, Mapping[str, Any], list[str]]:
    """What makes answers equal: another page of a list is another answer."""
    return bubble.key, bubble.values, [option.choice for option in bubble.options]


def _is_chosen(said: Incoming, session: Session, after: Session) -> bool:
    """A tap, or an offer's number that leads to another question: a machine at the other end reads no offers."""
    if said.tap:
        return True
    number = number_typed(said.text)
    return after.state != session.state and any(offer.number == number for offer in session.menu)


def _walked(dialogs: Dialogs, before: Session, session: Session, said: Incoming, world: World, way: Route) -> Turned:
    """Along the route through the tables."""
    walk = _Walk(dialogs, world, replace(session, misses=_misses(session, way)))
    walk.follow(way)
    bubbles = tuple(walk.bubbles)
    if bubbles and walk.session.hat != before.hat and before.hat:
        bubbles = (replace(bubbles[0], names_hat=walk.session.hat), *bubbles[1:])
    if bubbles and said.edits and not said.comment:
        bubbles = (replace(bubbles[0], is_correction=True), *bubbles[1:])
    return Turned(walk.session, bubbles, way, tuple(walk.outcomes), walk.has_written)


def _misses(session: Session, way: Route) -> int:
    """Words not understood count; what is no text has its own answer, and neither counts nor forgives."""
    if way.how == "quiet" or way.sign:
        return session.misses
    return session.misses + 1 if way.how == "miss" else 0


def _begun(dialogs: Dialogs, session: Session, world: World, moment: Moment) -> Session:
    """Start again after silence, with a hat that is no longer held, or in a state that is no longer in the table."""
    hat = session.hat if session.hat in world.hats else world.hats[0]
    dialog, _, name = session.state.partition(".")
    is_known = dialog in world.hats and name in dialogs[dialog].states
    if moment.is_after_silence or not is_known:
        session = session.fresh()
    return replace(session, hat=hat)


def _option(row: Row) -> Option:
    return Option(row.id, row.title, row.detail, row.photo, row.product, row.section)


class _Walk:
    """The way of one turn through the tables: what was said, which outcomes came, where it ends."""

    def __init__(self, dialogs: Dialogs, world: World, session: Session) -> None:
        self.dialogs, self.world, self.session = dialogs, world, session
        self.bubbles: list[Bubble] = []
        self.outcomes: list[str] = []
        self.heard: tuple[Heard, ...] = ()
        self.is_same_question = False  # the open question is only said again
        self.has_written = False
        self.is_quiet = False  # a sign that nobody answers
        self.has_said_enough = False  # the last bubble needs no words of a menu below it

    def follow(self, way: Route) -> None:
        """Do what the route says."""
        self.heard = way.heard
        match way.how:
            case "answer":
                self._answer(way)
            case "page":
                self._run(way.at, page=way.what)
            case "go":
                self._go(way.what)
            case "detour":
                self._detour(way.what)
            case "door":
                self._detour(f"{way.at}.{way.what[0]}", given=way.what[1])
            case "back":
                self._back()
            case "hat":
                self.session = replace(self.session.fresh(), hat=way.what)
                self._run(start_of(self.dialogs, self.session.hat))
            case "signal":
                self._signal(way.what)
            case "quiet":
                return
            case _:
                self._without_moving(way)

    def _answer(self, way: Route) -> None:
        """The choice itself is an outcome, or the step of a `pick` or `ask` makes one of it."""
        dialog, _, name = way.at.partition(".")
        state = self.dialogs[dialog].states[name]
        outcome = way.what if way.what in state.choices else self.world.step(way.at, state, way.what, way.heard)
        self.outcomes.append(outcome)
        if outcome in state.asides:
            return self._detour(self._next(way.at, outcome))
        return self._run(self._next(way.at, outcome))

    def _go(self, to: str) -> None:
        """A word that works anywhere: browsing takes the place of all other questions, the rest comes back to them."""
        dialog, _, short = to.partition(".")
        if not self.dialogs[dialog].states[short].lasting:
            return self._detour(to)
        self.session = replace(self.session, resume=())
        return self._run(to)

    def _detour(self, to: str, *, given: Any = None) -> None:
        """Leave the open question, to come back to it by RETURN; QUIET leaves it as it is."""
        before = self.session
        self.session = self.session.leaving(self.session.state)
        self._run(to, given=given)
        if self.is_quiet:
            self.session = before

    def _back(self) -> None:
        """The last question that still has a point; a list that is used up is passed over."""
        trail = list(self.session.trail)
        while trail:
            name = trail.pop()
            dialog, _, short = name.partition(".")
            state = self.dialogs[dialog].states.get(short)
            if state and self._stands(name) and (state.kind != "pick" or self.world.rows(name, state, "").rows):
                self.session = replace(self.session.left(), trail=tuple(trail), state="")
                return self._run(name)
        self.session = replace(self.session.left(), trail=(), resume=(), state="")
        return self._run(start_of(self.dialogs, self.session.hat))

    def _signal(self, word: str) -> None:
        """A word of ours ends a `wait`; come too late it says nothing."""
        _, state = open_question(self.dialogs, self.session)
        if state and state.kind == "wait" and word in state.goes:
            self.outcomes.append(word)
            self._run(self._next(self.session.state, word))

    def _without_moving(self, way: Route) -> None:
        """Consent, a secret, a passed choice, another hat's business, a miss: say it, then the open question again.

        Of a chat that is the bot's again the question alone.
        """
        match way.how:
            case "consent":
                self.bubbles.append(Bubble(f"consent.{self.world.consent(way.what)}", {}))
                return
            case "other_hat":
                self.bubbles.append(
                    Bubble(f"other_hat.{way.what}", {}, options=(Option(f"wear_{way.what}"),), door=f"{way.what}!wear")
                )
                return
            case "secret":
                self.bubbles.append(Bubble("secret.masked", {}))
            case "stale" | "sorry":
                self.bubbles.append(Bubble("stale" if way.how == "stale" else "sorry.try_again", {}))
                if way.what == PLAIN_SORRY:
                    return
            case "given_back":
                pass
            case "miss" if self.session.misses >= MISSES and not way.sign:
                dialog, _ = open_question(self.dialogs, self.session)
                self.session = replace(self.session, misses=0)
                self._detour(f"{dialog.name}.{dialog.helper}")
                return
            case _:
                self.bubbles.append(Bubble(self._miss_key(way), {}))
        self._ask_again()

    def _miss_key(self, way: Route) -> str:
        if way.sign:
            return f"unread.{way.sign}"
        dialog, state = open_question(self.dialogs, self.session)
        if state and state.missed:
            return f"{dialog.name}.{state.missed}"
        return "miss.ask" if state and state.kind == "ask" else "miss.menu"

    def _ask_again(self) -> None:
        name = self.session.state or start_of(self.dialogs, self.session.hat)
        self.is_same_question = bool(self.session.state)
        self._run(name, page=self.session.page)

    def _next(self, name: str, outcome: str) -> str:
        dialog, _, short = name.partition(".")
        target = self.dialogs[dialog].states[short].goes[outcome]
        return target if target in (RETURN, QUIET) else f"{dialog}.{target}"

    def _run(self, to: str, *, given: Any = None, page: str = "") -> None:
        """From state to state until a question is open."""
        while True:
            if to == QUIET:
                self.is_quiet = True
                return
            if to == RETURN:
                to = self._returned()
            dialog, _, short = to.partition(".")
            state = self.dialogs[dialog].states[short]
            if state.kind in PROMPTS:
                if self._prompt(to, state, page):
                    return
                to, page = self._next(to, "none"), ""
                continue
            to, given, page = self._pass(to, state, given), None, ""

    def _returned(self) -> str:
        """The question that the last detour left and that still has a point; the start when there is none."""
        while self.session.resume:
            name = self.session.resume[-1]
            self.is_same_question = name == self.session.state
            self.session = self.session.arrived(name)
            if self._stands(name):
                return name
            if self.is_same_question:
                self.session = replace(self.session.left(), state="")
        self.is_same_question = False
        return start_of(self.dialogs, self.session.hat)

    def _stands(self, name: str) -> bool:
        dialog, _, short = name.partition(".")
        state = self.dialogs[dialog].states[short]
        return state.stands is None or self.world.stands(name, state)

    def _pass(self, name: str, state: State, given: Any) -> str:
        """A `tell` or a `do`: says or does, and names the next state."""
        if state.kind == "tell":
            self.bubbles.append(self._bubble(name, state))
            self.has_said_enough = state.is_enough
            return self._next(name, "then")
        outcome = self.world.step(name, state, given, self.heard)
        self.outcomes.append(outcome)
        if state.writes:  # "0" never crosses a write
            self.has_written = True
            self.session = replace(self.session, trail=())
            self._leave()
        return self._next(name, outcome)

    def _leave(self) -> None:
        """After a write the question that led to it can no longer be answered, nor walked back to."""
        if self.session.state not in self.session.resume:
            self.session = replace(self.session.left(), state="")

    def _prompt(self, name: str, state: State, page: str) -> bool:
        """Open a question; False when a `pick` has nothing to offer."""
        options = tuple(Option(choice) for choice in state.offered)
        if state.kind == "pick":
            found = self.world.rows(name, state, page)
            if not found.rows and page:
                page, found = "", self.world.rows(name, state, "")
            if not found.rows:
                return False
            more = (Option(MORE + found.next, "", ""),) if found.next else ()
            options = (*map(_option, found.rows), *more, *options)
        if self.has_said_enough and state.kind == "choose" and state.lasting:
            self.bubbles[-1] = replace(self.bubbles[-1], state=name, options=options, is_lasting=True)
        else:
            self.bubbles.append(self._bubble(name, state, options))
        self._move(name, state, page)
        return True

    def _move(self, name: str, state: State, page: str) -> None:
        """Stand in the state whose question is now open.

        Asked anew, a question with fixed options may be about something else: its older buttons no longer answer it.
        """
        here = self.session.state
        if here != name:
            trail = (*self.session.trail, here)[-TRAIL:] if here else self.session.trail
            self.session = replace(self.session.left(), trail=trail)
        elif state.kind != "pick" and not self.is_same_question:
            self.session = self.session.left()
        at = "" if state.kind == "end" else name
        self.session = replace(self.session.arrived(name), state=at, page=page)

    def _bubble(self, name: str, state: State, options: tuple[Option, ...] = ()) -> Bubble:
        dialog, _, _ = name.partition(".")
        values = self.world.shows(name, state) if state.shows else {}
        if self.is_same_question:
            values = {key: value for key, value in values.items() if key not in SEEN_ONCE}  # it stands a bubble above
        asks = name if state.kind in PROMPTS and state.kind != "end" else ""
        return Bubble(f"{dialog}.{state.says}", values, asks, options, state.lasting)
