"""What words say in this market, where several readers could take them."""

from datetime import UTC, datetime

import pytest

from bot.recognising import recognise
from bot.turn import Person, Turn

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def heard(db, config, text):
    """The readings of what a vendor types, intents with their slots."""
    turn = Turn(db, config, Person(1, "Yawa", "fr", False, ("vendor", "buyer")), 1, 1, None, NOW, words=text)
    return [(one.intent, dict(one.slots)) for one in recognise(turn, "vendor", text)]


@pytest.mark.parametrize(
    "asked",
    [
        "puis-je payer par flooz 90112233 ?",
        "comment recevoir mon argent sur flooz 90112233",
        "mon aide 90 11 22 33 peut venir ?",
        "prévenez moi quand il reste 5 places",
        "flooz 90112233",
    ],
)
@pytest.mark.parametrize("opening", ["question atelier 5 : ", "question pour l'atelier 5 - ", "atelier 5, question : "])
def test_a_question_to_a_speaker_is_that_whatever_number_stands_in_it(db, config, opening, asked):
    assert heard(db, config, opening + asked) == [("event_info", {"workshop": "5", "question": asked})]


def test_a_payout_number_is_still_one(db, config):
    assert heard(db, config, "payez moi sur flooz 90112233") == [("payout_info", {"phone": "+22890112233"})]


def test_of_goods_that_may_have_come_or_gone_how_many_are_there_is_asked(db, config):
    assert heard(db, config, "les 4 oeufs sont tombés") == [("set_stock", {"product": "oeufs"})]
