"""A web server on loopback that answers as it is told and remembers what it was asked."""

import queue

from tests.fakes.served import Answering, Served


class Listener(Served):
    """`answers` are used one after the other, the last one for ever: (status, headers, body).

    `asked` are (path, headers, body). A context manager.
    """

    def __init__(self):
        self.answers, self.asked = [(200, {}, b"{}")], queue.Queue()
        super().__init__(_Handler)

    def next_answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Handler(Answering):
    def do_POST(self):
        body, answer = self.body(), self.fake.next_answer()
        self.fake.asked.put((self.path, dict(self.headers), body))
        self.answer(*answer)
