"""The delivery table of the design, cell by cell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from base.timing import Timing
from bot.messages import Accepted, Identity, Link, Location, Offer, Outgoing, Receipt, Refused, Template, Unclear
from bot.outbox import Claimed
from bot.provider_answers import Found, NotTaken, Unknown
from bot.uncertain import Doubt
from bot.uncertain import judge as judge_doubt
from bot.verdicts import judge, pause_before, too_old, unsent, way_out
from handlers.twilio_whatsapp.limits import TWILIO_LIMITS
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TIMING = Timing()
OFFERS = (Offer(1, "Oui", "buyer.sure=yes~1~1"), Offer(2, "Non", "buyer.sure=no~1~1"))
ROW = Claimed(
    id=7,
    conversation_id=1,
    contact_id=1,
    account_id=1,
    kind="reply",
    said_at=1,
    bubble=Outgoing("C'est bon ?", "buttons", OFFERS, photo="https://market.example/a.jpg"),
    template=None,
    needs_template=False,
    attempts=1,
    now=NOON,
    too_old_at=NOON + timedelta(hours=1),
    error="",
    about={},
    resent=0,
    last_in_at=NOON - timedelta(minutes=1),
    wants_announcements=True,
    wants_reminders=True,
    wants_order_news=True,
    to=Identity("phone", "+22890000001"),
    unreachable_since=None,
)
DAY = 86400.0
TEMPLATE = Template("new_order_fr", "fr", ("TG-4K7P2",))


def row(kind="reply", **changes):
    return replace(ROW, kind=kind, **changes)


def brief(verdict):
    """(state, reason, what follows) of a verdict."""
    after = verdict.aftermath
    follows = [after.attention, f"pauses {after.pauses}" if after.pauses else "", "opts out" if after.opts_out else ""]
    follows.append("ends marketing" if after.ends_marketing else "")
    follows.append("cuts off" if after.cuts_off else "")
    follows.append(f"{after.template.name} {after.template.state} {after.template.reason}" if after.template else "")
    return verdict.settlement.state, verdict.settlement.error, ", ".join(filter(None, follows))


BUSY, WINDOW = Refused("busy", "429"), Refused("window", "63016")
CELLS = {
    # taken
    "reply taken": (row(), Accepted("SM1"), ("sent", None, "")),
    "notice taken": (row("notice"), Accepted("SM1"), ("sent", None, "")),
    "bulk taken": (row("bulk"), Accepted("SM1"), ("sent", None, "")),
    # refused cleanly
    "reply refused cleanly": (row(), BUSY, ("waiting", "busy 429", "")),
    "notice refused cleanly": (row("notice"), BUSY, ("waiting", "busy 429", "")),
    "bulk refused cleanly": (row("bulk"), BUSY, ("waiting", "busy 429", "")),
    "a reply's last try of those allowed": (
        row(attempts=3),
        Refused("busy", "30008", most_tries=3),
        ("waiting", "busy 30008", ""),
    ),
    "a reply tried too often": (
        row(attempts=4),
        Refused("busy", "30008", most_tries=3),
        ("failed", "busy 30008", "reply_failed"),
    ),
    "a bulk tried too often": (row("bulk", attempts=2), Refused("busy", "1", most_tries=1), ("failed", "busy 1", "")),
    # answer lost
    "reply's answer lost": (row(), Unclear("timeout"), ("uncertain", "timeout", "")),
    "notice's answer lost": (row("notice"), Unclear("timeout"), ("uncertain", "timeout", "")),
    "bulk's answer lost": (row("bulk"), Unclear("timeout"), ("failed", "answer lost", "")),
    # window shut, said by the provider
    "reply with a template": (row(template=TEMPLATE), WINDOW, ("waiting", "window 63016", "")),
    "reply without": (row(), WINDOW, ("failed", "window 63016", "reply_failed")),
    "notice with a template": (row("notice", template=TEMPLATE), WINDOW, ("waiting", "window 63016", "")),
    "notice without": (row("notice"), WINDOW, ("failed", "window 63016", "notice_failed")),
    "notice whose template is refused too": (
        row("notice", template=TEMPLATE, needs_template=True),
        WINDOW,
        ("failed", "window 63016", "notice_failed"),
    ),
    "bulk": (row("bulk"), WINDOW, ("skipped", "window 63016", "")),
    # permanent
    "reply unreachable": (
        row(),
        Refused("unreachable", "63003"),
        ("failed", "unreachable 63003", "reply_failed, cuts off"),
    ),
    "notice unreachable": (
        row("notice"),
        Refused("unreachable", "63003"),
        ("failed", "unreachable 63003", "notice_failed, cuts off"),
    ),
    "bulk unreachable": (row("bulk"), Refused("unreachable", "63003"), ("failed", "unreachable 63003", "cuts off")),
    "reply filtered by the provider": (row(), Refused("final", "63013"), ("failed", "final 63013", "reply_failed")),
    "notice cancelled": (row("notice"), Refused("final", "canceled"), ("failed", "final canceled", "notice_failed")),
    "bulk filtered": (row("bulk"), Refused("final", "30007"), ("failed", "final 30007", "")),
    "content that can be said in words": (row(), Refused("content", "63028"), ("waiting", "content 63028", "")),
    "content that was said in words": (
        row(bubble=Outgoing("C'est bon ?\n\n1. Oui\n2. Non", "text", OFFERS)),
        Refused("content", "63028"),
        ("failed", "content 63028", "reply_failed"),
    ),
    "a template that is paused": (
        row("notice", template=TEMPLATE, form=TEMPLATE),
        Refused("content", "63041", template="paused"),
        ("waiting", "template waits", "new_order_fr paused 63041"),
    ),
    "a template whose values are refused": (
        row("notice", template=TEMPLATE, form=TEMPLATE),
        Refused("content", "132000"),
        ("failed", "content 132000", "notice_failed"),
    ),
    "content that is words": (
        row(bubble=Outgoing("Bonjour")),
        Refused("content", "21617"),
        ("failed", "content 21617", "reply_failed"),
    ),
    "reply to somebody who unsubscribed": (
        row(),
        Refused("opted_out", "21610"),
        ("failed", "opted_out 21610", "reply_failed, opts out"),
    ),
    "bulk to somebody who has stopped marketing": (
        row("bulk", template=TEMPLATE, form=TEMPLATE),
        Refused("no_marketing", "131050"),
        ("failed", "no_marketing 131050", "ends marketing"),
    ),
    "notice to somebody who has stopped marketing": (
        row("notice", template=TEMPLATE, form=TEMPLATE),
        Refused("no_marketing", "131050"),
        ("failed", "no_marketing 131050", "notice_failed, ends marketing"),
    ),
    "notice to somebody who unsubscribed": (
        row("notice"),
        Refused("opted_out", "21610"),
        ("failed", "opted_out 21610", "notice_failed, opts out"),
    ),
    "bulk to somebody who unsubscribed": (
        row("bulk"),
        Refused("opted_out", "21610"),
        ("failed", "opted_out 21610", "opts out"),
    ),
    # 401, 403
    "our credentials are refused": (row(), Refused("account", "20003"), ("waiting", "account 20003", "pauses 20003")),
}


@pytest.mark.parametrize("row, result, expected", CELLS.values(), ids=CELLS)
def test_what_a_sends_result_means(row, result, expected):
    verdict = judge(row, result, TIMING)
    assert brief(verdict) == expected
    assert verdict.settlement.needs_template is (expected[:2] == ("waiting", "window 63016"))
    assert verdict.settlement.outbox_id == 7
    assert verdict.settlement.is_attempt


def test_a_content_that_is_refused_is_said_in_numbered_words_without_its_photo():
    bubble = judge(row(), Refused("content", "63028"), TIMING).settlement.bubble
    assert bubble == Outgoing("C'est bon ?\n\n1. Oui\n2. Non", "text", OFFERS)


@pytest.mark.parametrize(
    "bubble, words",
    [
        (Outgoing("C'est bon ?", "buttons", OFFERS), "C'est bon ?\n\n1. Oui\n2. Non"),
        (Outgoing("Le riz", photo="https://market.example/a.jpg"), "Le riz"),
        (Outgoing("Riz · A 4K7", "text", OFFERS, photo="https://market.example/a.jpg"), "Riz · A 4K7"),
    ],
    ids=["offers without a photo", "a photo without offers", "offers that its words carry"],
)
def test_whatever_is_no_plain_text_is_said_as_one_when_its_content_is_refused(bubble, words):
    settlement = judge(row(bubble=bubble), Refused("content", "63028"), TIMING).settlement
    assert (settlement.state, settlement.bubble) == ("waiting", Outgoing(words, "text", bubble.offers))


def test_retry_after_is_honoured():
    assert judge(row(), Refused("busy", "429", wait=17.0), TIMING).settlement.wait == 17.0


def test_the_pauses_are_2_8_30_120_600_and_a_notices_then_hourly():
    steps = (2, 8, 30, 120, 600)
    for kind, last in {"reply": 600, "bulk": 600, "notice": 3600}.items():
        for attempts in range(1, 9):
            base = steps[attempts - 1] if attempts <= 5 else last
            pauses = [pause_before(row(kind, attempts=attempts), TIMING) for _ in range(50)]
            assert base * 0.8 <= min(pauses) < max(pauses) <= base * 1.2


def test_an_answer_to_a_comment_is_tried_twelve_times_at_last_hourly():
    below = Outgoing("Bonjour", comment="1_7")
    verdicts = [judge(row(bubble=below, attempts=attempts), Refused("busy", "4"), TIMING) for attempts in (12, 13)]
    assert [brief(one) for one in verdicts] == [("waiting", "busy 4", ""), ("failed", "busy 4", "")]
    assert 2880 <= verdicts[0].settlement.wait <= 4320
    twice = Refused("busy", "1", most_tries=2)
    assert brief(judge(row(bubble=below, attempts=3), twice, TIMING)) == ("failed", "busy 1", "")


SHUT = NOON - timedelta(days=1, seconds=1)
LATER = NOON + timedelta(seconds=1)
WRITTEN = Outgoing("Bonjour", is_by_a_person=True)
WAYS = {
    "reply, window open": (row(), DAY, "free"),
    "at the window's last moment": (row(last_in_at=NOON - timedelta(days=1)), DAY, "free"),
    "reply, window shut": (row(last_in_at=SHUT), DAY, "shut"),
    "reply, window shut, template": (row(last_in_at=SHUT, template=TEMPLATE), DAY, "template"),
    "a person who never wrote": (row("notice", last_in_at=None, template=TEMPLATE), DAY, "template"),
    "a channel without windows": (row(last_in_at=SHUT), None, "free"),
    "the provider wants a template": (row("notice", needs_template=True, template=TEMPLATE), DAY, "template"),
    "notice, not wanted": (row("notice", wants_order_news=False), DAY, "muted"),
    "reply to somebody who wants no news": (row(wants_order_news=False, wants_announcements=False), DAY, "free"),
    "nobody reached since the last message": (row("notice", unreachable_since=NOON), DAY, "unreachable"),
    "nobody reached, who never wrote": (row("notice", unreachable_since=NOON, last_in_at=None), DAY, "unreachable"),
    "nobody reached, who has written since": (row("notice", unreachable_since=NOON, last_in_at=NOON), DAY, "free"),
    "nobody reached, and not wanted": (row("bulk", unreachable_since=NOON, wants_announcements=False), DAY, "muted"),
    "bulk, not wanted": (row("bulk", wants_announcements=False), DAY, "muted"),
    "bulk to somebody who wants no order news": (row("bulk", wants_order_news=False), DAY, "free"),
    "a reminder, not wanted": (row("notice", about={"topic": "reminders"}, wants_reminders=False), DAY, "muted"),
    "order news to somebody who wants no reminders": (row("notice", wants_reminders=False), DAY, "free"),
    "a reminder to somebody who wants no order news": (
        row("notice", about={"topic": "reminders"}, wants_order_news=False),
        DAY,
        "free",
    ),
    "bulk, window shut": (row("bulk", last_in_at=SHUT), DAY, "shut"),
    "reply, while a person answers by hand": (row(held_until=LATER), DAY, "held"),
    "reply, when his time is over": (row(held_until=NOON), DAY, "free"),
    "bulk, while a person answers": (row("bulk", held_until=LATER), DAY, "held"),
    "a reminder, while a person answers": (row("notice", about={"topic": "reminders"}, held_until=LATER), DAY, "held"),
    "the answer to STOP, while a person answers": (row(about={"topic": "consent"}, held_until=LATER), DAY, "free"),
    "order news, while a person answers": (row("notice", about={"order": 1}, held_until=LATER), DAY, "free"),
    "words of a person, no news wanted": (row("notice", bubble=WRITTEN, wants_order_news=False), DAY, "free"),
    "words of a person, window shut": (row("notice", bubble=WRITTEN, last_in_at=SHUT), DAY, "shut"),
}


@pytest.mark.parametrize("row, window, way", WAYS.values(), ids=WAYS)
def test_the_way_out(row, window, way):
    assert way_out(row, window, "ready") == way


WEEK, HAND = 7 * DAY, Outgoing("Bonjour", is_by_a_person=True)
LATE = row(bubble=HAND, last_in_at=SHUT)
BY_HAND = {
    "a person's words after a day": (LATE, WEEK, "free"),
    "at the week's last moment": (replace(LATE, last_in_at=NOON - timedelta(days=7)), WEEK, "free"),
    "a second later": (replace(LATE, last_in_at=NOON - timedelta(days=7, seconds=1)), WEEK, "shut"),
    "to who never wrote": (replace(LATE, last_in_at=None), WEEK, "shut"),
    "on a channel that allows it no longer than all else": (LATE, None, "shut"),
    "the bot's words": (row(last_in_at=SHUT), WEEK, "shut"),
    "refused by the provider all the same": (replace(LATE, needs_template=True), WEEK, "shut"),
    "by its template then": (replace(LATE, needs_template=True, template=TEMPLATE), WEEK, "template"),
}


@pytest.mark.parametrize("row, human_window, way", BY_HAND.values(), ids=BY_HAND)
def test_what_a_person_wrote_himself_may_go_for_longer(row, human_window, way):
    assert way_out(row, DAY, "ready", human_window) == way


BESIDE = {
    "a link": (
        Outgoing("C'est prêt.", link=Link("Voir la carte", "https://x.example/1")),
        "C'est prêt.\nhttps://x.example/1",
    ),
    "a pin": (
        Outgoing("", place=Location(6.1312, 1.2225, "Chez Kossi", "Bè-Kpota")),
        "Chez Kossi\nBè-Kpota\nhttps://maps.google.com/?q=6.13120,1.22250",
    ),
    "a question with a button": (Outgoing("Où ?\n\n1. Ici", "text", (Offer(1, "Ici", "a"),), asks="location"),) * 2,
    "a receipt": (Outgoing("Reçu", receipt=Receipt("TG-1", "Awa", "", (), 0, 0)), "Reçu"),
}


@pytest.mark.parametrize("bubble, words", BESIDE.values(), ids=BESIDE)
def test_what_is_refused_beside_the_words_is_said_in_them(bubble, words):
    said = judge(row(bubble=bubble), Refused("content", "63013"), TIMING).settlement.bubble
    assert said == Outgoing(words.body if isinstance(words, Outgoing) else words, offers=bubble.offers)
    assert judge(row(bubble=said), Refused("content", "63013"), TIMING).settlement.state == "failed"


def test_a_template_that_is_not_approved_is_no_way_out():
    assert way_out(row("notice", last_in_at=SHUT, template=TEMPLATE), DAY, "none") == "shut"


@pytest.mark.parametrize(
    "kind, way, expected",
    [
        ("reply", "shut", ("failed", "window shut", "reply_shut_out")),
        ("notice", "shut", ("failed", "window shut", "notice_shut_out")),
        ("bulk", "shut", ("skipped", "window shut", "")),
        ("reply", "unreachable", ("failed", "unreachable", "reply_failed")),
        ("notice", "unreachable", ("failed", "unreachable", "notice_failed")),
        ("bulk", "unreachable", ("skipped", "unreachable", "")),
        ("notice", "muted", ("skipped", "not wanted", "notice_muted")),
        ("bulk", "muted", ("skipped", "not wanted", "")),
        ("reply", "held", ("skipped", "held", "")),
        ("notice", "held", ("skipped", "held", "")),
        ("bulk", "held", ("skipped", "held", "")),
    ],
)
def test_what_is_not_sent_is_told(kind, way, expected):
    verdict = unsent(row(kind), way)
    assert brief(verdict) == expected
    assert not verdict.settlement.is_attempt


@pytest.mark.parametrize(
    "kind, expected",
    [
        ("reply", ("failed", "too old", "reply_unsent")),
        ("notice", ("failed", "too old", "notice_unsent")),
        ("bulk", ("skipped", "too old", "")),
    ],
)
def test_what_is_too_old(kind, expected):
    assert brief(too_old(row(kind))) == expected


@pytest.mark.parametrize(
    "answer, look_ups, resent, expected",
    [
        (Found(("SM9",)), 1, 0, ("sent", None, "")),
        (NotTaken(), 1, 0, ("uncertain", "answer lost", "")),
        (NotTaken(), 2, 0, ("waiting", "resent", "")),
        (Unknown(), 1, 0, ("uncertain", "answer lost", "")),
        (NotTaken(), 3, 1, ("waiting", "resent", "")),
        (NotTaken(), 3, 4, ("waiting", "resent", "")),
        (NotTaken(), 3, 5, ("failed", "answer lost again", "reply_lost")),
        (Unknown(), 2, 0, ("waiting", "resent", "")),
        (Unknown(), 3, 1, ("failed", "answer lost again", "reply_lost")),
        (Found(("SM9",)), 3, 1, ("sent", None, "")),
    ],
)
def test_what_a_look_up_says(answer, look_ups, resent, expected):
    verdict = judge_doubt(Doubt(row(resent=resent), NOON, look_ups), answer, TIMING)
    assert brief(verdict) == expected
    assert verdict.settlement.is_resend is (expected[1] == "resent")
    assert verdict.settlement.provider_id == ("SM9" if expected[0] == "sent" else None)


@pytest.mark.parametrize("limits", [TWILIO_LIMITS, WHATSAPP_LIMITS], ids=["Twilio", "Meta"])
def test_whatsapps_window_is_closed_five_minutes_early(limits):
    last = NOON - timedelta(hours=23, minutes=55)
    assert way_out(row(last_in_at=last), limits.window, "none") == "free"
    assert way_out(row(last_in_at=last - timedelta(seconds=1)), limits.window, "none") == "shut"
