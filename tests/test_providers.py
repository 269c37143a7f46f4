"""What is set up at providers, and what they decide of it, on fakes of the three."""

import pytest

from base.accounts import WhatsappCloudAccount
from base.secret import Secret
from base.templates import texts_of
from bot import accounts
from bot.accounts import Contents
from bot.templates import has_templates
from handlers.twilio_whatsapp.contents import CAROUSELS
from jobs import follow_news, jobs_of
from providers import NothingIsOn, push_templates, templates, twilio_contents, watch
from tests.fakes.graph_phones import FakeCloud
from tests.fakes.messenger import FakePage
from tests.fakes.twilio import FakeTwilio
from tests.handlers.messenger.conftest import account_of as page_of
from tests.handlers.twilio_whatsapp.conftest import account_of as sender_of
from tests.shipped import NAMES

UTILITY = [name for name in NAMES if not name.startswith(("arrived", "announcement"))]


def put_on(market, account):
    """This account alone is on; its row."""
    with market.database.unit_of_work() as db:
        found = accounts.ensure(db, [account])[account.key]
    market.accounts = {found: account}
    return found


@pytest.fixture
def twilio():
    with FakeTwilio(account_sid="AC00000000000000000000000000000001", auth_token="t" * 32) as fake:
        yield fake


@pytest.fixture
def sender(market, twilio):
    account = sender_of(twilio, account_sid=twilio.account_sid, auth_token=Secret(twilio.auth_token))
    return put_on(market, account)


def words(market, name, text):
    """The market's settings with another French text."""
    declared = market.config.templates[name]
    changed = declared.model_copy(update={"languages": {**declared.languages, "fr": text}})
    market.config = market.config.model_copy(update={"templates": {**market.config.templates, name: changed}})


def stood(lines):
    """Template → (language, state, reason) of a table."""
    return {name: (language, state, reason) for _, language, name, state, reason, _ in lines}


def known(market):
    with market.database.unit_of_work() as db:
        rows = db.rows(
            "select name, state, reason from channel_content where account_id = any(%(on)s)", on=list(market.accounts)
        )
        return {row.name: (row.state, row.reason) for row in rows}


def open_lines(market):
    follow_news(market)
    with market.database.unit_of_work() as db:
        return [
            (row.kind, row.about.get("name") or row.about["detail"])
            for row in db.rows("select kind, about from attention where settled_at is null order by id")
        ]


def test_every_language_is_pushed_to_twilio_once(market, twilio, sender):
    for _ in range(2):
        found = stood(push_templates(market))
        assert found == {name: (name[-2:], "pending", "") for name in NAMES}
        assert len(twilio.contents) == len(twilio.approvals) == len(NAMES) + len(CAROUSELS)
    twilio.approve("order_news_en")
    twilio.approvals[twilio.sid_of("arrived_fr")] |= {"status": "rejected", "rejection_reason": "spam"}
    found = stood(templates(market))
    assert found["order_news_en"] == ("en", "approved", "")
    assert found["arrived_fr"] == ("fr", "rejected", "spam")
    assert open_lines(market) == [("template_paused", "arrived_fr")]


def test_changed_words_are_made_beside_the_earlier_ones_which_stay_in_use_until_they_are_approved(
    market, twilio, sender
):
    push_templates(market)
    twilio.approve("order_news_fr")
    first = market.config.templates["order_news"].languages["fr"]
    words(market, "order_news", "Bonjour, commande {{code}} ({{shop}}) : {{news}}. Répondez ici.")
    renamed = texts_of(market.config.templates)["order_news_fr"].renamed.name
    for _ in range(2):
        found = stood(push_templates(market))
        assert (found["order_news_fr"][1], found[renamed]) == ("approved", ("fr", "pending", ""))
        assert len(twilio.contents) == len(NAMES) + 1 + len(CAROUSELS)
    words(market, "order_news", first)
    push_templates(market)
    assert len(twilio.contents) == len(NAMES) + 1 + len(CAROUSELS)  # the first words have their name already


def test_a_workers_job_notices_a_pause_and_its_end_at_twilio(market, twilio, sender):
    assert watch(market, sender) == 0
    assert twilio.requests == []  # nothing was ever pushed there
    push_templates(market)
    for name in (*NAMES, *CAROUSELS):
        twilio.approve(name)
    (job,) = [every for every in jobs_of(market) if every.polls * market.config.timing.poll == 1800]
    assert job.job(market) == 0
    assert {state for state, _ in known(market).values()} == {"approved"}
    twilio.approvals[twilio.sid_of("new_order_fr")]["status"] = "paused"
    for _ in range(2):
        assert job.job(market) == 0
    assert known(market)["new_order_fr"] == ("paused", "")
    assert open_lines(market) == [("template_paused", "new_order_fr")]
    twilio.approve("new_order_fr")
    job.job(market)
    assert open_lines(market) == []


