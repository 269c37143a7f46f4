"""All of the simulator for a web application."""

from collections.abc import Callable, Sequence

from flask import Blueprint
from redis import Redis

from base.secret import Secret
from dashboard.simulator.guard import Guard
from dashboard.simulator.page import add_page
from dashboard.simulator.people import Person
from dashboard.simulator.phones import Phones
from dashboard.simulator.photos import Photos
from dashboard.simulator.postman import Postman
from dashboard.simulator.provider import add_provider


def create_blueprint(
    people: Callable[[], Sequence[Person]], redis: Redis, secret: Secret, page_key: Secret, local_url: str
) -> Blueprint:
    """All routes under /simulator.

    `secret` is the simulator account's (both sides sign with it), `page_key` makes the page's tokens, `local_url` is
    where this web process is reached on its own machine: its webhook and its photos. The application's
    `extensions["simulator_postman"].close()` ends the sending thread.
    """
    blueprint = Blueprint(
        "simulator",
        "dashboard",
        url_prefix="/simulator",
        static_folder="static/simulator",
        static_url_path="/static",
        template_folder="templates/simulator",
    )
    phones = Phones(redis)
    postman = Postman(f"{local_url}/webhooks/simulator", secret, phones.tick)
    add_provider(blueprint, phones, postman, secret)
    add_page(blueprint, people, phones, Photos(redis, local_url), postman, Guard(page_key))
    blueprint.record(lambda state: state.app.extensions.update(simulator_postman=postman))
    return blueprint
