"""Who reads what a turn says."""

from types import SimpleNamespace

import pytest

from base.accounts import TwilioWhatsappAccount, WhatsappCloudAccount
from bot.answers import Composed
from bot.documents import outgoing_from
from bot.extras import is_plain, plain
from bot.messages import Identity, Incoming, Outgoing, Sender
from bot.quoting import answering
from bot.running import reader_of
from bot.session import Session
from bot.world import Moment, Route, Turned
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


AWA = Sender((Identity("phone", "+22890000001"),))


@pytest.mark.parametrize(
    ("said", "how", "is_late", "quotes"),
    [
        (Incoming("in2", AWA, "riz"), "go", False, ""),
        (Incoming("in2", AWA, "oui"), "stale", True, "in2"),
        (Incoming("in2", AWA, "riz"), "go", True, "in2"),
        (Incoming("in2", AWA, "huile", edits="in1"), "go", False, "in1"),
        (Incoming("in2", AWA), "sorry", False, "in2"),
        (Incoming("in2", AWA, "riz", comment="1_2"), "go", True, ""),
        (Incoming("in2", Sender(())), "signal", True, ""),
    ],
)
def test_what_comes_apart_from_its_answer_is_quoted(said, how, is_late, quotes):
    session = Session("buyer")
    composed = Composed((Outgoing("Voici"), Outgoing("Et voilà")), session)
    answered = answering(composed, said, Turned(session, (), Route(how), ()), Moment(1, is_late=is_late))
    assert [bubble.quotes for bubble in answered.bubbles] == [quotes, ""]


def test_a_bubble_of_before_quotes_nothing_and_a_refused_one_no_longer():
    assert outgoing_from({"body": "Voici"}).quotes == ""
    assert outgoing_from({"body": "Voici", "quotes": "in1"}).quotes == "in1"
    assert not is_plain(Outgoing("Voici", quotes="in1"))
    assert plain(Outgoing("Voici", quotes="in1")) == Outgoing("Voici")
