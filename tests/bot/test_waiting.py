"""When a row is due, and which rows are one message: every sentence of the design's paragraph."""

import json
from collections import namedtuple
from datetime import UTC, datetime, timedelta

import pytest

from base.timing import Timing
from bot.documents import incoming_to_json
from bot.messages import Identity, Incoming, Media, Sender
from bot.waiting import _joined as joined
from bot.waiting import message_of, next_message
from tests.bot.stall import AWA

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Row = namedtuple("Row", "id message attempts received_at due_at now")


def row(number, what, *, came, waits=0.0, attempts=0, now=10.0):
    """`what`: words, `tap`, `photo`, `deletes <id>` or `edits <id>` (by `haricots`); seconds after noon."""
    said = (
        {"tap": "buyer.menu=yes~1~1"}
        if what == "tap"
        else {"media": (Media("image", "r"),)}
        if what == "photo"
        else {"deletes": what.split()[1]}
        if what.startswith("deletes")
        else {"text": "haricots", "edits": what.split()[1]}
        if what.startswith("edits")
        else {"text": what}
    )
    message = Incoming(f"m{number}", Sender((Identity("phone", AWA),)), **said)
    at = [NOON + timedelta(seconds=s) for s in (came, came + waits, now)]
    return Row(number, json.loads(incoming_to_json(message)), attempts, *at)


WORDS, PHOTOS = 1.2, 3.0
CASES = {
    "nothing is open": ([], []),
    "a row that is due at once is taken": ([row(1, "tap", came=10)], [1]),
    "words wait for more": ([row(1, "bjr", came=9.5, waits=WORDS)], []),
    "words are taken when nothing follows": ([row(1, "bjr", came=8.8, waits=WORDS)], [1]),
    "words that follow each other are one message": (
        [
            row(1, "bjr", came=7.0, waits=WORDS),
            row(2, "svp", came=8.0, waits=WORDS),
            row(3, "le riz la", came=8.7, waits=WORDS),
        ],
        [1, 2, 3],
    ),
    "while the newest is not due the others wait too": (
        [row(1, "bjr", came=8.0, waits=WORDS), row(2, "svp", came=9.5, waits=WORDS)],
        [],
    ),
    "who types for four seconds is not waited for any longer": (
        [row(1, "bjr", came=6.0, waits=WORDS), row(2, "svp", came=9.9, waits=WORDS)],
        [1, 2],
    ),
    "just under four seconds is waited for": (
        [row(1, "bjr", came=6.1, waits=WORDS), row(2, "svp", came=9.9, waits=WORDS)],
        [],
    ),
    "photos wait for photos": ([row(1, "photo", came=7.5, waits=PHOTOS)], []),
    "photos that follow each other are one message": (
        [row(1, "photo", came=5.0, waits=PHOTOS), row(2, "photo", came=6.9, waits=PHOTOS)],
        [1, 2],
    ),
    "photos are waited for eight seconds": (
        [row(1, "photo", came=2.1, waits=PHOTOS), row(2, "photo", came=9.0, waits=PHOTOS)],
        [],
    ),
    "and no longer": ([row(1, "photo", came=2.0, waits=PHOTOS), row(2, "photo", came=9.0, waits=PHOTOS)], [1, 2]),
    "a tap never waits, and what came before it goes first": (
        [row(1, "bjr", came=9.8, waits=WORDS), row(2, "tap", came=9.9)],
        [1],
    ),
    "what came after the last row that is due at once may wait": (
        [row(1, "tap", came=9.0), row(2, "bjr", came=9.5, waits=WORDS)],
        [1],
    ),
    "two rows that are due at once are two messages": ([row(1, "2 sacs", came=9.0), row(2, "3 sacs", came=9.1)], [1]),
    "a photo and the words about it are one message": (
        [row(1, "photo", came=2.0, waits=PHOTOS), row(2, "vous avez ca", came=2.1, waits=WORDS)],
        [1, 2],
    ),
    "words and the photo that they announce are one message": (
        [row(1, "vous avez ca", came=5.0, waits=WORDS), row(2, "photo", came=6.0, waits=PHOTOS)],
        [1, 2],
    ),
    "a yes is not lost below a photo": (
        [row(1, "photo", came=2.0, waits=PHOTOS), row(2, "oui", came=2.1, waits=WORDS)],
        [1],
    ),
    "what is deleted before it is read is taken with what deletes it": (
        [row(1, "riz", came=8.5, waits=WORDS), row(2, "deletes m1", came=9.0)],
        [1, 2],
    ),
    "a tap between them is taken afterwards": (
        [row(1, "riz", came=8.5, waits=WORDS), row(2, "tap", came=8.6), row(3, "deletes m1", came=9.0)],
        [1, 3],
    ),
    "so is what is corrected": (
        [row(1, "riz", came=8.5, waits=WORDS), row(2, "edits m1", came=9.0)],
        [1, 2],
    ),
    "a row that waits for its retry holds up all others": (
        [row(1, "boom", came=5.0, waits=6.0, attempts=1), row(2, "tap", came=9.0)],
        [],
    ),
    "a row that failed before stands alone": (
        [row(1, "bjr", came=5.0, waits=1.0, attempts=2), row(2, "svp", came=6.0, waits=WORDS)],
        [1],
    ),
    "a later row that failed before is not joined": (
        [row(1, "bjr", came=5.0, waits=WORDS), row(2, "svp", came=6.0, waits=WORDS, attempts=1)],
        [1],
    ),
}


@pytest.mark.parametrize("rows, taken", CASES.values(), ids=CASES)
def test_the_next_message_of_a_conversation(rows, taken):
    assert [row.id for row in next_message(rows, Timing())] == taken


def message(*rows):
    return joined([message_of(row) for row in rows])


def test_what_was_taken_back_says_nothing_and_its_neighbours_still_do():
    first, second = row(1, "riz", came=8.5, waits=WORDS), row(2, "gari", came=8.6, waits=WORDS)
    gone = row(3, "deletes m1", came=9.0)

    assert message(first, gone).deletes == "m1"
    assert message(first, gone).text == ""
    assert message(first, second, gone).text == "gari"


def test_corrected_words_stand_in_the_place_of_the_first_ones():
    first, other = row(1, "riz", came=8.5, waits=WORDS), row(2, "svp", came=8.6, waits=WORDS)
    corrected, again = row(3, "edits m1", came=9.0), row(4, "edits m1", came=9.1)

    assert message(first, corrected).text == "haricots"
    assert message(first, other, corrected).text == "svp\nharicots"
    assert message(first, corrected, again).text == "haricots"
    assert message(first, corrected, row(5, "deletes m1", came=9.2)).deletes == "m1"
