"""Each alarm of deploy/alerts.yaml, brought about in a real market: what /metrics then says makes its rule fire.

The rules are judged by promtool, on input written from the scraped text, so that rules and metrics cannot drift apart.
"""

import json
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

import providers
from base.clock import move_test_clock
from base.config import ROOT
from base.db import Database
from base.timing import Timing
from bot import accounts, doctor, figures, invariants, outbox, uncertain
from bot.broadcasts import drafts, sending
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Draft
from bot.engine import FRESH, MOST_TRIES, Taker
from bot.messages import Kept, Parsed
from bot.outbox import Lease, Settlement
from bot.retention import Retention
from bot.watching import SILENT
from jobs import show_life
from tests.bot.stall import message_of
from tests.catalog.market import make_good, make_vendor
from tests.fakes.messenger import FakePage
from tests.handlers.messenger.conftest import account_of
from webhooks import ACKNOWLEDGEMENT, create_app

RULES, RUNBOOK = ROOT / "deploy" / "alerts.yaml", ROOT / "OPERATIONS.md"
ALERTS = {rule["alert"]: rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]}
JUDGED = set(re.findall(r"assigame_\w+_bucket", RULES.read_text()))  # of the others it is not looked at
STEP, BEFORE = 15, 240  # seconds: a scrape's interval; how long the first of two scrapes held true
SOON = 2 * STEP  # seconds after its own `for` within which an alarm must have fired: until a scrape, until it is judged
MOST = 120  # seconds from what is wrong to its alarm
# Alarm → seconds that its figure needs to say so, beside the age in the expression and `for`.
UNSAID = {
    "NoWorker": SILENT,
    "InvariantBroken": Timing().invariants_check,
    "LeasesLost": Timing().lease,
    "ProcessDown": 300,
}
# Alarms that may take longer, and why.
SLOW = {
    "NoticesWait": "replies go first: at a rush order news waits for minutes, and it is worth sending for three days",
    "DoubtStays": "the look-ups that end a doubt take 75 seconds, and it is late when they have had twice that",
    "SpoolHoldsWebhooks": "nobody has to come for a spool that drains as soon as the database is back",
    "InvariantsUnchecked": "a look each minute may be given up when the database is busy; ten in a row are a fault",
    "ProcessDown": "the others go on, and a roll of all processes takes minutes",
    "DiskFilling": "two gigabytes are a warning for today; whoever has to come at once is called at half of one",
    "CertificateEndsToday": "where two machines see it differently, the figure changes with each of their looks",
    "AddressUnseen": "a worker looks every ten minutes, and a network that is away for one look is no fault",
    "BackupOld": "there is one a night, and one that failed is made again the next night",
    "RetentionBehind": "after a long pause there is much to forget; nobody waits for it, and people were told days",
}
INSTANCE = "market-1:8000"
DAY = 86400  # seconds


class World:
    """A wired market without processes: its jobs are done by hand."""

    def __init__(self, market):
        self.market, self.database = market, market.database
        self.taker = Taker(market.bot, succeeded=FRESH)
        self.numbers = iter(range(1, 1000))
        self.stores = {
            "database": market.config.database.url,
            "redis": market.config.redis.url,
        }  # as the doctor is told
        self.disk = SimpleNamespace(free=int(1e11))

    def says(self, count=1):
        """So many people write, and their words need not wait for more words."""
        for _ in range(count):
            number = next(self.numbers)
            message = message_of(f"m{number}", f"+2289000{number:04}", "bonjour")
            self.market.storing.store("simulator", Parsed((Kept(message, b""),)))
        self.run("update inbox set due_at = received_at where state = 'open'")

    def answers(self, count=1):
        """So many replies wait in the outbox."""
        self.says(count)
        while self.taker.take_waiting():
            pass

    def sends(self, count, *what, **more):
        """So many replies are claimed, and the provider's answer is this."""
        self.answers(count)
        with self.database.unit_of_work() as db:
            rows = outbox.claim(db, Lease("me", 30, 75), self.market.ids["simulator"], 100, 0)
            outbox.settle(db, "me", [Settlement(row.id, *what, **more) for row in rows])
        return [row.id for row in rows]

    def lives(self):
        """A worker's regular jobs."""
        with self.database.unit_of_work() as db:
            show_life(db, self.market)
        invariants.check(self.database, Timing())
        Retention().whole(self.database, Timing())

    def passes(self, seconds):
        move_test_clock(self.database, seconds)

    def run(self, sql):
        with self.database.unit_of_work() as db:
            db.run(sql)

    def scrape(self):
        """What /metrics says now."""
        self.market.watching._known_until = float("-inf")
        return create_app(self.market).test_client().get("/metrics").text


