"""Learns the guesses: `python -m tests.learning` reads phrases, examples and tables, and writes their weights."""

import hashlib
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from tempfile import TemporaryDirectory

import numpy as np
import pycrfsuite
from joblib import Parallel, delayed
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from base.lexicon import is_french
from base.sounds import sound
from base.spelling import normalise
from bot.understanding.guessing import LENGTH, OF_PIECES, SCALE, WEIGHTS, length_of
from bot.understanding.marking import FROM
from bot.understanding.traits import GOODS, OWN, PIECE, tokens_of, traits, with_models_named
from tests.learning import tables
from tests.learning.marks import marked, with_other_goods
from tests.learning.speaking import KINDS, SHORT, Message, messages, sources

_DRAWS = 4
_STRENGTH = 2.0  # of the data against weights of nought
_LEAST_WEIGHT = 0.06
_LEAST_SEEN = {"buyer": 12, "vendor": 3, "organizer": 3}  # messages that have a known sound, worn copies among them
_LEAST_WITH = 4  # messages that have a trait
_LENGTHS = {"buyer": 0, "vendor": 10, "organizer": 10}  # of a message as the vector of its traits; 0: as it is
_OF_WORDS = {"c1": 0.05, "c2": 0.1, "max_iterations": 150, "feature.minfreq": 2}  # penalties, of weights and squares
_OTHER_GOODS = {"buyer": 1, "vendor": 3}  # times that a message about a good is told of another
_ROLES = ("buyer", "vendor", "organizer")


def digest(role: str) -> str:
    """What the weights of a role were learned from, as twelve hex digits: they are stale when it is another."""
    told = b"".join(path.read_bytes() for path in sources(role))
    return hashlib.sha256(told).hexdigest()[:12]


def _tokens(words: Sequence[str], known: frozenset[str], length: int) -> list[str]:
    tokens: list[str] = []
    for word in words:
        kind = SHORT.get(word, word)
        plain = [] if kind in KINDS else normalise(word).split()
        read = tokens_of(with_models_named(plain) if length else plain, known) if plain else [kind]
        tokens += [token for token in read if token != OWN or tokens[-1:] != [OWN]]
    return tokens


def _sounds(draws: Sequence[dict[str, list[Message]]], least_seen: int) -> frozenset[str]:
    """The sounds of words that several messages of a draw have; rarer words are people's own."""
    counted: Counter[str] = Counter()
    for message in (message for draw in draws for spoken in draw.values() for message in spoken):
        told = {word for word in message.words if word not in KINDS | SHORT.keys()}
        plain = {part for word in told for part in normalise(word).split()}
        counted.update({sound(word) for word in plain if word.isalpha() and word not in GOODS})
    least = least_seen * len(draws)
    return frozenset(heard for heard, count in counted.items() if count >= least and heard.isalnum())


def learn(role: str) -> str:
    """Fit a model of a role to every draw and return the file of their mean, which leans to no draw's chances."""
    draws = [messages(role, draw) for draw in range(_DRAWS)]
    known = _sounds(draws, _LEAST_SEEN[role])
    table = DictVectorizer(sparse=True)
    length = _LENGTHS[role]
    rows = table.fit_transform(
        _row(message, known, length) for draw in draws for said in draw.values() for message in said
    )
    often = np.flatnonzero(np.asarray((rows > 0).sum(axis=0)).ravel() >= _LEAST_WITH * _DRAWS)
    names = table.get_feature_names_out()[often]
    fitted = Parallel(n_jobs=-1)(delayed(_fitted)(draw, known, table, often, length) for draw in draws)
    bias = np.mean([one.intercept_ for one in fitted], axis=0)
    weights = np.mean([one.coef_ for one in fitted], axis=0)
    return _written(role, fitted[0].classes_, bias, dict(zip(names, weights.T, strict=True)), known, length)


