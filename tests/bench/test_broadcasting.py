"""The announcement's bench in small: a worker is killed amid it, and nobody is told twice or against his will."""

import asyncio

from bench.announced import BUSY, GONE, Recipients, StandIn
from bench.broadcasting import KEYS, SILENT_EVERY, least_seconds, measure

PEOPLE, PLANNED = 40, 300  # of each channel; of all
BUSY_EVERY = 15  # the provider says 429 twice in what 39 people take
FAST = {
    "ASSIGAME__TIMING__CALL_CONNECT": "1",
    "ASSIGAME__TIMING__CALL_READ": "3",
    "ASSIGAME__TIMING__LEASE": "5",
    "ASSIGAME__TIMING__POLL": "0.2",
    "ASSIGAME__TIMING__SEND_RETRY": "[0.2, 0.5, 1, 2]",
}


def test_an_announcement_survives_a_killed_worker_and_reaches_everybody_once_on_each_channel(tmp_path):
    lines, sendings = asyncio.run(measure(PLANNED, PEOPLE, 1, tmp_path / "bench", FAST, busy_every=BUSY_EVERY))
    assert [sent.channels for sent in sendings] == list(KEYS)
    assert "300 people planned" in lines[0].name
    for sent in sendings:
        silent = PEOPLE // SILENT_EVERY
        assert sent.wrong == []
        assert sum(sent.counts.values()) == PEOPLE
        assert sent.counts["skipped"] == silent
        assert sum(sent.counts.get(state, 0) for state in ("sent", "failed", "uncertain")) == PEOPLE - silent
        assert (sent.kills, sent.unanswered) == (1, 0)
        uncertain = sent.counts.get("uncertain", 0)  # what the killed one had in hand: it may have been tried, or not
        assert (PEOPLE - silent - uncertain) // BUSY_EVERY <= sent.busy <= 2
        assert sent.busy > 0
        assert sent.gone in (1, 2)  # of forty numbers in a row every 33rd
        assert sent.untold <= uncertain
        assert sent.gone - uncertain <= sent.counts.get("failed", 0) <= sent.gone


def test_the_stand_in_says_429_to_every_so_many_and_never_reaches_some():
    stand_in = StandIn(busy_every=3, gone_every=2)
    form = "To=whatsapp%3A%2B22890000003&Body=Atelier+STOP"
    answers = [stand_in.handle("POST", "/2010-04-01/Accounts/AC/Messages.json", form.encode()) for _ in range(3)]
    assert [answer[0] for answer in answers] == [201, 201, 429]
    assert answers[2] == BUSY["twilio"]
    body = b'{"messaging_product": "whatsapp", "to": "22890000004", "text": {"body": "STOP"}}'
    assert stand_in.handle("POST", "/v25.0/1055/messages", body) == GONE["whatsapp"]
    body = b'{"recipient": {"id": "700000005"}, "message": {"text": "bonjour"}}'
    assert stand_in.handle("POST", "/v25.0/2055/messages", body)[0] == 200
    assert set(stand_in.heard) == {"700000005"}
    assert stand_in.taken == {"+22890000003": 2}


def test_who_was_told_nothing_is_wrong_unless_the_market_says_that_it_is_in_doubt():
    stand_in = StandIn(0, 0)
    stand_in.taken.update(["awa", "kofi", "afi", "afi", "yao"])
    stand_in.gone["edem"] += 1
    people = Recipients(
        silent={"yao", "akou"},
        told={"awa", "kofi", "afi", "komi"},
        meant={"awa", "kofi", "afi", "komi", "edem", "sena", "dela"},
        in_doubt={"sena"},
    )
    assert people.untold(stand_in) == {"komi", "sena", "dela"}
    assert people.wrong(stand_in) == [
        "1 people were told twice",
        "1 people were told against their will",
        "1 people are said to be told and were not",
        "2 people were told nothing, and are not said to be in doubt",
    ]


def test_the_theoretical_time_is_that_of_who_was_told_and_of_each_429():
    assert least_seconds(StandIn(50, 0), 56 * 50) == 51.0
