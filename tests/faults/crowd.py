"""People who talk to one house through all its deaths, and what its books must say of them."""

from tests.faults import history
from tests.faults.trade import Trade
from tests.processes.house import wait_for
from tests.processes.numbered import assert_all_were_answered_once_in_order, message

PEOPLE = 4


class Crowd:
    """So many people at a time; those who come after them have never spoken, so that strangers come too.

    Beside them a trade goes on: whoever begins it has its people speak too.
    """

    def __init__(self, house):
        self.house, self.said, self.first, self.checked = house, {}, 0, 0
        self.trade = Trade(house)

    def talk(self):
        """Everybody says one thing more, until it is acknowledged; dead processes are started again for it."""
        people = range(self.first, self.first + PEOPLE)
        said = {person: len(self.said.setdefault(person, [])) for person in people}
        numbered = [message(self.house, person, number) for person, number in said.items()]
        self.house.hand_in([*numbered, *self.trade.next_messages()])
        for person, number in said.items():
            self.said[person].append(number)

    def settle(self):
        """Start what is dead, and wait until nothing is open."""
        self.house.mend()
        wait_for(lambda: not self.spooled(), "the spool is not drained")
        self.house.wait_until_idle(mends=True)

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
