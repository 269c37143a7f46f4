"""Messages for shut windows: in which language they go, what waits for them, who hears that one has fallen."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from base.clock import now
from base.templates import TemplateText, texts_of
from bot import account_news, accounts, attention, inbox, locks, templates
from bot.accounts import Content
from bot.inbox import Stored
from bot.messages import Parsed, Refused, StatusReport, Template, TemplateNews, Warned
from bot.retirement import retire_bubbles
from bot.verdicts import way_out
from tests.bot.outgoing import fold, hears_of_failures, posting_round, put, states
from tests.bot.stall import AWA
from tests.bot.test_verdicts import NOON, row

DAY = 86400.0
FR = "Bonjour, des nouvelles de {{1}}."
DECLARED = {
    "news_fr": TemplateText("news_fr", "fr", "utility", FR, ("x",)),
    "news_en": TemplateText("news_en", "en", "utility", "Hello, news of {{1}}.", ("x",)),
}
TOLD = Template("news_en", "en", ("TG-1: accepted",), others=(Template("news_fr", "fr", ("TG-1 : acceptée",)),))
NEWS = Template("order_news_fr", "fr", ("TG-1", "Yawa", "acceptée"))
OLD, NEW = "news_fr", "news_fr_0a1b2c3d"


def named(states):
    return {name: Content("7", state) for name, state in states.items()}


LANGUAGES = {
    "the reader's": ({"news_fr": "approved", "news_en": "approved"}, ("ready", "news_en")),
    "French, where his waits": ({"news_fr": "approved", "news_en": "pending"}, ("ready", "news_fr")),
    "French, where his is rejected": ({"news_fr": "approved", "news_en": "rejected"}, ("ready", "news_fr")),
    "French, where there is no other": ({"news_fr": "approved"}, ("ready", "news_fr")),
    "none yet": ({"news_fr": "pending", "news_en": "rejected"}, ("waits", None)),
    "none for the moment": ({"news_fr": "rejected", "news_en": "paused"}, ("waits", None)),
    "nobody has asked yet": ({"news_fr": None}, ("waits", None)),
    "none": ({"news_fr": "rejected", "news_en": "disabled"}, ("none", None)),
    "gone": ({"news_fr": "missing"}, ("none", None)),
    "unknown to the account": ({"other_fr": "approved"}, ("none", None)),
}


@pytest.mark.parametrize("states, expected", LANGUAGES.values(), ids=LANGUAGES)
def test_a_message_goes_in_the_first_language_that_is_approved(states, expected):
    readiness, form = templates.choose(TOLD, named(states), DECLARED, takes_marketing=True)
    assert (readiness, form and form.name) == expected
    if form:
        own = next(one for one in (TOLD, *TOLD.others) if one.name == form.name)
        assert form == Template(form.name, own.language, own.values, DECLARED[form.name].text)


def test_nothing_goes_where_there_is_no_message():
    assert templates.choose(None, named({"news_fr": "approved"}), DECLARED, takes_marketing=True) == ("none", None)


EARLIER = Content("1", "approved", text="Bonjour, voici {{1}}.")
WORDS = {
    "the new words once approved": (EARLIER, Content("2", "approved", text=FR), NEW),
    "the earlier ones until then": (EARLIER, Content("2", "pending", text=FR), OLD),
    "the earlier ones where the new are refused": (EARLIER, Content("2", "rejected", text=FR), OLD),
    "not those that need other values": (
        Content("1", "approved", text="Voici {{1}} et {{2}}."),
        Content("2", "pending", text=FR),
        None,
    ),
}


@pytest.mark.parametrize("earlier, new, name", WORDS.values(), ids=WORDS)
def test_changed_words_are_used_once_they_are_approved(earlier, new, name):
    _, form = templates.choose(TOLD, {OLD: earlier, NEW: new}, DECLARED, takes_marketing=True)
    assert (form and form.name) == name
    if form:
        assert form.text == {OLD: earlier, NEW: new}[form.name].text


MARKETED = {
    "ours, and its provider says nothing": ("utility", {"news_en": ""}, "news_en"),
    "ours, and marketing for its provider": ("utility", {"news_en": "marketing"}, None),
    "marketing in one language alone": ("utility", {"news_en": "marketing", "news_fr": "utility"}, "news_fr"),
    "declared as marketing": ("marketing", {"news_en": ""}, None),
    "declared as marketing, and none for its provider": ("marketing", {"news_en": "utility"}, "news_en"),
}


@pytest.mark.parametrize("category, counted, name", MARKETED.values(), ids=MARKETED)
def test_who_has_stopped_marketing_gets_nothing_that_its_provider_counts_as_that(category, counted, name):
    known = {one: Content("7", "approved", category=found) for one, found in counted.items()}
    declared = {one: replace(text, category=category) for one, text in DECLARED.items()}
    readiness, form = templates.choose(TOLD, known, declared, takes_marketing=False)
    assert (readiness, form and form.name) == ("ready" if name else "none", name)
    assert templates.choose(TOLD, known, declared, takes_marketing=True)[1].name == "news_en"


def test_what_was_sent_a_minute_ago_is_sought_in_its_form_whatever_became_of_it():
    assert templates.sent_as(TOLD, named({"news_fr": "paused"}), DECLARED).name == "news_fr"
    assert templates.sent_as(TOLD, {}, DECLARED) == TOLD
    assert templates.sent_as(None, named({"news_fr": "paused"}), DECLARED) is None


def test_a_reader_of_another_language_is_told_in_french_first():
    told = templates.for_reader("news", "ee", lambda language: (language,))
    assert [(one.name, one.values) for one in (told, *told.others)] == [("news_fr", ("fr",)), ("news_en", ("en",))]
    told = templates.for_reader("news", "en", lambda language: (language,))
    assert [one.name for one in (told, *told.others)] == ["news_en", "news_fr"]


def test_the_settings_must_declare_what_the_notices_fill(config):
    assert templates.faults(config) == []
    declared = dict(config.templates)
    del declared["arrived"]
    declared["order_news"] = declared["attention"]
    english = declared["new_order"].model_copy(update={"languages": {"en": "x"}})
    assert templates.faults(config.model_copy(update={"templates": declared | {"new_order": english}})) == [
        "templates.new_order.languages.fr: missing; whoever reads no other language gets this one",
        "templates.order_news: declares 2 variables, and notices fill 3: code, shop, news",
        "templates.arrived: missing; notices fill its 2 variables: product, shop",
    ]


# the way of a row that is wanted and whose person can be reached, by its window and its template
OPEN_WAYS = {None: "free", "ready": "free", "waits": "free", "none": "free"}
SHUT_WAYS = {None: "shut", "ready": "template", "waits": "wait", "none": "shut"}
KINDS = ("reply", "notice", "bulk")
WINDOWS = {"open": NOON, "shut": NOON - timedelta(days=1, seconds=1), "never": None, "needs a template": NOON}
ALL = list(product(KINDS, WINDOWS, SHUT_WAYS, (True, False), (True, False)))


@pytest.mark.parametrize("kind, window, template, is_wanted, is_reached", ALL)
def test_each_row_has_exactly_one_way_out(kind, window, template, is_wanted, is_reached):
    last = WINDOWS[window]
    one = row(
        kind,
        last_in_at=last,
        needs_template=window == "needs a template",
        template=TOLD if template else None,
        wants_order_news=is_wanted,
        wants_announcements=is_wanted,
        unreachable_since=None if is_reached else NOON,
        now=NOON,
    )
    if not is_reached and last is not None:  # cut off after his last message
        one = row(**(one.__dict__ | {"unreachable_since": last + timedelta(seconds=1)}))
    if not is_wanted and kind != "reply":  # a reply was asked for
        expected = "muted"
    elif not is_reached:
        expected = "unreachable"
    else:
        expected = (OPEN_WAYS if window == "open" else SHUT_WAYS)[template]
    assert way_out(one, DAY, template or "none") == expected
    if window != "needs a template":
        no_windows = expected if expected in ("muted", "unreachable") else "free"
        assert way_out(one, None, template or "none") == no_windows


def knows(stall, **states):
    with stall.database.unit_of_work() as db:
        accounts.put_contents(db, stall.account_id, {name: Content("7", state) for name, state in states.items()})


def shuts(stall):
    stall.run("update conversation set last_in_at = market_now() - interval '25 hours'")


def hears(stall, *news, warnings=()):
    with stall.database.unit_of_work() as db:
        inbox.keep(db, stall.keeper, Parsed(templates=news, warnings=warnings))
    follows(stall)


def follows(stall):
    """The job that brings the news onto the organizers' list; how much there was."""
    with stall.database.unit_of_work() as db:
        return account_news.follow(db, texts_of(stall.config.templates), 100)