def _row(message: Message, known: frozenset[str], length: int) -> dict[str, float]:
    found = traits(message.typed, _tokens(message.words, known, length), message.asks)
    if not length:
        return {trait: _share_of(trait) for trait in found}
    told = (*found, *message.signs)
    by = length / length_of(told)
    return {trait: _share_of(trait) * by for trait in told}


def _share_of(trait: str) -> float:
    return OF_PIECES if trait.startswith(PIECE) else 1.0


def _fitted(
    draw: dict[str, list[Message]], known: frozenset[str], table: DictVectorizer, often: Sequence[int], length: int
) -> LogisticRegression:
    rows, intents, shares = [], [], []
    for intent, spoken in draw.items():
        for message in spoken:
            rows.append(_row(message, known, length))
            intents.append(intent)
            shares.append(1 / math.sqrt(len(spoken)))
    weight = [share * len(shares) / sum(shares) for share in shares]
    return LogisticRegression(C=_STRENGTH, max_iter=400, tol=1e-3).fit(table.transform(rows)[:, often], intents, weight)


def learn_words(role: str) -> str:
    """Fit the marks of words to the tables of a role and return the file of the model."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(_OF_WORDS)
    rows = [row for path in tables.paths(role) for row in tables.read_table(path)]
    for row in with_other_goods(rows, _OTHER_GOODS[role]):
        one = marked(row, role)
        if one:
            words, marks = zip(*one.rows(), strict=True)
            trainer.append([dict.fromkeys(told, 1.0) for told in words], marks)
    with TemporaryDirectory() as folder:
        path = f"{folder}/words"
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for (before, mark), weight in info.transitions.items():
        weights[FROM + before][mark] = weight
    for (trait, mark), weight in info.state_features.items():
        weights[trait][mark] = weight
    marks = sorted(info.labels)
    rows = {trait: [told.get(mark, 0.0) for mark in marks] for trait, told in sorted(weights.items())}
    return _written(role, marks, [0.0] * len(marks), rows, frozenset())


def _written(
    role: str,
    intents: Sequence[str],
    bias: Sequence[float],
    weights: dict[str, Sequence[float]],
    known: frozenset[str],
    length: int = 0,
) -> str:
    lines = [f"# learned from {digest(role)}", *([f"{LENGTH}\t{length}"] if length else [])]
    lines += [f"={intent}\t0:{round(value * SCALE)}" for intent, value in zip(intents, bias, strict=True)]
    for name, values in weights.items():
        heavy = [(place, value * _share_of(name)) for place, value in enumerate(values)]
        pairs = [f"{place}:{round(value * SCALE)}" for place, value in heavy if abs(value) >= _LEAST_WEIGHT]
        if (pairs or name in known) and not name.startswith("="):
            lines.append(f"{name}\t{' '.join(pairs)}")
    return "\n".join(lines) + "\n"


def learn_seen(role: str) -> str:
    """The French words that the messages of a role have, one a line: what only sounds like them was never learned."""
    told = {word for draw in range(_DRAWS) for said in messages(role, draw).values() for m in said for word in _all(m)}
    words = sorted(word for word in told if is_french(word))
    return "\n".join((f"# learned from {digest(role)}", *words)) + "\n"


def _all(message: Message) -> Iterator[str]:
    for word in (*message.words, *message.typed):
        if word not in KINDS | SHORT.keys():
            yield from normalise(word).split()


def main() -> None:
    """Learn every role that has examples, or those named: `python -m tests.learning vendor`."""
    WEIGHTS.mkdir(exist_ok=True)
    for role in sys.argv[1:] or _ROLES:
        (WEIGHTS / f"{role}.txt").write_text(learn(role), "utf-8")
        if role in _OTHER_GOODS:  # an organizer's own words are found by rules
            (WEIGHTS / f"{role}_words.txt").write_text(learn_words(role), "utf-8")
        (WEIGHTS / f"{role}_seen.txt").write_text(learn_seen(role), "utf-8")


if __name__ == "__main__":
    main()
