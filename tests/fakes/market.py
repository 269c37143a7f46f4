"""A market behind the web door that remembers what it kept, and fails when it is told to."""

import queue
from dataclasses import dataclass, field
from typing import Any

from base.media import Folder
from bot.inbox import Stored
from dashboard.simulator.people import Person

PEOPLE = (
    Person("Awa Mensah", "buyer", "+22890000001"),
    Person("Maman Yawa · <céréales>", "vendor", "+22890000101"),
)


@dataclass
class FakeMarket:
    """What webhooks.Market asks for, in memory."""

    config: Any
    redis: Any
    channels: Any
    kept: queue.Queue = field(default_factory=queue.Queue)  # (channel kind, account key, Parsed)
    courtesies: list = field(default_factory=list)  # (account key, Parsed)
    rudeness: Exception | None = None  # what a courtesy fails with
    error: Exception | None = None
    wrong: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)  # token -> bot.received.Received
    documents: dict = field(default_factory=dict)  # (kind, token) -> Document

    doors: dict = field(default_factory=dict)  # token -> what a code says there, a code or None -> Shown

    @property
    def media(self):
        return Folder(self.config.var / "media")

    def product_page(self, slug):
        return None

    def product_card(self, slug):
        return None

    @property
    def storing(self):
        return self

    @property
    def courtesy(self):
        return self

    def keep(self, account_key, parsed):
        if self.error:
            raise self.error
        kind = next(one.kind for one in self.config.active_accounts() if one.key == account_key)
        self.kept.put((kind, account_key, parsed))
        return Stored(len(parsed.messages))

    def answer_soon(self, account, parsed, stored):
        if self.rudeness:
            raise self.rudeness
        self.courtesies.append((account.key, parsed))

    def received_file(self, token):
        if self.error:
            raise self.error
        return self.files.get(token)

    def simulator_people(self):
        return PEOPLE

    def document(self, kind, token):
        return self.documents.get((kind, token))

    def door(self, token, typed):
        if self.error:
            raise self.error
        return self.doors[token](typed) if token in self.doors else None

    def is_ready(self):
        return self.wrong

    def figures(self):
        return b"assigame_database_up 1.0\n"
