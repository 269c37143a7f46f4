"""Door 1: the web application, where providers knock, pages are served and operators look."""

import os
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Final, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, abort, jsonify, request, send_from_directory
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from redis import Redis
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wsgi import get_content_length, get_input_stream

from base.accounts import ChannelAccount, SimulatorAccount
from base.config import Config, Server, load
from base.db import FAILED
from base.log import logger
from base.media import Media
from base.memory import give_back_soon, spare_the_collector
from base.threads import end_where_one_dies, hear_every_signal, show_when_asked, take_short_turns
from bot import booking_page, product_page
from bot.answering import Answering
from bot.courtesy import Courtesy
from bot.files import Document
from bot.hands import StandIn, folder_of
from bot.posting import Posting
from bot.prices import Prices
from bot.received import FOLDER, Received
from bot.spool import SpoolFull
from bot.storing import Storing
from dashboard import checkin
from dashboard.door import Shown
from dashboard.goods import Looks, add_photos, add_products
from dashboard.simulator.blueprint import create_blueprint
from dashboard.simulator.people import Person
from handlers.channel import Channel, Greeted, WebhookReply, WebhookRequest
from handlers.errors import BadRequest, BadSignature
from handlers.wsgi import Headers
from wiring import build

log = logger(__name__)

SETTLES_WITHIN: Final = 0.4  # of the seconds of a stop at most for answers, once nothing more is taken
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
        "media-src 'self' https:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}
