"""What befalls a chat is heard once, of the right person, and never hurts what stands beside it."""

import json

import pytest
from structlog.testing import capture_logs

from base.accounts import WhatsappCloudAccount
from base.secret import Secret
from bot.messages import Happened, Identity, Parsed
from tests.fakes.graph_cloud import APP_SECRET, NUMBER_ID, WABA_ID, knock
from tests.handlers.whatsapp_cloud.conftest import CHANNEL, recorded, value_of

ACCOUNT = WhatsappCloudAccount(
    key="whatsapp", app_secret=Secret(APP_SECRET), phone_number_id=NUMBER_ID, waba_id=WABA_ID
)
OTHER_NUMBER = ACCOUNT.model_copy(update={"key": "second", "phone_number_id": "2"})
OTHER_WABA = ACCOUNT.model_copy(update={"key": "third", "phone_number_id": "3", "waba_id": "9"})
ALL = [ACCOUNT, OTHER_NUMBER, OTHER_WABA]
PHONE, SCOPED = Identity("phone", "+22890123456"), Identity("bsuid", "TG.1")
LISTS = {
    "user_id_update": "user_id_update",
    "user_preferences": "user_preferences",
    "smb_message_echoes": "message_echoes",
}
UPDATE = {"user_id": {"previous": "TG.1", "current": "TG.2"}, "timestamp": "1795507300"}
PREFERENCE = {"user_id": "TG.1", "category": "marketing_messages", "value": "stop", "timestamp": 1795507300}
ECHO = {"from": "22870000000", "to": "22890123456", "id": "wamid.1", "timestamp": "1795507300", "type": "text"}
GOOD = {"user_id_update": UPDATE, "user_preferences": PREFERENCE, "smb_message_echoes": ECHO}


def body(*changes, waba=WABA_ID):
    changes = [{"field": field, "value": value} for field, value in changes]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": waba, "changes": changes}]}).encode()


def parse(raw, account=ACCOUNT):
    return CHANNEL.parse(account, knock(raw))


def heard(field, *elements):
    parsed = parse(body((field, value_of(**{LISTS[field]: [*elements]}))))
    return [kept.message for kept in parsed.messages]


@pytest.mark.parametrize("field", LISTS)
@pytest.mark.parametrize("poison", [None, 7, "x", [], {}, {"user_id": []}, {"to": {}, "id": "wamid.1"}, {"to": "0"}])
def test_poison_between_two_is_left_out_alone(field, poison):
    with capture_logs() as logs:
        found = heard(field, GOOD[field], poison, GOOD[field])
    assert len(found) == 2
    assert found[0] == found[1]
    assert [(one["kind"], one["place"]) for one in logs] == [(field, 1)]


@pytest.mark.parametrize("field", LISTS)
def test_what_is_kept_of_one_is_read_again_as_the_same(field):
    (kept,) = parse(body((field, value_of(**{LISTS[field]: [GOOD[field]]})))).messages
    assert parse(kept.raw) == Parsed(messages=(kept,))
    assert CHANNEL.verify(ALL, knock(kept.raw)) == [ACCOUNT]


@pytest.mark.parametrize("field", LISTS)
def test_a_number_counts_before_its_waba_and_the_waba_where_there_is_none(field):
    value = {LISTS[field]: [GOOD[field]]}
    of_two = body((field, value_of("2", **value)))
    assert CHANNEL.verify(ALL, knock(of_two)) == [OTHER_NUMBER]
    assert [len(parse(of_two, one).messages) for one in ALL] == [0, 1, 0]
    of_waba = body((field, value))
    assert CHANNEL.verify(ALL, knock(of_waba)) == [ACCOUNT, OTHER_NUMBER]
    assert [len(parse(of_waba, one).messages) for one in ALL] == [1, 1, 0]


def test_talk_without_a_number_is_nobodys_whatever_its_waba():
    told = {"messages": [{"from": "22890123456", "id": "wamid.1", "type": "text", "text": {"body": "riz"}}]}
    assert parse(body(("messages", told))) == Parsed()


