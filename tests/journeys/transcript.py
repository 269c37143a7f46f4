"""Journeys as people read them: who speaks, what is typed or tapped, what is answered, the clock, and the database."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys.days import of_now

STORIES = Path(__file__).parent / "stories"
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
TEXT_MODE = " in text mode"  # behind a channel's name
OFFERS = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True)
class Speaker:
    """`@awa`, `@vendor:maman_yawa`, `@organizer`, `@new:koffi`, `@nameless:x`, `@hidden:ayele` (no phone told)."""

    name: str


@dataclass(frozen=True)
class Said:
    """`> words`, `> [Title]` for a tap; what is no text (`tests.journeys.play.SIGNS`) stands in brackets.

    `(pin 6.17, 1.21)`, `(voice)`, `(photo)`, `(photo: words below it)`, `(card Afi, 97 12 34 56)`,
    `(cart gari 2, riz 1)`, `(link riz-parfume-25 affiche)` for what a link to a good, a shop or the `market` types,
    `(link riz-parfume-25: 2 svp)` for a person's own words before its code, `(comment: 2 riz)` below a post of the
    Page's, `(heart)` and `(reaction 👍)` on the newest bubble, `(edit: words)` and `(delete)` of what was said last.
    """

    words: str


@dataclass
class Heard:
    """`< words`, further lines indented by two blanks; a line `[One] [Two]` holds the offers; `(photo)` a picture.

    `(place)` is a pin, a button that opens a map, or the address of one, as the channel shows it.
    """

    line: int
    words: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    has_photo: bool = False
    has_audio: bool = False
    has_place: bool = False


@dataclass(frozen=True)
class Passed:
    """`+ 20 min`: the clock, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Claim:
    """`! stock riz-parfume-25 allocated = 2`: an assertion on the database."""

    words: str


@dataclass(frozen=True)
class Changed:
    """`= price riz-parfume-25 18500`: what happens in the market meanwhile, without a word in any chat.

    `= awa is answered by hand` is what a channel tells when somebody of ours writes to her outside of the program.
    """

    words: str


def channels_of(path, channels):
    """The channels a story happens on: all, or those that its line `# only twilio` names.

    One that is told in text mode on a channel is told so on each that it names.
    """
    only = re.search(r"^# only (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    named = set(only[1].split(", ")) if only else set(channels)
    if any(name.endswith(TEXT_MODE) for name in named):
        named |= {f"{name}{TEXT_MODE}" for name in named}
    return [channel for channel in channels if channel in named]


def read(path):
    """The steps of a story, in order, as it is told now; an empty line before an indented one belongs to the bubble."""
    steps, lines = [], of_now(path.read_text(encoding="utf-8")).splitlines()
    for number, line in enumerate(lines, 1):
        if not line and lines[number : number + 1] and lines[number].startswith(" "):
            line = "  "
        step = _step(number, line, steps)
        if step:
            steps.append(step)
    return steps


def _step(number, line, steps):
    mark, rest = line[:1], line[1:].strip()
    match mark:
        case "" | "#":
            return None
        case "@":
            return Speaker(rest)
        case ">":
            return Said(rest)
        case "+":
            amount, unit = rest.split()
            return Passed(float(amount) * UNITS[unit])
        case "!":
            return Claim(rest)
        case "=":
            return Changed(rest)
        case "<":
            bubble = Heard(number)
            _add(bubble, rest)
            return bubble
        case " ":
            _add(steps[-1], line[2:])
            return None
    raise ValueError(f"line {number}: {line!r}")


def _add(bubble, words):
    if words in ("(photo)", "(audio)", "(place)"):
        setattr(bubble, f"has_{words[1:-1]}", True)
    elif words.startswith("[") and words.endswith("]"):
        bubble.offers += OFFERS.findall(words)
    else:
        bubble.words.append(words)


def filled(words, known):
    """Words with what is known in the place of `{code}` and `{code:3}`."""
    return re.sub(r"\{(\w+)(?::(\d))?\}", lambda found: known[found[1]][: int(found[2] or 99)], words)


def pattern_of(words, known):
    """Expected words as a pattern: `{code}` is remembered or known, `{code:3}` its first three letters.

    `????` are any four characters, `(day)` is `lun. 16 août` or `mar. 1er déc.`, `https://…` is any address, a last `…`
    anything.
    """
    parts = []
    for piece in re.split(r"(\{\w+(?::\d)?\}|\?{3,}|\(day\)|https://…|…$)", words):
        if re.fullmatch(r"\{\w+:\d\}", piece):
            parts.append(re.escape(filled(piece, known)))
        elif re.fullmatch(r"\{\w+\}", piece):
            name = piece[1:-1]
            again = f"(?P<{name}>" in "".join(parts)
            parts.append(re.escape(known[name]) if name in known else f"(?P={name})" if again else rf"(?P<{name}>\w+)")
        elif re.fullmatch(r"\?{3,}", piece):
            parts.append(rf"[^\s]{{{len(piece)}}}")
        elif piece == "(day)":
            parts.append(r"\w+\. (?:1er|\d{1,2}) \w+\.?")
        elif piece == "https://…":
            parts.append(r"https://\S+")
        elif piece == "…":
            parts.append(r"[\s\S]*")
        else:
            parts.append(re.escape(piece).replace(r"\ ", "[ \u00a0]"))
    return re.compile("".join(parts), re.MULTILINE)