def lines(stall):
    return stall.rows("select kind, about, settled_at is null as is_open from attention order by id")


@pytest.fixture
def notice(stall):
    """A notice to Awa with a template, whose window is shut."""
    put(stall, AWA, "notice", template=NEWS, too_old=3 * DAY)
    shuts(stall)


@pytest.mark.parametrize("state", ["pending", "paused", None])
def test_a_notice_waits_for_its_template_and_goes_by_it(stall, posting, notice, state):
    told = hears_of_failures(stall)
    knows(stall, order_news_fr=state)
    posting_round(stall, posting)
    due = "extract(epoch from due_at - market_now())"
    (found,) = stall.rows(f"select state, error, attempts, {due} as wait from outbox")
    assert (found.state, found.error, found.attempts) == ("waiting", "template waits", 0)
    assert 115 < float(found.wait) <= 120
    assert stall.provider.sent == []

    knows(stall, order_news_fr="approved")
    stall.passes(120)
    posting = stall.new_posting()
    posting_round(stall, posting)
    (letter,) = stall.provider.sent
    assert (letter.template.name, letter.template.text) == (
        "order_news_fr",
        texts_of(stall.config.templates)["order_news_fr"].text,
    )
    assert stall.rows("select state, error from outbox") == [("sent", None)]
    assert told == []


