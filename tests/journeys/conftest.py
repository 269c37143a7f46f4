"""A planted market for each journey, on each channel."""

import shutil
from contextlib import ExitStack, contextmanager, nullcontext
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial

import pytest

from base.clock import LOME, now
from bot import accounts
from handlers.twilio_whatsapp import contents
from providers import push_templates, templates
from serving import plant
from tests.conftest import NOBODY_TYPES, VARIABLES
from tests.fakes.graph_phones import STATUSES, FakeCloud
from tests.fakes.messenger import FakePage
from tests.fakes.twilio import FakeTwilio
from tests.journeys import messenger_wire, planting
from tests.journeys.cloud_wire import CloudWire
from tests.journeys.days import NINE, first_day
from tests.journeys.ground import PLANTED, ground_of
from tests.journeys.messenger_wire import MESSENGER, SHOPS_THERE, MessengerWire
from tests.journeys.stage import Stage, web_of
from tests.journeys.transcript import TEXT_MODE
from tests.journeys.wires import SimulatorWire, TwilioWire
from tests.ports import free_port
from tests.shipped import TEXTS

FREE_RATES = '{"sender_per_second": 100000, "recipient_burst": 0, "turns": 0, "equal_answers": 0}'
ACCOUNTS = 4  # of config.yaml
MONDAY_AFTER = 6  # days from that Tuesday
CHANNELS = ("twilio", f"twilio{TEXT_MODE}", "simulator", "whatsapp", f"whatsapp{TEXT_MODE}")
PAGES = (MESSENGER, f"{MESSENGER}{TEXT_MODE}")
ON_PAGES = (*PAGES, SHOPS_THERE)
PUBLIC_URL = "https://market.example"


def environment(database_url, redis_url, var, **more):
    """Settings with one channel on, rates that never wait, and the shipped durations."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ASSIGAME_VAR": str(var),
        "PUBLIC_BASE_URL": PUBLIC_URL,
        "SECRET_KEY": VARIABLES["SECRET_KEY"],
        **{f"ASSIGAME__CHANNEL_ACCOUNTS__{place}__RATES": FREE_RATES for place in range(ACCOUNTS)},
        **NOBODY_TYPES,
        "ASSIGAME__DATABASE__STORE_WITHIN_SECONDS": "60",  # a busy machine is no database that is away
        **more,
    }


@pytest.fixture(scope="session")
def planted(services, redis_url, tmp_path_factory):
    """A database that holds the demo market, and a folder with its photos where this process's stories keep theirs."""
    template, kept = planted_market(services, redis_url)
    own = tmp_path_factory.mktemp("planted") / "var"
    shutil.copytree(kept, own)
    return template, own


def planted_market(services, redis_url):
    """The same outside of a test."""
    secret = VARIABLES["SIMULATOR_SECRET"]
    return planting.planted_market(services, lambda url, var: environment(url, redis_url, var, SIMULATOR_SECRET=secret))


@pytest.fixture(scope="session")
def ground(services, planted):
    """The database that this process's stories share, one after the other."""
    with ground_of(services, planted[0]) as ground:
        yield ground


@contextmanager
def stage_on(channel, ground, planted, redis_url, redis, callbacks=("delivered",)):
    """A stage and its wire: the planted market, nothing in Redis, a web server, a provider and what it reports."""
    is_settled = ground.knows(channel)
    made = ground.put_back(channel if is_settled else PLANTED)
    begin_on_a_morning(ground.database)
    redis.flushdb()
    with ExitStack() as stack:
        port = free_port()
        web = f"http://127.0.0.1:{port}"
        page = stack.enter_context(FakePage()) if channel in ON_PAGES else None
        fake = stack.enter_context(provider_of(channel, web, callbacks))
        own = {"PORT": str(port), **settings_of(fake), **(messenger_wire.settings_of(page) if page else {})}
        stage = Stage(environment(ground.url, redis_url, planted[1], **own), ground.database)
        stack.callback(stage.close)
        clock = partial(clock_of, stage.market.database)
        if isinstance(fake, FakeCloud):
            fake.clock = clock
        stack.enter_context(web_of(stage.market, port))
        in_text_mode = channel.endswith(TEXT_MODE)
        begin_in_text_mode(stage, in_text_mode)  # a default, which is no row
        if is_settled:
            contents, page_templates = made
            put_contents(fake, contents)
            if page:
                page.templates = deepcopy(page_templates)
        else:
            if page:
                messenger_wire.settle_people(stage.market, fake, shops_there=channel == SHOPS_THERE)
            else:
                settle_people(stage, fake)
            settle_text_mode(stage, in_text_mode)
            ground.keep(channel, (contents_of(fake), deepcopy(page.templates) if page else []))
        wires = {FakeTwilio: TwilioWire, FakeCloud: CloudWire}
        wire = wires[type(fake)](fake) if fake else SimulatorWire(web, stage.secret, redis)
        if page:
            shops = messenger_wire.shops_of(stage.market) if channel == SHOPS_THERE else ()
            wire = MessengerWire(page, web, wire, clock, is_reported=bool(callbacks), shops=shops)
        yield stage, wire
        if isinstance(fake, FakeCloud):
            assert fake.refused == [], "what is refused is said again in plain words, which a story may not notice"


