"""A web process with the simulator, with and without a socket."""

import threading

import pytest
from werkzeug.serving import make_server

import webhooks
from base.accounts import SimulatorAccount
from handlers.simulator.channel import SimulatorChannel
from tests.fakes.market import FakeMarket
from tests.ports import free_port


@pytest.fixture
def account(config):
    return next(account for account in config.channel_accounts if isinstance(account, SimulatorAccount))


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def market(config, redis, port):
    server = config.server.model_copy(update={"port": port})
    config = config.model_copy(update={"server": server})
    return FakeMarket(config, redis, {"simulator": SimulatorChannel(server.local_url)})


@pytest.fixture
def flask(market):
    flask = webhooks.create_app(market)
    yield flask
    flask.extensions["simulator_postman"].close()


@pytest.fixture
def client(flask):
    return flask.test_client()


@pytest.fixture
def served(flask, port):
    """The application on its port, for what goes round through HTTP."""
    server = make_server("127.0.0.1", port, flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield flask
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def channel(market):
    return market.channels["simulator"]


@pytest.fixture
def page(client):
    """The headers of a post from the page itself."""
    setup = client.get("/simulator").text
    token = setup.split('"token": "')[1].split('"')[0]
    return {"X-Simulator-Token": token, "Sec-Fetch-Site": "same-origin"}