@pytest.fixture
def world(market, monkeypatch):
    world = World(market)
    monkeypatch.setattr("shutil.disk_usage", lambda _: world.disk)
    world.lives()
    with market.database.unit_of_work() as db:
        figures.put(db, {figures.BACKUP: 1})
    return world


def replies_wait(world):
    world.answers()
    world.passes(61)


def notices_wait(world):
    world.answers()
    world.run("update outbox set kind = 'notice'")
    world.passes(301)


def messages_wait(world):
    world.says()
    world.passes(31)


def nothing_advances(world):
    world.says(3)
    world.passes(21)


def provider_refuses(world):
    world.sends(11, "waiting", wait=2.0, error="busy 429")


def sends_in_doubt(world):
    world.sends(11, "uncertain", error="timeout")


def doubt_stays(world):
    world.sends(1, "uncertain", error="timeout")
    world.passes(151)


def sent_again(world):
    world.sends(1, "uncertain", error="timeout")
    world.passes(80)
    for _ in range(2):  # nobody answers the look-ups either
        world.run("update outbox set sent_at = sent_at - interval '80 s' where state = 'uncertain'")
        uncertain.resolve(world.market.office, world.market.ids["simulator"], 10)


def worker_is_gone(world):
    world.answers()
    with world.database.unit_of_work() as db:
        outbox.claim(db, Lease("gone", 30, 75), world.market.ids["simulator"], 10, 0)
    world.passes(31)
    with world.database.unit_of_work() as db:
        assert uncertain.expire_leases(db, 10) == 1


def webhook_never_came(world):
    with world.database.unit_of_work() as db:
        figures.add(db, figures.WEBHOOKS_MISSED, 1)


def acknowledged(number, seconds):
    """So many webhooks are answered, each after so many seconds."""
    for _ in range(number):
        ACKNOWLEDGEMENT.labels("simulator").observe(seconds)


def doors_are_slow(_):
    acknowledged(3, 1.5)
    acknowledged(197, 0.01)


def page_is_unsubscribed(world):
    with FakePage() as page:
        providers.keep_subscribed(world.market, account_of(page.url))


def message_dies(world):
    world.says()
    world.run(f"update inbox set attempts = {MOST_TRIES}")
    world.taker.take_waiting()


def webhooks_are_spooled(world):
    world.market.spool.put("simulator", Parsed())


def webhook_is_of_no_account(world):
    world.market.spool.put("gone", Parsed((Kept(message_of("m0", "+22890000000"), b""),)))
    world.market.storing.drain()


def stock_is_changed_by_hand(world):
    with world.database.unit_of_work() as db:
        make_good(db, make_vendor(db), on_hand=3)
    world.passes(61)
    world.lives()


def nobody_looks(world):
    world.passes(601)


def workers_are_silent(world):
    world.passes(31)


def account_is_paused(world):
    with world.database.unit_of_work() as db:
        accounts.pause(db, world.market.ids["simulator"], "20003")


def announcement_pauses(world):
    with world.database.unit_of_work() as db:
        number = drafts.make(db, None, Draft({"fr": "Atelier demain à 9 h."}, Audience()))
        sending.pause(db, number, "errors")


def database_is_away(world):
    world.stores["database"] = "postgresql+psycopg://postgres@/nothing?host=/nowhere"
    away = replace(world.market, database=Database(world.stores["database"]))
    world.market.__dict__["watching"] = away.watching


def redis_is_away(world):
    world.stores["redis"] = "redis://127.0.0.1:1/0"
    config = world.market.config
    told = config.model_copy(update={"redis": config.redis.model_copy(update={"url": world.stores["redis"]})})
    world.market.__dict__["watching"] = replace(world.market, config=told).watching


def disk_fills(world):
    world.disk.free = 1_999_999_999


def disk_is_full(world):
    world.disk.free = 499_999_999


