"""What a flood was asked and what it was answered, message by message: sums would let a loss hide behind a double."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

Key = tuple[str, str]  # a person's phone and the words that answer his tap


@dataclass
class Sent:
    """One message; moments in seconds, `acknowledged` when its 200 came."""

    began: float
    acknowledged: float = math.inf


@dataclass
class Ledger:
    """The k-th answer of a kind that a person hears belongs to the k-th message of his that asks for it."""

    sent: defaultdict[Key, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    heard: defaultdict[Key, list[float]] = field(default_factory=lambda: defaultdict(list))

    def send(self, key: Key, now: float) -> Sent:
        """A message goes out."""
        message = Sent(now)
        self.sent[key].append(message)
        return message

    def hear(self, key: Key, now: float) -> None:
        """An answer came."""
        self.heard[key].append(now)

    @property
    def missing(self) -> int:
        """Messages without their answer."""
        return sum(max(0, len(messages) - len(self.heard[key])) for key, messages in self.sent.items())

    @property
    def doubled(self) -> int:
        """Answers that nobody asked for, or not so often."""
        return sum(max(0, len(moments) - len(self.sent[key])) for key, moments in list(self.heard.items()))

    @property
    def out_of_order(self) -> int:
        """Answers that came after one to a message which was written later than theirs was acknowledged."""
        answered: defaultdict[str, list[tuple[float, Sent]]] = defaultdict(list)
        for key, messages in self.sent.items():
            answered[key[0]] += zip(self.heard[key], messages, strict=False)
        late = 0
        for pairs in answered.values():
            newest = -math.inf
            for _, message in sorted(pairs, key=lambda pair: pair[0]):
                late += newest > message.acknowledged
                newest = max(newest, message.began)
        return late

    def wrong(self) -> Counter[str]:
        """All that went wrong, by its name."""
        found = {"no reply": self.missing, "said twice": self.doubled, "out of order": self.out_of_order}
        return Counter({name: count for name, count in found.items() if count})