SECURITY_PAIRS: Final = tuple(SECURITY_HEADERS.items())
PRICES: Final = Prices()
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto")  # what proxies and tunnels add
KNOCKS: Final = Counter("assigame_webhooks_total", "Webhook requests answered.", ("channel", "status"))
ACKNOWLEDGEMENT: Final = Histogram(
    "assigame_webhook_acknowledgement_seconds",
    "From a webhook's arrival until its answer.",
    ("channel",),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


class Market(Protocol):
    """What this door needs of the wired market."""

    @property
    def config(self) -> Config:
        """The settings."""

    @property
    def redis(self) -> "Redis":
        """The connection to Redis."""

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The channels by their kind."""

    @property
    def media(self) -> Media:
        """Where pictures of goods are kept."""

    @property
    def storing(self) -> Storing:
        """What stores a webhook before it is answered."""

    @property
    def courtesy(self) -> Courtesy:
        """How people see that they are being answered."""

    def received_file(self, token: str) -> Received | None:
        """The kept file that an address of ours names; None when there is none, or no longer."""

    def simulator_people(self) -> Sequence[Person]:
        """Who can be chosen on the simulator's page."""

    def product_page(self, slug: str) -> str | None:
        """A product's page as HTML; None when nothing is listed under this slug."""

    def product_card(self, slug: str) -> bytes | None:
        """The picture of a product's link (JPEG), or None."""

    def document(self, kind: str, token: str) -> Document | None:
        """The file at a signed address; None when there is none, or no longer."""

    def door(self, token: str, typed: str | None) -> Shown | None:
        """The page at a workshop's door, once a code was told there; None where it is none of ours, or no longer."""

    def is_ready(self) -> Mapping[str, str]:
        """Part → what is wrong with it; empty when all is well."""

    def figures(self) -> bytes:
        """The market's figures in Prometheus's text format."""


def app() -> Flask:
    """The application as granian starts it (`webhooks:app`, a factory); its threads take turns and send answers."""
    give_back_soon()
    hear_every_signal()
    show_when_asked()
    end_where_one_dies(partial(os.kill, os.getpid(), signal.SIGTERM))
    market = build(load())
    hands = folder_of(market.config)
    answering = Answering(lambda: Posting(market.office, folder=hands, announces=StandIn(hands, "worker")))
    settles_within = SETTLES_WITHIN * market.config.server.stops_within_seconds
    answering.end_with_the_process(market.start_taking(answering.sender), settles_within)
    market.storing.start_draining()
    flask = create_app(market)
    spare_the_collector()
    take_short_turns()
    return flask


class Door(Flask):
    """Flask, with the webhooks answered before its routing, contexts and hooks: these cost more than a report does."""

    def __init__(self, limit: int) -> None:
        super().__init__("assigame", static_folder=None, template_folder=None)
        self.config["MAX_CONTENT_LENGTH"] = limit + 1  # werkzeug cuts there without a word; the one byte more tells
        self.knocks: dict[str, Callable[[WSGIEnvironment], WebhookReply]] = {}

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A webhook's answer, or Flask's."""
        is_post = environ["REQUEST_METHOD"].upper() == "POST"  # as Flask, which has a route here and no page, reads it
        knock = self.knocks.get(environ["PATH_INFO"]) if is_post else None
        if knock is None:
            return super().wsgi_app(environ, start_response)
        try:
            reply = knock(environ)
        except HTTPException as error:
            return harden(plain_error(error))(environ, start_response)
        start_response(f"{reply.status} {HTTP_STATUS_CODES[reply.status]}", [*reply.headers.items(), *SECURITY_PAIRS])
        return [reply.body]


def create_app(market: Market) -> Flask:
    """Every route of this process."""
    limit = market.config.server.request_limit_bytes
    flask = Door(limit)
    flask.before_request(partial(refuse_too_large, limit))
    flask.after_request(harden)
    flask.register_error_handler(HTTPException, plain_error)
    for channel in market.channels.values():
        add_webhooks(flask, market, channel)
    add_operators_routes(flask, market)
    looks = Looks(max(1, market.config.server.threads // 2))
    add_photos(flask, market.media, looks)
    add_products(flask, market.product_page, market.product_card, product_page.POLICY, looks)
    add_received(flask, market)
    add_documents(flask, market)
    flask.register_blueprint(checkin.create_blueprint(market.door, booking_page.read))
    add_simulator(flask, market)
    return flask


def refuse_too_large(limit: int) -> None:
    """Answer 413 before a byte of an announced body is read; photos at a workshop's door come as phones take them."""
    if request.blueprint == checkin.NAME:
        limit = request.max_content_length = checkin.MOST_BYTES
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge


def harden(response: Response) -> Response:
    """Put the security headers on every answer."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def plain_error(error: HTTPException) -> Response:
    """One short line; what a 405 or a 429 must also say (Allow, Retry-After) stays."""
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return Response(f"{error.code} {error.name}\n", status=error.code, headers=headers, mimetype="text/plain")


def add_webhooks(flask: Door, market: Market, channel: Channel) -> None:
    """One door per path of a channel; its route in Flask greets whoever may be greeted, and says 405 to all else."""
    limit = market.config.server.request_limit_bytes
    accounts = tuple(account for account in market.config.active_accounts() if account.kind == channel.kind)
    acknowledgement, answered = ACKNOWLEDGEMENT.labels(channel.kind), cache(partial(KNOCKS.labels, channel.kind))

    def knock(environ: WSGIEnvironment) -> WebhookReply:
        with acknowledgement.time():
            reply = receive(market, channel, accounts, read_request(environ, limit))
        answered(reply.status).inc()
        return reply

    for path in channel.paths:
        flask.knocks[path] = knock
        flask.add_url_rule(path, endpoint=f"webhook:{path}", methods=["POST"])
    if isinstance(channel, Greeted):
        add_greetings(flask, channel, channel.paths, accounts, limit)


def add_greetings(
    flask: Door, channel: Greeted, paths: Sequence[str], accounts: Sequence[ChannelAccount], limit: int
) -> None:
    """The GET by which a provider makes sure of the address of its webhooks."""

    def greet() -> Response:
        reply = answer_greeting(channel, accounts, read_request(request.environ, limit))
        return Response(reply.body, reply.status, reply.headers)

    for path in paths:
        flask.add_url_rule(path, endpoint=f"greeting:{path}", view_func=greet, methods=["GET"])


def read_request(environ: WSGIEnvironment, limit: int) -> WebhookRequest:
    """The request as it came; raises werkzeug's 413 for a body past the limit, before it is read where it is announced.

    An unannounced (chunked) one is read to the limit and one byte more.
    """
    announced = get_content_length(environ)
    if (announced or 0) > limit:
        raise RequestEntityTooLarge
    body = read_body(environ, announced, limit)
    return WebhookRequest(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=environ.get("QUERY_STRING", ""),
        headers=Headers(environ),
        body=body,
    )


def read_body(environ: WSGIEnvironment, announced: int | None, limit: int) -> bytes:
    """An announced body to its length or where it ends; an unannounced one to the limit, past which it raises 413."""
    if announced is None:
        body = get_input_stream(environ, max_content_length=limit + 1).read()
        if len(body) > limit:
            raise RequestEntityTooLarge
        return body
    stream, pieces, missing = environ["wsgi.input"], list[bytes](), announced
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def receive(
    market: Market, channel: Channel, accounts: Sequence[ChannelAccount], webhook: WebhookRequest
) -> WebhookReply:
    """Verify, parse, keep: 200 only when it is stored, 403 and 400 for what is never taken, else 503.

    What is stored is answered so, whatever becomes of what follows.
    """
    answer = WebhookReply(503)
    try:
        found = [(account, channel.parse(account, webhook)) for account in channel.verify(accounts, webhook)]
        kept = [(account, parsed, market.storing.keep(account.key, parsed)) for account, parsed in found]
        answer = channel.reply(webhook)
        for account, parsed in found:
            PRICES.note(account.key, parsed.reports)
        if any(parsed.messages for _, parsed in found):
            for account, parsed, stored in kept:
                market.courtesy.answer_soon(account, parsed, stored)
    except BadSignature:
        return WebhookReply(403)
    except BadRequest:
        return WebhookReply(400)
    except SpoolFull:
        log.error("nothing can be stored: database away and spool full", channel=channel.kind)
    except Exception as error:  # the one broad catch of this door: of what is not stored the provider tries again
        log.error("webhook failed", channel=channel.kind, error=type(error).__name__, exc_info=True)
    return answer


def answer_greeting(channel: Greeted, accounts: Sequence[ChannelAccount], webhook: WebhookRequest) -> WebhookReply:
    """What a provider hears that makes sure of an address; 403 and 400 as for its webhooks."""
    try:
        return channel.greet(accounts, webhook)
    except BadSignature:
        return WebhookReply(403)
    except BadRequest:
        return WebhookReply(400)


def add_operators_routes(flask: Flask, market: Market) -> None:
    """Alive, ready, figures; the figures are for this house alone, not for whoever comes through the proxy."""

    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    def readyz() -> tuple[Response, int]:
        wrong = dict(market.is_ready())
        return jsonify(ready=not wrong, wrong=wrong), 503 if wrong else 200

    def metrics() -> Response:
        if any(name in request.headers for name in FORWARDED):
            abort(404)
        return Response(generate_latest() + market.figures(), content_type=CONTENT_TYPE_LATEST)

    flask.add_url_rule("/healthz", "healthz", healthz)
    flask.add_url_rule("/readyz", "readyz", readyz)
    flask.add_url_rule("/metrics", "metrics", metrics)


def add_received(flask: Flask, market: Market) -> None:
    """What people sent, for whoever was told its address while that is good; nobody else keeps a copy."""

    def show(token: str) -> Response:
        try:
            file = market.received_file(token)
        except FAILED:
            abort(503)
        if file is None:
            abort(404)
        response = send_from_directory(market.config.var / FOLDER, file.file, mimetype=file.mime, max_age=0)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    flask.add_url_rule("/received/<token>", "received", show)


def add_documents(flask: Flask, market: Market) -> None:
    """Files for one person, at addresses that only we can make and that end; no cache on the way keeps them."""

    def document(kind: str, token: str) -> Response:
        try:
            found = market.document(kind, token)
        except FAILED:
            abort(503)
        if found is None:
            abort(404)
        response = Response(found.content, mimetype=found.mime)
        if found.is_page:
            response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        else:
            response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    flask.add_url_rule("/documents/<kind>/<token>", "document", document)


def add_simulator(flask: Flask, market: Market) -> None:
    """The page and the stand-in provider, where the settings allow them and the simulator's account has its secret."""
    config = market.config
    account = next((one for one in config.active_accounts() if isinstance(one, SimulatorAccount)), None)
    if not config.simulator_is_enabled or account is None:
        return
    blueprint = create_blueprint(
        market.simulator_people, market.redis, account.secret, config.secret_key, config.server.local_url
    )
    flask.register_blueprint(blueprint)


def serve(server: Server) -> None:
    """Run the web process: one worker, whose threads answer; a proxy in front buffers slow clients in production."""
    show_when_asked()
    Granian(
        "webhooks:app",
        address=server.host,
        port=server.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=server.threads,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=server.stops_within_seconds,
    ).serve()