def test_a_notice_that_waited_until_it_was_too_old_is_told(stall, posting, notice):
    told = hears_of_failures(stall)
    knows(stall, order_news_fr="paused")
    posting_round(stall, posting)
    stall.passes(3 * DAY)
    with stall.database.unit_of_work() as db:
        retire_bubbles(db, "me", stall.config.timing, 10)
    assert stall.rows("select state, error from outbox") == [("failed", "too old")]
    assert told == [(1, "notice_unsent")]


@pytest.mark.parametrize("state", ["rejected", "disabled", "missing"])
def test_a_notice_whose_template_has_fallen_is_told_at_once(stall, posting, notice, state):
    told = hears_of_failures(stall)
    knows(stall, order_news_fr=state)
    posting_round(stall, posting)
    assert stall.rows("select state, error from outbox") == [("failed", "window shut")]
    assert told == [(1, "notice_shut_out")]


def test_no_answer_waits_for_a_template_and_the_notice_follows_as_free_text(stall, posting, notice):
    knows(stall, order_news_fr="paused")
    posting_round(stall, posting)
    stall.run("update conversation set last_in_at = market_now()")  # she writes
    put(stall, AWA, "reply")
    put(stall, AWA, "notice", template=NEWS)
    posting_round(stall, posting)
    assert [letter.outbox_id for letter in stall.provider.sent] == [2]  # notices of one template keep their order
    stall.passes(120)
    posting_round(stall, posting)
    assert [(letter.outbox_id, letter.template) for letter in stall.provider.sent[1:]] == [(1, None), (3, None)]


def test_what_has_another_way_passes_a_notice_whose_template_waits(stall, posting, notice):
    knows(stall, order_news_fr="paused", new_order_fr="approved")
    limits = stall.office.limits["simulator"]
    stall.office.limits["simulator"] = replace(limits, human_window=7 * DAY)
    posting_round(stall, posting)
    (other,) = put(stall, AWA, "notice", template=Template("new_order_fr", "fr", ("TG-2", "Riz", "4K7", "4K8")))
    (own,) = put(stall, AWA, "notice")
    stall.run("update outbox set bubble = bubble || '{\"is_by_a_person\": true}' where id = %(id)s", id=own)
    (shut,) = put(stall, AWA, "notice")
    posting_round(stall, posting)
    assert [letter.outbox_id for letter in stall.provider.sent] == [other, own]
    assert stall.rows("select id, state, error from outbox order by id") == [
        (1, "waiting", "template waits"),
        (other, "sent", None),
        (own, "sent", None),
        (shut, "failed", "window shut"),
    ]