def certificate_is_seen(world, left, host="market.example"):
    """What the look of a worker keeps of a certificate that is good for so many seconds."""
    with world.database.unit_of_work() as db:
        figures.put(
            db, {f"{figures.CERTIFICATE}{host}": int(db.value("select extract(epoch from market_now())") + left)}
        )


def certificate_is_not_renewed(world):
    certificate_is_seen(world, DAY * 10 - 1)


def certificate_ends(world):
    certificate_is_seen(world, DAY - 1)


def address_is_unseen(world):
    certificate_is_seen(world, DAY * 60)
    world.passes(1801)


def backup_is_old(world):
    world.passes(timedelta(days=2, minutes=1).total_seconds())


def nobody_forgets(world):
    world.passes(timedelta(days=1, minutes=1).total_seconds())


# Alarm → what brings it about, and the labels that it then carries beside its own.
SITUATIONS = {
    "RepliesWait": (replies_wait, {}),
    "NoticesWait": (notices_wait, {}),
    "MessagesWait": (messages_wait, {}),
    "NothingAdvances": (nothing_advances, {}),
    "ProviderRefuses": (provider_refuses, {}),
    "SendsInDoubt": (sends_in_doubt, {}),
    "DoubtStays": (doubt_stays, {}),
    "PossibleDoubles": (sent_again, {}),
    "LeasesLost": (worker_is_gone, {}),
    "WebhooksMissed": (webhook_never_came, {}),
    "WebhooksSlow": (doors_are_slow, {}),
    "SubscriptionLost": (page_is_unsubscribed, {}),
    "DeadMessages": (message_dies, {}),
    "SpoolHoldsWebhooks": (webhooks_are_spooled, {"instance": INSTANCE}),
    "WebhooksPutAside": (webhook_is_of_no_account, {"instance": INSTANCE}),
    "InvariantBroken": (stock_is_changed_by_hand, {"invariant": "stock_as_its_ledger_ends"}),
    "InvariantsUnchecked": (nobody_looks, {}),
    "NoWorker": (workers_are_silent, {}),
    "AccountPaused": (account_is_paused, {"account": "simulator"}),
    "AnnouncementPaused": (announcement_pauses, {}),
    "DatabaseAway": (database_is_away, {"instance": INSTANCE}),
    "RedisAway": (redis_is_away, {"instance": INSTANCE}),
    "DiskFilling": (disk_fills, {"instance": INSTANCE}),
    "DiskFull": (disk_is_full, {"instance": INSTANCE}),
    "CertificateEndsSoon": (certificate_is_not_renewed, {}),
    "CertificateEndsToday": (certificate_ends, {}),
    "AddressUnseen": (address_is_unseen, {}),
    "BackupOld": (backup_is_old, {}),
    "RetentionBehind": (nobody_forgets, {}),
}


def series_of(before, after):
    """promtool's input: each series as it was scraped, first for BEFORE seconds, then for half an hour."""
    old, new = samples_of(before), samples_of(after)
    first, then = BEFORE // STEP, 1800 // STEP
    for name in sorted(old | new):
        earlier = f"{old[name]}+0x{first}" if name in old else f"_x{first + 1}"
        later = f"{new[name]}+0x{then}" if name in new else f"stale _x{then}"
        yield {"series": name, "values": f"{earlier} {later}"}


def samples_of(text):
    """Series as Prometheus stores them → value."""
    return {
        named(sample.name, sample.labels | {"instance": INSTANCE}): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("assigame_") and ("_bucket" not in sample.name or sample.name in JUDGED)
    }


def named(name, labels):
    """`name{label="value"}`."""
    return f"{name}{{{', '.join(f'{label}={json.dumps(value)}' for label, value in labels.items())}}}"


def seconds_of(duration):
    """`30s`, `5m`."""
    return int(duration[:-1]) * {"s": 1, "m": 60}[duration[-1]]


def judge(tmp_path, before, after, expected):
    """What promtool says against these alarms (name → labels, None: silent) soon after the change; '' if it agrees."""
    return judge_each(tmp_path, [(before, after, expected)])


def judge_each(tmp_path, changes):
    """The same of several changes, each for itself."""
    return judged(
        tmp_path, {"rule_files": [str(RULES)], "evaluation_interval": f"{STEP}s", "tests": [*map(of, changes)]}
    )


