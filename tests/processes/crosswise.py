"""Vendors who accept and refuse, buyers who change their minds, and what both were told: the books of a fair."""

import re
from dataclasses import dataclass, field
from random import Random

ACCEPTED = re.compile(r"Commande (TG-\w+) acceptée")
REFUSED = re.compile(r"Commande (TG-\w+) refusée")
CANCELLED = re.compile(r"La commande (TG-\w+) est annulée par l'acheteur")
REASON = "Rupture de stock"


@dataclass
class Vendors:
    """All owners of a fair; each answers every order that he is told of, and refuses at most one at a time."""

    house: object
    owners: list
    chance: Random
    answered: set = field(default_factory=set)  # ids of the bubbles whose button was tapped

    def answers(self):
        """A tap of each vendor on every new order; a fifth of them refuses one."""
        return [tap for owner in self.owners for tap in self._answers_of(owner)]

    def _answers_of(self, owner):
        news = self._fresh(owner, "Accepter")
        refused = self.chance.choice(news) if news and self.chance.random() < 0.2 else None
        return [self._tap(sent, "Refuser" if sent is refused else "Accepter") for sent in news]

    def reasons(self):
        """The reason of each refusal that was begun."""
        asked = [self._fresh(owner, REASON)[-1:] for owner in self.owners]
        return [self._tap(sent, REASON) for sents in asked for sent in sents]

    def _fresh(self, owner, title):
        sents = [sent for sent in self.house.provider.to(owner.phone) if title in sent.titles]
        return [sent for sent in sents if (sent.sid, title) not in self.answered]

    def _tap(self, sent, title):
        self.answered |= {(sent.sid, each) for each in sent.titles}
        return self.house.provider.tap(sent, title)

    def promised(self, owner):
        """The codes of the orders that this vendor has been told to serve, by his bubbles alone."""
        told = "\n".join(sent.body for sent in self.house.provider.to(owner.phone))
        return set(ACCEPTED.findall(told)) - set(REFUSED.findall(told)) - set(CANCELLED.findall(told))

    def told(self, pattern):
        """How many orders all vendors were told of so."""
        bodies = (sent.body for owner in self.owners for sent in self.house.provider.to(owner.phone))
        return sum(len(pattern.findall(body)) for body in bodies)