def provider_of(channel, web, callbacks):
    """What stands behind a channel, to be entered; the simulator's provider is the program itself."""
    match channel.removesuffix(TEXT_MODE):
        case "simulator":
            return nullcontext()
        case "whatsapp":
            return FakeCloud(web, STATUSES if callbacks else ())
    return FakeTwilio(web=web, public_base_url=PUBLIC_URL, callbacks=callbacks)


def settings_of(fake):
    """The variables that put one channel on."""
    match fake:
        case FakeCloud():
            own = fake.settings
        case FakeTwilio():
            own = {
                "TWILIO_ACCOUNT_SID": fake.account_sid,
                "TWILIO_AUTH_TOKEN": fake.auth_token,
                "TWILIO_WHATSAPP_FROM": fake.sender,
                "TWILIO_API_BASE": fake.url,
            }
        case _:
            return {"SIMULATOR_SECRET": VARIABLES["SIMULATOR_SECRET"]}
    return own | {"ASSIGAME__SIMULATOR__ENABLED": "false"}


def contents_of(fake):
    """A copy of what is made and approved at a provider."""
    match fake:
        case FakeCloud():
            return deepcopy(fake.templates)
        case FakeTwilio():
            return deepcopy((fake.contents, fake.approvals))
    return None


def put_contents(fake, made):
    """The same at another one."""
    match fake:
        case FakeCloud():
            fake.templates[:] = deepcopy(made)
        case FakeTwilio():
            fake.contents, fake.approvals = deepcopy(made)


def clock_of(database):
    """Seconds of the market's own clock."""
    with database.autocommit() as db:
        return now(db).timestamp()


def begin_on_a_morning(database):
    """A story begins on a Tuesday at nine in Lomé, the next there is: shops are open, and their clocks run."""
    with database.unit_of_work() as db:
        here = db.value("select now()").astimezone(LOME)
        day = first_day(here)
        db.run("update test_clock set ahead = %(ahead)s", ahead=datetime.combine(day, NINE, LOME) - here)
        db.run("update stock set confirmed_at = market_now()")  # planted up to a week before: no figure is old yet
        bring_the_week(db, day + timedelta(days=MONDAY_AFTER))


def bring_the_week(db, first):
    """The event that is open begins on a day, whenever the market was planted."""
    was = db.value("select starts_on from event where state = 'open'")
    days = (first - was).days
    db.run(
        "update event set starts_on = starts_on + %(days)s::int, ends_on = ends_on + %(days)s::int"
        " where state = 'open'",
        days=days,
    )
    of_open = "event_id = (select id from event where state = 'open')"
    shifted = "starts_{0} = starts_{0} + {1}, ends_{0} = ends_{0} + {1}"
    db.run(f"update event_phase set {shifted.format('on', '%(days)s::int')} where {of_open}", days=days)
    db.run(f"update workshop set {shifted.format('at', 'make_interval(days => %(days)s)')} where {of_open}", days=days)


def settle_people(stage, fake):
    """The demo's people on this channel's account, its contents made."""
    plant(stage.market)
    match fake:
        case FakeCloud():
            push_templates(stage.market)
            fake.judge_templates("APPROVED")
            templates(stage.market)  # which is how the market learns of it
        case FakeTwilio():
            make_twilio_contents(stage, fake)


def settle_text_mode(stage, does_it):
    """How everybody who is there begins."""
    with stage.market.database.unit_of_work() as db:
        db.run(f"update contact set is_in_text_mode = {does_it}")


def make_twilio_contents(stage, fake):
    """All contents, and the approval of those that need one."""
    with stage.market.database.unit_of_work() as db:
        for account_id, account in stage.market.accounts.items():
            made = contents.create_contents(account)
            made |= {name: contents.make_template(account, text).provider_id for name, text in TEXTS.items()}
            accounts.remember_contents(db, account_id, made, TEXTS)
    for name in TEXTS:
        fake.approve(name)


def begin_in_text_mode(stage, does_it):
    """How whoever comes from now on begins."""
    with stage.market.database.unit_of_work() as db:
        db.run(f"alter table contact alter column is_in_text_mode set default {does_it}")
