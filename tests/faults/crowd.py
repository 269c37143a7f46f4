"""People who talk to one house through all its deaths, and what its books must say of them."""

from random import Random

from tests.faults import history
from tests.faults.trade import Trade
from tests.processes.house import SHUT_OUT
from tests.processes.numbered import assert_all_were_answered_once_in_order, phone_of, word_of
from tests.waiting import wait_for

PEOPLE = 4  # at most
ASKING = ("je cherche", "je recherche", "on cherche", "cherche", "je voudrais trouver")
ROUNDS = 3  # the most that are spoken before anybody looks whether somebody has died
MODES = {"ok": 6, "accept_then_reset": 1, "500_accepted": 1, "429": 1}  # of the provider -> of so many kills
MOST_MET = 3  # sends that meet such a mode


class Crowd:
    """Some people at a time; those who come after them have never spoken, so that strangers come too.

    Beside them a trade goes on: whoever begins it has its people speak too.
    """

    def __init__(self, house):
        self.house, self.said, self.first, self.checked = house, {}, 0, 0
        house.may_fail_for.add(SHUT_OUT)
        self.trade = Trade(house)
        self.begin(Random(0))

    def begin(self, chance):
        """Draw how many there are, how they ask and in which order, and how many rounds they speak at least."""
        self.chance = Random(chance.random())  # its own: how often it is asked may hang on who dies when
        self.people, self.rounds = chance.randint(2, PEOPLE), chance.randint(1, ROUNDS)

    def begin_trade(self, chance):
        """Some buy and sell beside them, and the provider has its moods."""
        self.trade.begin(chance)
        (mode,) = chance.choices(list(MODES), MODES.values())
        self.house.provider.mode(mode, times=chance.randint(1, MOST_MET))

    def talk(self):
        """Some say one thing more, until it is acknowledged; dead processes are started again for it."""
        all_people = range(self.first, self.first + self.people)
        people = self.chance.sample(all_people, self.chance.randint(1, self.people))
        said = {person: len(self.said.setdefault(person, [])) for person in people}
        self._hand_in([*(self._message(*one) for one in said.items()), *self.trade.next_messages()])
        for person, number in said.items():
            self.said[person].append(number)

    def _message(self, person, number):
        words = f"{self.chance.choice(ASKING)} {word_of(person, number)}"
        return self.house.provider.say(phone_of(person), words, name="Kossi")

    def _hand_in(self, inbounds):
        """In two crowds, one after the other; of each all at once."""
        self.chance.shuffle(inbounds)
        cut = self.chance.randint(1, len(inbounds))
        for together in (inbounds[:cut], inbounds[cut:]):
            if together:
                self.house.hand_in(together)

    def settle(self):
        """Start what is dead, and wait until nothing is open."""
        self.house.mend()
        wait_for(lambda: not self.spooled(), "the spool is not drained")
        self.house.wait_until_idle(mends=True)

    def waits(self):
        """Whether a message is open."""
        return self.house.value("select exists (select from inbox where state = 'open')")

    def spooled(self):
        """How many webhooks wait in the spool."""
        return len(list((self.house.folder / "var" / "spool").glob("*.webhook")))

    def check(self):
        """The books agree, all was answered once and in order, and sold is what was ordered."""
        self.checked = history.check(self.house, since=self.checked)
        assert_all_were_answered_once_in_order(self.house, self.said)
        self.trade.check()

    def leave(self):
        """Others come in their place."""
        self.first += PEOPLE
