"""Where a parcel was left, as vendors say it."""

import pytest

from bot.dialogs.vendor.leaving import read_deposit
from bot.messages import Incoming, Sender


def read(text):
    return read_deposit(Incoming("m", Sender(()), text))


@pytest.mark.parametrize(
    "said, carrier, receipt",
    [
        ("Rakieta 4521", "Rakieta", "4521"),
        ("rakieta recu 4521", "Rakieta", "4521"),
        ("chez lk reçu n° 778", "LK", "778"),
        ("déposé à la gare nagode ticket A-77", "Nagodé", "A-77"),
        ("DC10 1234", "DC10", "1234"),
        ("dc10", "DC10", ""),
        ("cheval blanc 90", "Cheval Blanc", "90"),
        ("etrab", "ETRAB", ""),
        ("transport Kokou", "Transport Kokou", ""),
    ],
)
def test_company_and_receipt_are_read(said, carrier, receipt):
    assert read(said) == {"carrier": carrier, "receipt": receipt, "has_photo": False}


@pytest.mark.parametrize("said", ["4521", "", "?", "12 34"])
def test_without_a_company_nothing_is_read(said):
    assert read(said) is None
