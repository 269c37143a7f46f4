"""A chat for tests: one person's turns on the real tables and the real rooms, without inbox and outbox."""

import json
import re
from copy import deepcopy
from datetime import timedelta
from types import MappingProxyType

from base.clock import now
from base.db import Alone, Db
from bot import contacts
from bot.answers import Reader, compose
from bot.consent import obey
from bot.dialogs import DIALOGS
from bot.machine import advance
from bot.messages import Identity, Incoming, Limits, Location, Media, Sender
from bot.pace import BOUNDLESS
from bot.recognising import recognise
from bot.session import Session
from bot.turn import Turn
from bot.world import Moment
from bot.worlds import LiveWorld

TABLES = MappingProxyType({dialog.name: dialog for dialog in DIALOGS})
LIMITS = Limits(4096, 1024, 1024, 3, 20, 10, 24, 72, 20, 200, True)
PEOPLE = Sender(())


class Chat:
    """What one person types and taps; `bubbles` are the last answer, `session` and `memory` are kept between turns."""

    def __init__(self, db, config, phone, name="Awa Mensah", *, roles=(), knows_phone=True):
        self.db, self.config, self.phone, self.knows_phone = db, config, phone, knows_phone
        self.account_id = db.value("select id from channel_account where key = 'test'") or db.value(
            "insert into channel_account (key, kind) values ('test', 'simulator') returning id"
        )
        sender = Sender((Identity("phone", phone),), name)
        found = contacts.find_or_make_chat(db, self.account_id, sender, [self.account_id])
        self.conversation_id, self.contact_id = found.conversation_id, found.contact_id
        for role, vendor_id in roles:
            contacts.grant(db, self.contact_id, role, vendor_id)
        self.session, self.memory = Session(), {}
        self.bubbles, self.said, self.later, self.is_after_silence = (), 0, timedelta(), False
        self.taps, self.offered, self.facts, self.was_alone = {}, {}, [], False
        self.turned, self.allowed, self.limits, self.turn = None, BOUNDLESS, LIMITS, None

    def says(self, text):
        """Type something; returns the words of all bubbles."""
        return self._turn(text=text)

    def taps_on(self, title):
        """Tap the newest button or row of this title."""
        return self._turn(tap=self.taps[title])

    def pins(self, latitude, longitude):
        """Send a location."""
        return self._turn(location=Location(latitude, longitude))

    def sends(self, kind):
        """Send a file."""
        return self._turn(media=(Media(kind, "reference"),))

    def brings(self, **said):
        """Any message."""
        return self._turn(**said)

    def opens_door(self, dialog, door, about):
        """Tap a notice's button."""
        return self._turn(tap=f"{dialog}!{door}={about}~1~1")

    def taps_id(self, id_):
        """Tap a button by its id."""
        return self._turn(tap=id_)

    def goes(self, *steps):
        """Type and tap (`[Title]`) one after the other; returns the last words."""
        for step in steps:
            _ = self.taps_on(step[1:-1]) if step.startswith("[") else self.says(step)
        return self.words

    def _turn(self, **said):
        """As the engine does: in a batch first, and by itself when a busy row or a second lock demands it."""
        batch = Db(self.db.connection, in_batch=True)
        try:
            return self._made(batch, **said)
        except Alone:
            assert not batch.has_written
            self.was_alone = True
            return self._made(self.db, **said)

    def _made(self, db, **said):
        person = contacts.people(db, [self.conversation_id])[self.conversation_id]
        moment = now(db) + self.later
        incoming = Incoming("", PEOPLE, **said)
        turn = Turn(
            db,
            self.config,
            person,
            self.conversation_id,
            self.account_id,
            None,
            moment,
            deepcopy(self.memory),
            words=said.get("text", ""),
            said=incoming,
            phone=self.phone if self.knows_phone else "",
            asked=self.session.state,
        )
        world = LiveWorld(turn, obey, recognise)
        minute = int(moment.timestamp() // 60)
        self.turned = advance(
            TABLES, self.session, incoming, world, Moment(minute, self.is_after_silence, self.allowed)
        )
        self.turn = turn
        json.dumps([world.answers, turn.memory])  # what a turn's row and a session keep
        self._remember(turn, minute)
        return self.words

    def _remember(self, turn, minute):
        self.said += 1
        reader = Reader(turn.person.language, turn.person.is_in_text_mode, self.limits, "https://market.example")
        composed = compose(self.turned.bubbles, self.turned.session, reader, self.said, minute)
        self.session = Session.from_document(composed.session.to_document())
        self.bubbles, self.memory, self.is_after_silence = composed.bubbles, turn.memory, False
        self.offered = {offer.title: offer.id for bubble in self.bubbles for offer in bubble.offers}
        self.taps |= self.offered
        self.facts = [type(fact).__name__ for fact in turn.db.facts]
        turn.db.facts.clear()
        assert len(self.turned.bubbles) <= 2, self.keys

    @property
    def words(self):
        """What the last answer says, with plain spaces before its signs."""
        return re.sub("\u00a0(?=[?!:;»])|(?<=«)\u00a0", " ", "\n\n".join(bubble.body for bubble in self.bubbles))

    @property
    def keys(self):
        """The texts that the last answer said."""
        return [bubble.key for bubble in self.turned.bubbles]

    @property
    def titles(self):
        """What the last answer offers, in order."""
        return list(self.offered)

    @property
    def state(self):
        """The question that is open."""
        return self.session.state

    def is_silent(self, hours):
        """Time passes without a word."""
        self.later += timedelta(hours=hours)
        self.is_after_silence = hours > 6