def test_a_template_paused_by_webhook_is_one_line_which_its_approval_closes(stall):
    knows(stall, new_order_fr="approved", order_news_fr="approved")
    paused = TemplateNews("order_news_fr", "fr", "paused", "quality")
    for _ in range(2):
        hears(stall, paused)
    hears(stall, TemplateNews("order_news_fr", "fr", "disabled", "quality"))
    about = {"account": stall.account_id, "name": "order_news_fr"}
    assert lines(stall) == [("template_paused", about, True)]
    known = stall.rows("select name, state, reason, checked_at is not null as is_dated from channel_content order by 1")
    assert known == [("new_order_fr", "approved", "", True), ("order_news_fr", "disabled", "quality", True)]
    hears(stall, TemplateNews("order_news_fr", "fr_FR", "approved"))
    assert [line.is_open for line in lines(stall)] == [False]
    hears(stall, paused)
    assert [line.is_open for line in lines(stall)] == [False, True]


def test_news_of_what_is_not_ours_and_of_another_language_is_passed_over(stall):
    knows(stall, order_news_fr="approved")
    hears(stall, TemplateNews("hello_world", "en", "rejected"), TemplateNews("order_news_fr", "en", "rejected"))
    assert stall.rows("select name, state from channel_content") == [("order_news_fr", "approved")]
    assert lines(stall) == []


def test_the_release_before_reads_the_same_approval_in_its_own_column(stall):
    knows(stall, new_order_fr="pending", order_news_fr="approved", fr_qr_2=None)
    told = "select name, is_approved from channel_content order by name"
    assert stall.rows(told) == [("fr_qr_2", False), ("new_order_fr", False), ("order_news_fr", True)]
    hears(stall, TemplateNews("new_order_fr", "fr", "approved"), TemplateNews("order_news_fr", "fr", "paused"))
    assert stall.rows(told) == [("fr_qr_2", False), ("new_order_fr", True), ("order_news_fr", False)]


def test_earlier_words_that_fall_after_the_new_are_approved_are_nobodys_business(stall):
    knows(stall, order_news_fr="approved", order_news_fr_0a1b2c3d="approved")
    hears(stall, TemplateNews("order_news_fr", "fr", "rejected"))
    assert lines(stall) == []
    hears(stall, TemplateNews("order_news_fr_0a1b2c3d", "fr", "paused"))
    assert [line.about["name"] for line in lines(stall)] == ["order_news_fr_0a1b2c3d"]
    hears(stall, TemplateNews("order_news_fr", "fr", "approved"))  # the message can be said again
    assert [line.is_open for line in lines(stall)] == [False]


def test_a_warning_is_one_line_for_each_kind_while_it_is_open(stall):
    for _ in range(2):
        hears(
            stall, warnings=[Warned("restricted", "RESTRICTED_BIZ"), Warned("quality", "RED"), Warned("quality", "x")]
        )
    account = {"account": stall.account_id}
    assert lines(stall) == [
        ("account_warned", account | {"what": "restricted", "detail": "RESTRICTED_BIZ"}, True),
        ("account_warned", account | {"what": "quality", "detail": "x"}, True),
    ]
    assert stall.value("select paused_at is null from channel_account")  # a warning pauses nothing
    stall.run("update attention set settled_at = market_now() where about->>'what' = 'quality'")
    hears(stall, warnings=[Warned("quality")])
    assert [line.is_open for line in lines(stall)] == [True, False, True]


def test_news_comes_with_messages_and_reports_in_one_webhook(stall):
    knows(stall, order_news_fr="approved")
    news = Parsed(reports=(StatusReport("SM1", "sent"),), templates=(TemplateNews("order_news_fr", "fr", "rejected"),))
    with stall.database.unit_of_work() as db:
        assert inbox.keep(db, stall.keeper, news) == Stored()
    assert follows(stall) == 1
    assert stall.value("select count(*) from status_report") == 1
    assert stall.value("select count(*) from attention") == 1


def test_a_list_of_the_provider_says_what_is_there_what_changed_and_what_is_gone(stall):
    knows(stall, fr_qr_2=None, new_order_fr="approved", order_news_fr="pending", arrived_fr="approved")
    names = ["new_order_fr", "order_news_fr", "arrived_fr", "attention_fr"]
    listed = {"attention_fr": Content("9", "rejected", "spam", "Bonjour."), "arrived_fr": Content("8", "approved")}
    for _ in range(2):
        with stall.database.unit_of_work() as db:
            templates.note(db, stall.account_id, listed, dict.fromkeys(names, "utility"))
        follows(stall)
    assert stall.rows("select name, provider_id, state, reason, text from channel_content order by name") == [
        ("arrived_fr", "8", "approved", "", ""),
        ("attention_fr", "9", "rejected", "spam", "Bonjour."),
        ("fr_qr_2", "7", None, "", ""),
        ("new_order_fr", "7", "missing", "", ""),
        ("order_news_fr", "7", "pending", "", ""),  # just made, and not listed yet
    ]
    assert [line.about["name"] for line in lines(stall)] == ["attention_fr", "new_order_fr"]