def test_a_template_that_is_turned_into_marketing_is_told_once(market, twilio, sender):
    push_templates(market)
    twilio.approvals[twilio.sid_of("order_news_en")]["category"] = "MARKETING"
    for _ in range(2):
        watch(market, sender)
        assert open_lines(market) == [("account_warned", "order_news_en marketing")]


def offered(market, account_id):
    """The carousels that letters may be sent as."""
    found = Contents()
    with market.database.autocommit() as db:
        found.refresh(db)
    return [name for name in found.ids(account_id) if name in CAROUSELS]


def test_a_carousel_is_offered_while_it_is_approved_and_nobody_is_called_when_it_is_not(market, twilio, sender):
    told = {name: state for name, _, state in twilio_contents(market)}
    assert {told[name] for name in CAROUSELS} == {"pending"}
    assert (told["fr_list_2"], offered(market, sender)) == ("", [])
    twilio.approve("fr_carousel_2")
    assert watch(market, sender) == 0
    assert (known(market)["fr_carousel_2"], offered(market, sender)) == (("approved", ""), ["fr_carousel_2"])
    twilio.approvals[twilio.sid_of("fr_carousel_2")] |= {"status": "rejected", "rejection_reason": "spam"}
    twilio.approvals[twilio.sid_of("fr_carousel_3")]["status"] = "approved"
    assert "fr_carousel_2" not in stood(templates(market))
    assert (known(market)["fr_carousel_2"], offered(market, sender)) == (("rejected", "spam"), ["fr_carousel_3"])
    del twilio.contents[twilio.sid_of("fr_carousel_3")]
    watch(market, sender)
    assert (known(market)["fr_carousel_3"], offered(market, sender)) == (("missing", ""), [])
    push_templates(market)
    assert known(market)["fr_carousel_3"] == ("pending", "")
    assert open_lines(market) == []


def test_a_provider_that_refuses_is_asked_again_later(market, twilio, sender):
    push_templates(market)
    before = known(market)
    market.accounts = {sender: market.accounts[sender].model_copy(update={"auth_token": Secret("wrong")})}
    assert watch(market, sender) == 0
    assert known(market) == before


def test_a_page_gets_what_is_no_marketing(market):
    with FakePage() as fake:
        page = put_on(market, page_of(fake.url))
        for _ in range(2):
            assert stood(push_templates(market)) == {name: (name[-2:], "approved", "") for name in sorted(UTILITY)}
            assert [one["name"] for one in fake.templates] == UTILITY
        fake.templates[1]["status"] = "REJECTED"
        fake.templates[1]["rejected_reason"] = "PROMOTIONAL"
        del fake.templates[0]
        watch(market, page)
    assert known(market)["new_order_en"] == ("rejected", "PROMOTIONAL")
    assert known(market)["new_order_fr"] == ("missing", "")
    assert open_lines(market) == [("template_paused", "new_order_en"), ("template_paused", "new_order_fr")]


@pytest.fixture
def graph():
    with FakeCloud("", ()) as fake:
        yield fake


def number_of(graph, **changed):
    own = graph.settings
    usual = {
        "key": "whatsapp",
        "app_secret": Secret(own["META_APP_SECRET"]),
        "verify_token": Secret(own["META_VERIFY_TOKEN"]),
        "access_token": Secret(own["WHATSAPP_ACCESS_TOKEN"]),
        "phone_number_id": own["WHATSAPP_PHONE_NUMBER_ID"],
        "waba_id": own["WHATSAPP_WABA_ID"],
        "api_base": graph.url,
    }
    return WhatsappCloudAccount(**usual | changed)


def test_every_language_is_pushed_to_a_number_once_and_changed_words_beside_the_earlier_ones(market, graph):
    number = put_on(market, number_of(graph))
    for _ in range(2):
        assert stood(push_templates(market)) == {name: (name[-2:], "pending", "") for name in sorted(NAMES)}
        assert [one["name"] for one in graph.templates] == NAMES
    graph.judge_templates("APPROVED")
    words(market, "arrived", "Bonjour, {{product}} est là, chez {{shop}}. Tapez STOP pour finir.")
    renamed = texts_of(market.config.templates)["arrived_fr"].renamed.name
    found = stood(push_templates(market))
    assert (found["arrived_fr"][1], found[renamed]) == ("approved", ("fr", "pending", ""))
    graph.templates[0] |= {"status": "PAUSED", "rejected_reason": "LOW_QUALITY"}
    watch(market, number)
    assert known(market)["new_order_fr"] == ("paused", "LOW_QUALITY")
    assert open_lines(market) == [("template_paused", "new_order_fr")]


def test_a_number_without_its_waba_has_no_templates(market, graph):
    put_on(market, number_of(graph, waba_id=""))
    for ask in (push_templates, templates):
        with pytest.raises(NothingIsOn, match="waba_id"):
            ask(market)
    assert not has_templates(number_of(graph, waba_id=""))
    assert has_templates(number_of(graph))
