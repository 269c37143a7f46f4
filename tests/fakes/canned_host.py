"""A host on loopback that gives one file to everybody and notes who asked."""

from tests.fakes.served import Answering, Served


class CannedHost(Served):
    """`asked` holds the headers of each request, by lower-case names. Use as a context manager."""

    def __init__(self, content):
        self.content, self.asked = content, []
        super().__init__(_Handler)


class _Handler(Answering):
    def do_GET(self):
        self.fake.asked.append(self.named)
        self.answer(200, {}, self.fake.content)
