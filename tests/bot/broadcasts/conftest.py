"""What tests of broadcasts share: a market's people, and a broadcast's way in one transaction."""

import pytest

from base.config import load
from tests.bot.broadcasts.people import People
from tests.conftest import VARIABLES

META = {
    "META_APP_SECRET": "test-app-secret",
    "META_VERIFY_TOKEN": "test-verify-token",
    "WHATSAPP_ACCESS_TOKEN": "test-access-token",
    "WHATSAPP_PHONE_NUMBER_ID": "1055000000001",
    "MESSENGER_PAGE_ID": "2055000000001",
    "MESSENGER_PAGE_TOKEN": "test-page-token",
}


@pytest.fixture
def config(tmp_path):
    """The shipped settings with the three channels of a real market, and the simulator."""
    return load(environ={**VARIABLES, **META, "ASSIGAME_VAR": str(tmp_path / "var")})


@pytest.fixture
def people(db, config):
    """Nobody yet, on accounts of three kinds, at ten on a Tuesday in Lomé."""
    return People(db, config)