def of(change):
    """A change as promtool tests it."""
    before, after, expected = change
    return {
        "interval": f"{STEP}s",
        "input_series": list(series_of(before, after)),
        "alert_rule_test": [told_of(name, labels) for name, labels in expected.items()],
    }


def told_of(name, labels):
    """What is expected of an alarm: these labels beside its own, or that it is silent."""
    rule = ALERTS[name]
    rings = [] if labels is None else [{"exp_labels": rule["labels"] | labels, "exp_annotations": rule["annotations"]}]
    return {
        "eval_time": f"{BEFORE + STEP + seconds_of(rule.get('for', '0s')) + SOON}s",
        "alertname": name,
        "exp_alerts": rings,
    }


def judged(tmp_path, document):
    """What promtool says of a whole document of tests; '' if it agrees."""
    path = tmp_path / "alerts.test.yaml"
    path.write_text(json.dumps(document))  # which is YAML too
    done = subprocess.run(["promtool", "test", "rules", path], capture_output=True, text=True, timeout=60, check=False)
    return "" if done.returncode == 0 else f"{done.stdout}{done.stderr}"


@pytest.mark.parametrize("alert", SITUATIONS)
def test_an_alarm_fires_when_its_situation_is_there_and_not_before(alert, world, tmp_path):
    bring_about, labels = SITUATIONS[alert]
    before = world.scrape()
    bring_about(world)
    after = world.scrape()
    assert judge_each(tmp_path, [(before, before, {alert: None}), (before, after, {alert: labels})]) == ""


def test_the_alarm_that_no_web_process_answers_fires_when_nothing_is_scraped(world, tmp_path):
    assert judge(tmp_path, world.scrape(), world.scrape(), {"NoWeb": None}) == ""
    assert judge(tmp_path, world.scrape(), "", {"NoWeb": {}}) == ""


def test_what_was_never_done_rings_as_what_was_done_too_long_ago(world, tmp_path):
    rings = {name: {} for name in ("InvariantsUnchecked", "BackupOld")}
    before = world.scrape()
    world.run("delete from figure")
    assert judge(tmp_path, before, world.scrape(), rings) == ""
    database_is_away(world)  # which says nothing of them
    assert judge(tmp_path, before, world.scrape(), dict.fromkeys(rings)) == ""


def test_a_market_at_work_raises_no_alarm(world, tmp_path):
    world.answers(20)
    world.says()
    before = world.scrape()
    world.sends(20, "sent", provider_id="SM1")
    world.passes(10)
    world.lives()
    assert judge(tmp_path, before, world.scrape(), dict.fromkeys(ALERTS)) == ""


def test_news_behind_news_that_is_tried_again_later_could_not_be_sent_and_rings_nowhere(world, tmp_path):
    before = world.scrape()
    world.answers()
    world.run("update outbox set kind = 'notice', said_at = 1")
    columns = "conversation_id, account_id, kind, place, bubble, too_old_at"
    world.run(f"insert into outbox (said_at, {columns}) select 2, {columns} from outbox")
    world.run("update outbox set due_at = due_at + interval '1 h' where said_at = 1")
    world.passes(400)
    assert judge(tmp_path, before, world.scrape(), {"NoticesWait": None}) == ""
    world.run("update outbox set due_at = due_at - interval '2 h' where said_at = 1")
    assert judge(tmp_path, before, world.scrape(), {"NoticesWait": {}}) == ""


def test_an_answer_that_may_pass_news_which_waits_long_and_does_not_go_rings(world, tmp_path):
    before = world.scrape()
    world.answers()
    columns = "conversation_id, account_id, kind, said_at, place, bubble, too_old_at"
    news = "select conversation_id, account_id, 'notice', said_at - 1, place, bubble, too_old_at from outbox"
    world.run(f"insert into outbox ({columns}) {news}")
    world.passes(91)
    for waits, alarm in (("30 s", None), ("1 h", {})):
        world.run(f"update outbox set due_at = market_now() + interval '{waits}' where kind = 'notice'")
        assert judge(tmp_path, before, world.scrape(), {"RepliesWait": alarm}) == ""
    account_is_paused(world)
    rings = {"AccountPaused": {"account": "simulator"}, "RepliesWait": None}
    assert judge(tmp_path, before, world.scrape(), rings) == ""