def test_a_list_that_was_asked_for_before_the_news_changes_none_of_it(stall):
    knows(stall, new_order_fr="approved", order_news_fr="approved", arrived_fr="pending")
    with stall.database.unit_of_work() as db:
        asked_at = now(db)
    stall.passes(2)
    hears(stall, TemplateNews("order_news_fr", "fr", "paused", "quality"))
    stall.passes(1)
    listed = {name: Content("7", "approved") for name in ("order_news_fr", "arrived_fr", "attention_fr")}
    with stall.database.unit_of_work() as db:
        templates.note(db, stall.account_id, listed, dict.fromkeys([*listed, "new_order_fr"], "utility"), asked_at)
    known = stall.rows("select name, state, reason from channel_content order by name")
    assert known == [
        ("arrived_fr", "approved", ""),
        ("attention_fr", "approved", ""),
        ("new_order_fr", "missing", ""),
        ("order_news_fr", "paused", "quality"),
    ]


def categories(stall):
    return [tuple(row) for row in stall.rows("select name, state, reason, category from channel_content order by name")]


def test_news_of_a_category_is_kept_beside_the_state_whatever_their_order(stall):
    knows(stall, new_order_fr="approved", order_news_fr="approved", arrived_fr=None)
    turned = [TemplateNews(f"{name}_fr", "fr", None, "", "marketing") for name in ("order_news", "arrived")]
    paused = TemplateNews("order_news_fr", "fr", "paused", "quality")
    for news in ([*turned, paused], [paused, *turned], [replace(turned[0], language="en", category="utility")]):
        hears(stall, *news)
        assert categories(stall) == [
            ("arrived_fr", None, "", "marketing"),
            ("new_order_fr", "approved", "", ""),
            ("order_news_fr", "paused", "quality", "marketing"),
        ]
    hears(stall, TemplateNews("order_news_fr", "fr", None, "", "utility"))
    assert categories(stall)[2] == ("order_news_fr", "paused", "quality", "utility")


def test_what_a_list_counts_as_marketing_against_our_word_is_told_once_and_kept(stall):
    knows(stall, new_order_fr="approved")
    followed = {"new_order_fr": "utility", "order_news_fr": "utility", "arrived_fr": "marketing"}
    listed = {name: Content("7", "approved", category="marketing") for name in followed}
    told = {"account": stall.account_id, "what": "template_category_update", "detail": "order_news_fr marketing"}
    counts = []
    for category in ("marketing", "marketing", ""):
        listed["new_order_fr"] = Content("7", "approved", category="utility")
        listed["order_news_fr"] = Content("7", "approved", category=category)
        with stall.database.unit_of_work() as db:
            templates.note(db, stall.account_id, listed, followed)
        counts.append(follows(stall))
        stall.run("update attention set settled_at = market_now()")
    assert (counts, lines(stall)) == ([1, 0, 0], [("account_warned", told, False)])
    assert [row[3] for row in categories(stall)] == ["marketing", "utility", "marketing"]


@pytest.mark.parametrize(
    "given, expected", [([], "sent"), ([True], "sent"), ([True, False], "failed"), ([False, True], "sent")]
)
def test_news_that_became_marketing_goes_to_who_has_not_stopped_that_and_else_is_told(
    stall, posting, notice, given, expected
):
    told = hears_of_failures(stall)
    knows(stall, order_news_fr="approved")
    hears(stall, TemplateNews("order_news_fr", "fr", None, "", "marketing"))
    for one in given:
        stall.run(
            "insert into consent (contact_id, what, is_given, words, account_id)"
            " select c.contact_id, 'announcements', %(given)s, 'STOP', c.account_id from conversation c"
            " where id = (select conversation_id from outbox)",
            given=one,
        )
    posting_round(stall, posting)
    assert states(stall) == [expected]
    assert told == ([] if expected == "sent" else [(1, "notice_shut_out")])