@pytest.mark.parametrize(
    "changed, names",
    [
        ({}, (Identity("bsuid", "TG.2"),)),
        ({"wa_id": "22890123456"}, (PHONE, Identity("bsuid", "TG.2"))),
        ({"wa_id": ""}, (Identity("bsuid", "TG.2"),)),
        ({"wa_id": ["2289"]}, (Identity("bsuid", "TG.2"),)),
        ({"user_id": {"previous": "TG.1", "current": "TG.1"}}, None),
        ({"user_id": {"previous": "TG.1", "current": ""}, "wa_id": "22890123456"}, None),
        ({"user_id": {"previous": "TG.1", "current": "22890123456"}}, None),
    ],
)
def test_a_new_scoped_id_is_told_with_the_phone_of_now(changed, names):
    found = heard("user_id_update", UPDATE | changed)
    assert [(one.sender.identities, one.happened) for one in found] == (
        [((SCOPED,), Happened("renamed", names))] if names else []
    )


def test_an_update_that_is_brought_again_has_the_same_id_and_another_has_its_own():
    ids = [heard("user_id_update", UPDATE | changed)[0].provider_id for changed in ({}, {"detail": "x"})]
    assert len(set(ids)) == 1
    others = [{"timestamp": "1"}, {"user_id": {"previous": "TG.1", "current": "TG.3"}}, {"timestamp": [1]}]
    assert len({heard("user_id_update", UPDATE | changed)[0].provider_id for changed in others} | set(ids)) == 4


@pytest.mark.parametrize(
    "changed, happened",
    [
        ({}, "stopped"),
        ({"value": "resume"}, "resumed"),
        ({"value": "signup"}, None),
        ({"value": ["stop"]}, None),
        ({"value": "STOP"}, None),
        ({"category": "utility"}, None),
        ({"category": None}, None),
    ],
)
def test_marketing_is_stopped_and_resumed_by_a_clear_word_alone(changed, happened):
    found = heard("user_preferences", PREFERENCE | changed)
    assert [one.happened for one in found] == ([Happened(happened)] if happened else [])


@pytest.mark.parametrize(
    "changed, names",
    [
        ({}, (PHONE,)),
        ({"to": "TG.1"}, (SCOPED,)),
        ({"to_user_id": "TG.1"}, (PHONE, SCOPED)),
        ({"to": None, "recipient_user_id": "TG.1"}, (SCOPED,)),
        ({"type": "hologram"}, (PHONE,)),
    ],
)
def test_an_answer_by_hand_is_of_the_chat_that_it_went_to(changed, names):
    (found,) = heard("smb_message_echoes", ECHO | changed)
    assert (found.sender.identities, found.happened, found.provider_id) == (names, Happened("taken_over"), "wamid.1")
    assert not found.is_spoken
    assert found.text == ""


def test_a_rename_to_the_names_that_are_known_is_none():
    same = json.loads(recorded("number_changed"))
    (message,) = same["entry"][0]["changes"][0]["value"]["messages"]
    message["system"]["wa_id"] = message["from"]
    assert parse(json.dumps(same).encode()) == Parsed()


def test_all_fields_of_one_webhook_are_read_and_strange_ones_hurt_none():
    strange = [("zoblo", {}), ("zoblo", None), (7, []), (None, {"messages": [1]}), ("messages", None)]
    good = [(field, value_of(**{LISTS[field]: [GOOD[field]]})) for field in LISTS]
    status = json.loads(recorded("template_paused"))["entry"][0]["changes"][0]
    mixed = [pair for one in good for pair in (*strange, one)] + [(status["field"], status["value"])]
    parsed = parse(body(*mixed))
    assert [kept.message.happened.what for kept in parsed.messages] == ["renamed", "stopped", "taken_over"]
    assert [news.state for news in parsed.templates] == ["paused"]