@pytest.mark.parametrize(
    "change", ["kind = 'bulk', error = 'busy 131049'", "kind = 'notice', error = 'template waits'"]
)
def test_whom_a_limit_of_metas_or_a_paused_template_spares_until_later_rings_nowhere(change, world, tmp_path):
    before = world.scrape()
    provider_refuses(world)
    assert judge(tmp_path, before, world.scrape(), {"ProviderRefuses": {}}) == ""
    world.run(f"update outbox set due_at = market_now() + interval '1 day', {change}")
    assert judge(tmp_path, before, world.scrape(), {"ProviderRefuses": None}) == ""


def test_a_certificate_that_is_renewed_in_time_rings_nowhere_and_one_that_nobody_sees_any_more_rings_on(
    world, tmp_path
):
    before = world.scrape()
    certificate_is_seen(world, DAY * 10 + 60)
    alarms = ("CertificateEndsSoon", "CertificateEndsToday", "AddressUnseen")
    assert judge(tmp_path, before, world.scrape(), dict.fromkeys(alarms)) == ""
    certificate_is_seen(world, DAY * 10 - 1)
    assert judge(tmp_path, before, world.scrape(), dict(zip(alarms, ({}, None, None), strict=True))) == ""
    certificate_is_seen(world, -1)
    assert judge(tmp_path, before, world.scrape(), dict(zip(alarms, ({}, {}, None), strict=True))) == ""
    world.passes(DAY)
    assert judge(tmp_path, before, world.scrape(), {name: {} for name in alarms}) == ""


def test_an_address_that_nobody_reaches_rings_though_the_fallbacks_is_seen(world, tmp_path):
    certificate_is_seen(world, DAY - 1)
    world.passes(1801)
    before = world.scrape()
    certificate_is_seen(world, DAY * 60, "fallback.example")
    alarms = {"AddressUnseen": {}, "CertificateEndsToday": {}}
    assert judge(tmp_path, before, world.scrape(), alarms) == ""
    certificate_is_seen(world, DAY * 60)
    assert judge(tmp_path, before, world.scrape(), dict.fromkeys(alarms)) == ""


def test_doubles_that_are_forgotten_ring_no_more(world, tmp_path):
    sent_again(world)
    before = world.scrape()
    world.run("delete from outbox")
    assert judge(tmp_path, before, world.scrape(), {"PossibleDoubles": None}) == ""


def test_the_doctor_finds_a_redis_that_answers_and_takes_nothing(world, full_redis):
    world.stores["redis"] = full_redis
    found = [says for check, says in findings(world) if check == "redis"]
    assert len([says for says in found if says.startswith("Redis takes nothing: ")]) == 1


@pytest.mark.parametrize(("slow", "quick"), [(2, 198), (99, 0)])
def test_one_answer_of_a_hundred_may_be_slow_and_few_say_nothing(slow, quick, world, tmp_path):
    before = world.scrape()
    acknowledged(slow, 1.5)
    acknowledged(quick, 0.01)
    assert judge(tmp_path, before, world.scrape(), {"WebhooksSlow": None}) == ""


def test_the_judge_says_when_an_alarm_is_silent_or_fires_in_vain(world, tmp_path):
    calm = world.scrape()
    assert "RepliesWait" in judge(tmp_path, calm, calm, {"RepliesWait": {}})
    world.answers()
    world.passes(59)
    assert "RepliesWait" in judge(tmp_path, calm, world.scrape(), {"RepliesWait": {}})
    world.passes(2)
    assert "RepliesWait" in judge(tmp_path, calm, world.scrape(), {"RepliesWait": None})


def test_every_alarm_is_shown_here():
    assert {*SITUATIONS, "NoWeb", "ProcessDown"} == set(ALERTS)  # the last one in test_a_dead_process.py


def ages_of(alert):
    """How many seconds what is wrong must have lasted to fulfil the alarm's expression, and to have held for long."""
    rule = ALERTS[alert]
    age = re.search(r"_seconds(?:\{[^}]*\})?\) > (\d+)", rule["expr"])
    return int(age[1]) if age else 0, seconds_of(rule.get("for", "0s"))


