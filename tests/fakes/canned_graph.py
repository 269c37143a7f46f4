"""Meta's Graph on loopback that answers as it is told, one answer after the other, the last one for ever."""

import json
from urllib.parse import parse_qs, urlsplit

from tests.fakes.graph_cloud import account_at
from tests.fakes.served import Answering, Served


class CannedGraph(Served):
    """`answers` are (status, document); `asked` (method, path, query, body) of each request. A context manager."""

    def __init__(self):
        self.answers, self.asked = [(200, {})], []
        super().__init__(_Handler)

    def account(self, **changed):
        """An account that speaks to this server."""
        return account_at(self.url, **changed)


class _Handler(Answering):
    def do_POST(self):
        self.do_GET()

    def do_GET(self):
        parts = urlsplit(self.path)
        self.fake.asked.append((self.command, parts.path, parse_qs(parts.query), self.body()))
        answers = self.fake.answers
        status, document = answers.pop(0) if len(answers) > 1 else answers[0]
        self.answer(status, {}, json.dumps(document).encode())
