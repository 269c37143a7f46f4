"""A planted market for each journey, on each channel."""

from contextlib import ExitStack, contextmanager
from copy import deepcopy
from datetime import datetime, time, timedelta

import pytest

from base.clock import LOME
from bot import accounts
from cli import plant
from handlers.twilio_whatsapp import contents
from tests.conftest import VARIABLES
from tests.fakes.twilio import FakeTwilio
from tests.journeys import planting
from tests.journeys.ground import PLANTED, ground_of
from tests.journeys.stage import Stage, web_of
from tests.journeys.wires import SimulatorWire, TwilioWire
from tests.ports import free_port

FREE_RATES = '{"sender_per_second": 100000, "recipient_burst": 0, "turns": 0, "equal_answers": 0}'
TUESDAY, NINE = 1, time(9)
CHANNELS = ("twilio", "twilio in text mode", "simulator")


def environment(database_url, redis_url, var, **more):
    """Settings with one channel on, rates that never wait, and the shipped durations."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ASSIGAME_VAR": str(var),
        "PUBLIC_BASE_URL": "https://market.example",
        "SECRET_KEY": VARIABLES["SECRET_KEY"],
        "ASSIGAME__CHANNEL_ACCOUNTS__0__RATES": FREE_RATES,
        "ASSIGAME__CHANNEL_ACCOUNTS__1__RATES": FREE_RATES,
        **more,
    }


@pytest.fixture(scope="session")
def planted(services, redis_url):
    """A database that holds the demo market, and the folder with its photos."""
    return planted_market(services, redis_url)


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
        own = {"PORT": str(port)}
        fake = None
        if channel.startswith("twilio"):
            fake = stack.enter_context(
                FakeTwilio(
                    web=f"http://127.0.0.1:{port}", public_base_url="https://market.example", callbacks=callbacks
                )
            )
            own |= {
                "TWILIO_ACCOUNT_SID": fake.account_sid,
                "TWILIO_AUTH_TOKEN": fake.auth_token,
                "TWILIO_WHATSAPP_FROM": fake.sender,
                "TWILIO_API_BASE": fake.url,
                "ASSIGAME__SIMULATOR__ENABLED": "false",
            }
        else:
            own |= {"SIMULATOR_SECRET": VARIABLES["SIMULATOR_SECRET"]}
        stage = Stage(environment(ground.url, redis_url, planted[1], **own), ground.database)
        stack.callback(stage.close)
        stack.enter_context(web_of(stage.market, port))
        in_text_mode = channel.endswith("text mode")
        begin_in_text_mode(stage, in_text_mode)  # a default, which is no row
        if is_settled:
            if fake:
                fake.contents, fake.approvals = deepcopy(made)
        else:
            settle_people(stage, fake, in_text_mode=in_text_mode)
            ground.keep(channel, fake and deepcopy((fake.contents, fake.approvals)))
        wire = TwilioWire(fake) if fake else SimulatorWire(f"http://127.0.0.1:{port}", stage.secret, redis)
        yield stage, wire


def begin_on_a_morning(database):
    """A story begins on a Tuesday at nine in Lomé, the next there is: shops are open, and their clocks run."""
    with database.unit_of_work() as db:
        here = db.value("select now()").astimezone(LOME)
        day = here.date() + timedelta(days=(TUESDAY - here.weekday()) % 7 or 7)
        db.run("update test_clock set ahead = %(ahead)s", ahead=datetime.combine(day, NINE, LOME) - here)


def settle_people(stage, fake, *, in_text_mode):
    """The demo's people on this channel's account, its contents made, text mode on where it is asked for."""
    plant(stage.market)
    with stage.market.database.unit_of_work() as db:
        for account_id, account in stage.market.accounts.items() if fake else ():
            made = contents.create_contents(account)
            accounts.remember_contents(db, account_id, made, contents.TEMPLATES)
        for name in contents.TEMPLATES if fake else ():
            fake.approvals.setdefault(made[name], {})["status"] = "approved"
        db.run(f"update contact set is_in_text_mode = {in_text_mode}")


def begin_in_text_mode(stage, does_it):
    """How whoever comes from now on begins."""
    with stage.market.database.unit_of_work() as db:
        db.run(f"alter table contact alter column is_in_text_mode set default {does_it}")
