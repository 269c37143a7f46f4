"""Learns the guesses: `python -m tests.learning` reads phrases and examples, and writes their weights."""

import hashlib
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from base.sounds import sound
from base.spelling import normalise
from bot.understanding.guessing import SCALE, WEIGHTS
from bot.understanding.intents import INTENTS
from bot.understanding.names import ATTRIBUTE_OF, INDEX_OF, LANGUAGE_OF, METHOD_OF
from bot.understanding.phrasebook import PIECE, UNLESS, is_sign, read_phrases
from bot.understanding.traits import CODE, FIGURES, GOODS, HOUR, MEASURE, OWN, PHONE, PLACE, tokens_of, traits

EXAMPLES = Path(__file__).parent / "examples"
PHRASES = WEIGHTS.parent / "phrases"
UNKNOWN = "unknown"
SEED = 20_210_816
_DRAWS = 4
_MOST_OF_A_LINE = 60  # messages that one line of alternatives gives
_OF_AN_EXAMPLE = 6
_STRENGTH = 4.0  # of the data against weights of nought
_LEAST_WEIGHT = 0.06
_LEAST_SEEN = 12  # messages, worn copies among them
_ROLES = ("buyer",)

Message = tuple[tuple[str, ...], bool]  # tokens, and whether it asks

_IN_SLOT: dict[str, Sequence[str]] = {
    **dict.fromkeys(
        ("product", "searched", "some_words", "name", "workshop", "reason", "carrier"), (OWN, f"{OWN} {OWN}")
    ),
    "priced": (f"{OWN} max #4", f"{OWN} moins de #4", f"{OWN} entre #4 et #4", f"{OWN} a partir de #4"),
    **dict.fromkeys(
        ("items", "bare_items"), ("#1 *", "#1 sac de *", "#1 * et #1 *", "#2 *", "#1 * #1 *", "un *", "des *")
    ),
    "kin": ("ma soeur", "mon frere", "mon mari", "ma femme", "mon fils", "ma fille", "ma mere", "mon petit"),
    "list_items": ("* #1", "* #1 * #1", "* #1 paquets"),
    "quantity": ("#1", "#1", "#2", "une douzaine"),
    "order": ("#c", "#4"),
    "place": ("@", "@", "*"),
    "located": ("@", "@ derriere la pharmacie", "derriere la pharmacie *", "@ a cote de *", "en face de la station *"),
    "when": ("demain", "ce soir", "aujourd hui", "avant #h", "demain matin", "samedi", "a #h"),
    "price": ("#4", "#3", "#1 mille"),
    "phone": ("#t",),
    "reference": ("#c",),
    "receipt": ("#c",),
    "size": ("#3", "#u", "l", "xl", "#3"),
    "colour": ("rouge", "noir", "bleu", "blanc", "vert"),
    "method": tuple(METHOD_OF),
    "other_method": tuple(METHOD_OF),
    "language": tuple(LANGUAGE_OF),
    "other_language": tuple(LANGUAGE_OF),
    "attribute": tuple(ATTRIBUTE_OF),
    "index": ("#1", *INDEX_OF),
    "workshop_number": ("#1", "atelier #1", "session #1"),
    **dict.fromkeys(("access", "erase", "correct"), ("",)),
    "at_the_door": ("le client n a pas pris",),
    "came_back": ("revenu",),
    "period": ("aujourd hui", "la semaine", "du mois"),
}
_KINDS = {OWN, PLACE, PHONE, CODE, HOUR, MEASURE, *FIGURES}
_GAP = ("", "", OWN)
_SHORT = {"#": "#1", "##": "#4"}  # as examples are written


def digest(role: str) -> str:
    """What the weights of a role were learned from, as twelve hex digits: they are stale when it is another."""
    files = [*PHRASES.glob("*.txt"), *(EXAMPLES / role).glob("*.txt")]
    told = b"".join(path.read_bytes() for path in sorted(files))
    return hashlib.sha256(told).hexdigest()[:12]


def messages(role: str, draw: int) -> dict[str, list[Message]]:
    """Invented messages of every intent of a role, and of `unknown`; other ones in every draw."""
    found: dict[str, list[Message]] = {intent: [] for intent in (*INTENTS[role], UNKNOWN)}
    everyone = read_phrases("everyone")
    for pages in (read_phrases(role, everyone.shorthands), everyone):
        for heading, lines in pages.phrases.items():
            intent = heading.removesuffix("?")
            if intent in found:
                found[intent] += [m for line in lines for m in _spoken(line, draw, _count(line))]
    for path in sorted((EXAMPLES / role).glob("*.txt")):
        for heading, lines in read_phrases(path.stem, folder=path.parent).phrases.items():
            found[heading] += [m for line in lines for m in _spoken(line, draw, max(_OF_AN_EXAMPLE, _count(line)))]
    return found


def _count(line: str) -> int:
    return min(_MOST_OF_A_LINE, 2 + 2 * line.count("|"))