def test_every_alarm_fires_within_two_minutes_but_those_that_are_slow_for_a_reason():
    took = {name: sum(ages_of(name)) + UNSAID.get(name, 0) + SOON for name in ALERTS}
    assert {name for name, seconds in took.items() if seconds > MOST} == SLOW.keys()
    assert took["RepliesWait"] == MOST
    assert {name: ages_of(name) for name in ("NoticesWait", "InvariantsUnchecked", "SpoolHoldsWebhooks")} == {
        "NoticesWait": (300, 30),
        "InvariantsUnchecked": (600, 60),
        "SpoolHoldsWebhooks": (0, 300),
    }


# Alarm → the line of the doctor that says the same, and words of it.
FOUND_BY = {
    "RepliesWait": ("queues", "the oldest reply waits for "),
    "NoticesWait": ("queues", "the oldest order news waits for "),
    "MessagesWait": ("queues", "the oldest message waits for "),
    "NothingAdvances": ("queues", "messages are due, and nobody has been answered for "),
    "ProviderRefuses": ("queues", "11 bubbles were refused and wait for their next try"),
    "SendsInDoubt": ("queues", "the sending of 11 bubbles was answered by nobody"),
    "DoubtStays": ("queues", "a send has been in doubt for "),
    "DeadMessages": ("dead letters", "1 messages have failed for good"),
    "SpoolHoldsWebhooks": ("spool", "1 webhooks wait in"),
    "WebhooksPutAside": ("spool", "was put aside: nobody can store it"),
    "InvariantBroken": ("invariants", "stock_as_its_ledger_ends: "),
    "InvariantsUnchecked": ("invariants", "no worker has looked for "),
    "NoWorker": ("workers", "none has shown itself for "),
    "AccountPaused": ("accounts", "simulator is paused (20003)"),
    "AnnouncementPaused": ("queues", "1 announcements have paused themselves"),
    "DatabaseAway": ("database", "PostgreSQL does not answer"),
    "RedisAway": ("redis", "Redis does not answer: ConnectionError"),
    "DiskFilling": ("disk", "1999 MB are free for "),
    "DiskFull": ("disk", "499 MB are free for "),
    "CertificateEndsSoon": ("certificate", "the public address's is good for 10.0 days"),
    "CertificateEndsToday": ("certificate", "the public address's is good for 1.0 days"),
    "AddressUnseen": ("certificate", "no worker has reached the public address for 30 min"),
    "BackupOld": ("backups", "the last one is 2 days old"),
    "RetentionBehind": ("queues", "what was kept long enough was last forgotten "),
}
# Alarms of which the doctor says nothing, and why.
UNSEEN = {
    "PossibleDoubles": "it has happened; nothing is wrong any more that a look at the market could show",
    "LeasesLost": "the same: what was lost is in doubt, and found as such while it is",
    "WebhooksMissed": "it has happened too: what was found at the provider is answered like any other message",
    "WebhooksSlow": "each door counts its own answers; the doctor asks no door",
    "SubscriptionLost": "it has happened, and a worker subscribes again; the doctor asks no provider",
    "ProcessDown": "how many there should be stands in no table; Prometheus is told each by its port",
    "NoWeb": "no web process leaves a trace in the tables; whoever asks the machine's own port sees it",
}


def findings(world):
    """(check, what is so) of all that is not well."""
    told = world.market.config
    stores = {name: getattr(told, name).model_copy(update={"url": url}) for name, url in world.stores.items()}
    config = told.model_copy(update=stores)
    return {(found.check, found.says) for found in doctor.examine(config) if found.level != "ok"}


@pytest.mark.parametrize("alert", FOUND_BY)
def test_the_doctor_finds_what_an_alarm_rings_for(alert, world):
    before = findings(world)
    SITUATIONS[alert][0](world)
    check, words = FOUND_BY[alert]
    assert [says for found, says in findings(world) - before if found == check and words in says] != []


def test_every_alarm_has_a_finding_of_the_doctor_or_a_reason():
    assert FOUND_BY.keys() | UNSEEN.keys() == ALERTS.keys()
    assert FOUND_BY.keys() & UNSEEN.keys() == set()


def test_every_figure_of_the_runbook_is_shown(world):
    certificate_is_seen(world, DAY)
    shown = {name.partition("{")[0] for name in samples_of(world.scrape())}
    assert set(re.findall(r"assigame_\w+", RUNBOOK.read_text())) - {"assigame_next", "assigame_default"} <= shown
