"""Who reads what a turn says."""

from types import SimpleNamespace

import pytest

from base.accounts import TwilioWhatsappAccount, WhatsappCloudAccount
from bot.running import reader_of
from handlers.twilio_whatsapp.limits import TWILIO_LIMITS
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS

CLOUD = {"location", "phone"}


@pytest.mark.parametrize(
    ("account", "asks"),
    [
        (WhatsappCloudAccount(key="whatsapp", catalog_id="194836987003835"), CLOUD | {"catalogue"}),
        (WhatsappCloudAccount(key="whatsapp"), CLOUD),
        (TwilioWhatsappAccount(key="twilio"), set()),
    ],
)
def test_a_catalogue_answers_where_the_account_has_one(account, asks):
    person = SimpleNamespace(language="fr", is_in_text_mode=False)
    limits = {"whatsapp_cloud": WHATSAPP_LIMITS, "twilio_whatsapp": TWILIO_LIMITS}
    config = SimpleNamespace(server=SimpleNamespace(base_url="https://market.example"))
    bot = SimpleNamespace(accounts={7: account}, limits=limits, config=config)
    assert reader_of(bot, SimpleNamespace(account_id=7, person=person)).limits.asks == asks
