"""Every secret is changed while the market works, by what the runbook says."""

import re
import subprocess
from datetime import timedelta

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from base.clock import now
from base.config import ROOT
from base.embedded_place import find_place
from base.secret import Secret
from bot import calendars, files
from orders.codes import Codes
from tests import databases
from tests.deploy.fronts import plain_front_before
from tests.deploy.test_rolling import CALM, assert_nobody_was_refused, begin_anew
from tests.processes.house import SHUT_OUT, house_in
from tests.processes.market_day import market_day
from tests.waiting import wait_for

RUNBOOK = (ROOT / "OPERATIONS.md").read_text()
NEW_KEY, NEW_TOKEN = "a-new-secret-key-0123456789", "a-new-auth-token"
PEOPLE, HEARD = 6, 6  # who talk; messages that are acknowledged between one restart and the next, at least


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """Two doors and two workers."""
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2, workers=2, more=CALM) as house:
        house.may_fail_for.add(SHUT_OUT)
        yield house.start()


def test_keys_are_changed_in_a_market_day_and_what_was_signed_before_counts_on(house):
    old_key, old_token = house.environ["SECRET_KEY"], house.environ["TWILIO_AUTH_TOKEN"]
    old, new = address_of(house, old_key), address_of(house, NEW_KEY)
    house.provider.secondary_token = NEW_TOKEN
    house.secrets += [NEW_KEY, NEW_TOKEN]
    with plain_front_before(house) as front:
        house.provider.doors[:] = [front]
        with market_day(house, people=PEOPLE, orders=1) as talk:
            roll(house, talk, [old], LASTING_KEY=old_key, SECRET_KEY_NEXT=NEW_KEY,
                 TWILIO_AUTH_TOKEN=NEW_TOKEN, TWILIO_AUTH_TOKEN_PREVIOUS=old_token)  # fmt: skip
            house.provider.auth_token, house.provider.secondary_token = NEW_TOKEN, ""
            roll(house, talk, [old, new], SECRET_KEY=NEW_KEY, SECRET_KEY_PREVIOUS=old_key, SECRET_KEY_NEXT="")
    assert_nobody_was_refused(house)
    codes = Codes(Secret(old_key))
    orders = house.rows('select id, code from "order"')
    assert orders
    assert [order.code for order in orders] == [codes.code_of(order.id) for order in orders]
    for process in house.processes:
        process.environ.update(SECRET_KEY_PREVIOUS="", TWILIO_AUTH_TOKEN_PREVIOUS="")
        begin_anew(house, process)
    assert statuses(house, [old, new]) == {old: {404}, new: {200}}


def roll(house, talk, addresses, **changed):
    """All processes begin anew with these variables, one after the other; every address opens at every door."""
    house.environ.update(changed)
    for process in house.processes:
        process.environ.update(changed)
        begin_anew(house, process)
        assert statuses(house, addresses) == {address: {200} for address in addresses}
        talk.wait_for_more(HEARD)


def address_of(house, key):
    """The path of the event's calendar, signed with a key."""
    with house.database.unit_of_work() as db:
        event_id = db.value("select id from event limit 1")
        return files.path_to(calendars.KIND, Secret(key), [event_id, 0], now(db) + timedelta(hours=1))


def statuses(house, addresses):
    """Path -> what each door answers there."""
    return {address: {house.asked(door, address) for door in house.webs} for address in addresses}


def commands(program):
    """What the runbook has an operator type for this program, word for word."""
    return re.findall(rf"^{program} (.+)$", RUNBOOK, re.MULTILINE)


def test_two_roles_of_postgresql_take_turns_and_the_tables_stay_the_firsts(services):
    statements = [re.fullmatch(r'-d assigame -c "(.+)"', typed)[1] for typed in commands("psql")]
    assert len(statements) == 4
    name = "test_of_secrets_assigame"
    create, act, *others = (statement.replace("assigame", name) for statement in statements)
    with databases.fresh_database(services) as url, databases.administrator(services) as chief:
        plain = url.replace("+psycopg", "")
        try:
            chief.execute(f"create role {name} login password 'OLD'")
            chief.execute(create)
            chief.execute(act)
            with psycopg.connect(plain, user=f"{name}_next", autocommit=True) as connection:
                assert connection.execute("select session_user, current_user").fetchone() == (f"{name}_next", name)
            for statement in others:
                chief.execute(statement)
        finally:
            for role in (f"{name}_next", name):
                chief.execute(f"drop role if exists {role}")


def test_redis_takes_a_second_password_and_lets_go_of_the_first(services, tmp_path):
    socket = tmp_path / "redis.sock"
    program = find_place(databases.VAR).redis_server
    command = [program, ROOT / "deploy" / "redis" / "assigame.conf", "--port", "0", "--unixsocket", socket]
    allow, forget = (typed.replace("'", "").split() for typed in commands("redis-cli"))
    with subprocess.Popen([*command, "--dir", tmp_path, "--requirepass", "OLD"], stdout=subprocess.DEVNULL) as server:
        wait_for(socket.exists, "Redis has no socket")

        def is_let_in(password):
            with Redis(unix_socket_path=str(socket), password=password) as client:
                try:
                    return client.ping()
                except AuthenticationError:
                    return False

        with Redis(unix_socket_path=str(socket), password="OLD") as chief:
            assert (is_let_in("OLD"), is_let_in("NEW")) == (True, False)
            chief.execute_command(*allow)
            assert (is_let_in("OLD"), is_let_in("NEW")) == (True, True)
            chief.execute_command(*forget)
            assert (is_let_in("OLD"), is_let_in("NEW")) == (False, True)
        server.terminate()
        assert server.wait(20) == 0