def test_a_webhook_is_stored_while_somebody_holds_the_organizers_list(stall):
    knows(stall, order_news_fr="approved")
    paused, warned = TemplateNews("order_news_fr", "fr", "paused"), Warned("quality", "RED")
    with stall.database.unit_of_work() as holder:
        locks.attention_list(holder)
        with stall.database.unit_of_work() as db:
            db.run("set local lock_timeout = '2s'")
            inbox.keep(db, stall.keeper, Parsed(templates=(paused,), warnings=(warned,)))
    assert lines(stall) == []
    assert follows(stall) == 2
    assert [line.kind for line in lines(stall)] == ["template_paused", "account_warned"]
    assert follows(stall) == 0


GONE = {"132001": ("missing", "window shut"), "132015": ("paused", "template waits")}


@pytest.mark.parametrize("code", GONE)
def test_a_template_that_is_refused_at_its_send_waits_or_is_told_and_its_state_is_known(stall, posting, notice, code):
    state, error = GONE[code]
    knows(stall, order_news_fr="approved")
    stall.provider.answers = [Refused("content", code, template=state)]
    posting_round(stall, posting)
    due = "round(extract(epoch from due_at - market_now())) between 1 and 3"
    assert stall.rows(f"select state, error, {due} from outbox") == [("waiting", "template waits", True)]
    assert stall.rows("select name, state, reason from channel_content") == [("order_news_fr", state, code)]
    assert follows(stall) == 1
    assert [line.about["name"] for line in lines(stall)] == ["order_news_fr"]
    stall.passes(3)
    posting_round(stall, posting)
    assert len(stall.provider.sent) == 1
    assert stall.rows("select error, bubble->>'body' = 'notice 1' from outbox") == [(error, True)]


def test_where_one_language_is_refused_the_next_one_goes_with_its_own_words(stall, posting):
    told = Template("order_news_en", "en", ("TG-1", "Yawa", "accepted"), others=(NEWS,))
    put(stall, AWA, "notice", template=told)
    shuts(stall)
    knows(stall, order_news_fr="approved", order_news_en="approved")
    stall.provider.answers = [Refused("content", "132001", template="missing")]
    posting_round(stall, posting)
    stall.passes(3)
    posting_round(stall, posting)
    sent = [(letter.template.name, letter.template.values[2]) for letter in stall.provider.sent]
    assert sent == [("order_news_en", "accepted"), ("order_news_fr", "acceptée")]
    assert states(stall) == ["sent"]


def test_a_template_that_fails_later_waits_too(stall, posting, notice):
    knows(stall, order_news_fr="approved")
    posting_round(stall, posting)
    fold(stall, ("SM1", "failed", None, Refused("content", "63041", template="paused")))
    assert stall.rows("select state, error from outbox") == [("waiting", "template waits")]
    assert stall.rows("select name, state, reason from channel_content") == [("order_news_fr", "paused", "63041")]


def test_a_text_that_is_not_told_is_known_as_before(stall):
    with stall.database.unit_of_work() as db:
        for text in ("Bonjour.", ""):
            templates.note(db, stall.account_id, {"x_fr": Content("9", "approved", "", text)}, {"x_fr": "utility"})
        assert accounts.content(db, stall.account_id, "x_fr").text == "Bonjour."
        assert accounts.content(db, stall.account_id, "y_fr") is None


def test_the_organizers_see_what_the_provider_did_and_who_must_act(chief):
    key = chief.db.value("select key from channel_account where id = %(id)s", id=chief.account_id)
    accounts.put_contents(chief.db, chief.account_id, {"order_news_fr": Content("7", "paused", "trop de blocages")})
    attention.ask(chief.db, templates.LINE, {"account": chief.account_id, "name": "order_news_fr"})
    for what in ("account_update", "130429"):
        about = {"account": chief.account_id, "what": what, "detail": "event FLAGGED"}
        attention.ask(chief.db, templates.WARNING, about)
    chief.goes("bonjour", "attention")
    assert chief.titles == ["Message modèle bloqué", "Alerte sur un compte", "Alerte sur un compte (2)"]
    chief.says("1")
    assert (
        "Le message order_news_fr est bloqué : mis en pause.\n"
        "Les clients silencieux depuis un jour ne le reçoivent pas.\n"
        "Prévenez votre technicien."
    ) in chief.words.replace("\u00a0", " ")
    for number, told in (("2", "le compte est averti ou limité"), ("3", "le fournisseur signale un problème")):
        chief.goes("attention", number)
        assert f"Compte {key} : {told}.\nRien n'est arrêté" in chief.words.replace("\u00a0", " ")
