"""A load of people who talk all at once, each as fast as he is answered 200."""

import threading
import time

from tests.processes.numbered import message
from tests.waiting import wait_for

PEOPLE = 16


class Talk:
    """People who each say one message after the other, again until it is acknowledged, as a provider delivers them."""

    def __init__(self, house, most, pause=0.0, people=PEOPLE):
        self.house, self.most, self.pause = house, most, pause  # seconds between an answer and the next word
        self.stop = threading.Event()
        self.said = {person: [] for person in house.strangers(people)}
        self.took = []  # seconds of every acknowledgement
        self.threads = [threading.Thread(target=self._talk, args=(person,)) for person in self.said]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.join()

    def join(self):
        for thread in self.threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self.threads)

    def wait_for_more(self, most):
        """Until so many more messages have been acknowledged."""
        before = self.acknowledged
        wait_for(lambda: self.acknowledged >= before + most, "nobody is heard")

    @property
    def acknowledged(self):
        """How many messages have been."""
        return sum(len(numbers) for numbers in self.said.values())

    def _talk(self, person):
        """Whoever is stopped while a message is not acknowledged still brings it home."""
        for number in range(self.most):
            if self.stop.is_set():
                return
            one = message(self.house, person, number)
            while not self._is_taken(one):
                time.sleep(0.1)  # as a provider waits before it tries again
            self.said[person].append(number)
            self.stop.wait(self.pause)

    def _is_taken(self, one):
        begun = time.monotonic()
        status = self.house.provider.knock(one)
        self.took.append(time.monotonic() - begun)
        return status == 200


def answered_after(house, which="true", **values):
    """Seconds from each message's arrival to its answer's delivery to the provider, of those `which` chooses; sorted.

    `which` is a condition on the message (`i`) and the bubble (`o`).
    """
    rows = house.rows(
        "select extract(epoch from o.sent_at - i.received_at) as took from turn t join inbox i on i.id = t.inbox_ids[1]"
        " join outbox o on o.conversation_id = t.conversation_id and o.said_at = (t.reader->>'said')::bigint"
        f" where {which}",
        **values,
    )
    return sorted(row.took for row in rows)