def _spoken(line: str, draw: int, count: int) -> Iterator[Message]:
    """What a line may say; by its own chance, so that a line more changes no other's."""
    chance = random.Random(f"{SEED} {draw} {line}")
    unless = UNLESS.fullmatch(line)
    wanted = unless[2] if unless else line
    if is_sign(wanted):
        return
    for _ in range(count):
        words = " ".join(_said(wanted, chance)).split()
        asks = "?" in words
        yield tuple(_worn([word for word in words if word != "?"], chance)), asks


def _said(line: str, chance: random.Random) -> Iterator[str]:
    """One way to say a line: of every choice one, of every slot something that fits."""
    pieces = PIECE.findall(line)
    place = 0

    def sequence() -> list[str]:
        nonlocal place
        said: list[str] = []
        while place < len(pieces):
            slot, mark, literal = pieces[place]
            if mark in (")", "]", "|"):
                return said
            place += 1
            if slot:
                said.append(chance.choice(_IN_SLOT[slot]))
            elif mark == "...":
                said.append(chance.choice(_GAP))
            elif mark:
                said += choice(mark)
            else:
                said.append(literal)
        return said

    def choice(opened: str) -> list[str]:
        nonlocal place
        ways: list[list[str]] = [] if opened == "(" else [[]]
        while True:
            ways.append(sequence())
            mark = pieces[place][1]
            place += 1
            if mark in (")", "]"):
                return chance.choice(ways)

    yield from sequence()


def _worn(words: Sequence[str], chance: random.Random) -> Iterator[str]:
    """As people type it: a word of the frame is missing or not recognised now and then, or something stands before."""
    if chance.random() < 0.12:
        yield OWN
    for word in words:
        fate = chance.random()
        if len(words) > 3 and fate < 0.04 and word not in _KINDS:
            continue
        yield OWN if len(words) > 2 and fate > 0.97 and word not in _KINDS else word
    if chance.random() < 0.12:
        yield OWN


def _tokens(words: Sequence[str], known: frozenset[str]) -> list[str]:
    tokens: list[str] = []
    for word in words:
        kind = _SHORT.get(word, word)
        read = [kind] if kind in _KINDS else tokens_of(normalise(word).split(), known)
        tokens += [token for token in read if token != OWN or tokens[-1:] != [OWN]]
    return tokens


def _sounds(draws: Sequence[dict[str, list[Message]]]) -> frozenset[str]:
    """The sounds of words that several messages of a draw have; rarer words are people's own."""
    counted: Counter[str] = Counter()
    for spoken in (spoken for draw in draws for spoken in draw.values()):
        for words in {words for words, _ in spoken}:
            plain = {part for word in words if word not in _KINDS | _SHORT.keys() for part in normalise(word).split()}
            counted.update({sound(word) for word in plain if word.isalpha() and word not in GOODS})
    least = _LEAST_SEEN * len(draws)
    return frozenset(heard for heard, count in counted.items() if count >= least and heard.isalnum())


def learn(role: str) -> str:
    """Fit a model of a role to every draw and return the file of their mean, which leans to no draw's chances."""
    draws = [messages(role, draw) for draw in range(_DRAWS)]
    known = _sounds(draws)
    table = DictVectorizer(sparse=True)
    table.fit(_row(message, known) for draw in draws for spoken in draw.values() for message in spoken)
    fitted = Parallel(n_jobs=-1)(delayed(_fitted)(draw, known, table) for draw in draws)
    bias = np.mean([one.intercept_ for one in fitted], axis=0)
    weights = np.mean([one.coef_ for one in fitted], axis=0)
    named = dict(zip(table.get_feature_names_out(), weights.T, strict=True))
    return _written(role, fitted[0].classes_, bias, named, known)


def _row(message: Message, known: frozenset[str]) -> dict[str, float]:
    words, asks = message
    return dict.fromkeys(traits(_tokens(words, known), asks), 1.0)


def _fitted(draw: dict[str, list[Message]], known: frozenset[str], table: DictVectorizer) -> LogisticRegression:
    rows, intents, shares = [], [], []
    for intent, spoken in draw.items():
        for message in spoken:
            rows.append(_row(message, known))
            intents.append(intent)
            shares.append(1 / math.sqrt(len(spoken)))
    weight = [share * len(shares) / sum(shares) for share in shares]
    return LogisticRegression(C=_STRENGTH, max_iter=400, tol=1e-3).fit(table.transform(rows), intents, weight)


def _written(
    role: str, intents: Sequence[str], bias: Sequence[float], weights: dict[str, Sequence[float]], known: frozenset[str]
) -> str:
    lines = [f"# learned from {digest(role)}"]
    lines += [f"={intent}\t0:{round(value * SCALE)}" for intent, value in zip(intents, bias, strict=True)]
    for name, values in weights.items():
        pairs = [f"{place}:{round(value * SCALE)}" for place, value in enumerate(values) if abs(value) >= _LEAST_WEIGHT]
        if pairs or name in known:
            lines.append(f"{name}\t{' '.join(pairs)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Learn every role that has examples."""
    WEIGHTS.mkdir(exist_ok=True)
    for role in _ROLES:
        (WEIGHTS / f"{role}.txt").write_text(learn(role), "utf-8")


if __name__ == "__main__":
    main()
