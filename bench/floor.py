"""The floor: the plainest bot that keeps its promises, written once; every ratio is against it.

Flask on Granian. One webhook: signature, session from Redis, one transaction with the inbox row (whose unique key
dedupes) and the outbox row, session back to Redis, 200. A thread posts the outbox to the provider. Reports are rows.
"""

import http.client
import json
import os
import threading
from urllib.parse import urlencode

import psycopg
import redis
from flask import Flask, Response, request
from psycopg.types.json import Jsonb
from twilio.request_validator import RequestValidator

from bench import shop
from bench.provider import ACCOUNT_SID, AUTH_TOKEN, SENDER

TABLES = """
create table if not exists inbox (sid text primary key, phone text not null, form jsonb not null,
  at timestamptz not null default now());
create table if not exists outbox (id bigint generated always as identity primary key, phone text not null,
  form jsonb not null, state text not null default 'waiting', sid text, at timestamptz not null default now());
create index if not exists outbox_waiting on outbox (id) where state = 'waiting';
create table if not exists report (sid text not null, status text not null, at timestamptz not null default now());
create table if not exists purchase (id bigint generated always as identity primary key, phone text not null,
  goods jsonb not null);
"""
KEPT = 24 * 3600  # seconds of a session
BATCH = 50
RETRY = 1.0  # seconds after a send that was refused or lost

local = threading.local()
bell = threading.Event()
sessions = redis.Redis.from_url(os.environ["REDIS_URL"]) if "REDIS_URL" in os.environ else redis.Redis()
validator = RequestValidator(AUTH_TOKEN)


def connection(name: str = "messages", *, autocommit: bool = False) -> "psycopg.Connection":
    """One connection a thread and purpose."""
    if not hasattr(local, name):
        setattr(local, name, psycopg.connect(os.environ["DATABASE_URL"], autocommit=autocommit))
    mine: psycopg.Connection = getattr(local, name)
    return mine


def app() -> Flask:
    """The application as granian starts it."""
    flask = Flask("floor")
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        db.execute(TABLES)
    flask.add_url_rule("/healthz", "healthz", lambda: "ok")
    flask.add_url_rule("/webhooks/twilio", "message", message, methods=["POST"])
    flask.add_url_rule("/webhooks/twilio/status", "status", status, methods=["POST"])
    threading.Thread(target=send_waiting, name="send", daemon=True).start()
    return flask


def is_signed() -> bool:
    """Whether the provider signed this request."""
    return bool(validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")))


def message() -> Response:
    """One message in, one row of the outbox out."""
    if not is_signed():
        return Response(status=403)
    form = request.form
    phone = form["From"]
    session = json.loads(sessions.get(f"session:{phone}") or b"{}")
    db = connection()
    try:
        is_new = keep(db, form["MessageSid"], phone)
        if is_new:
            bubble = shop.answer(session, form["Body"], form.get("ButtonPayload", ""))
            say(db, phone, bubble)
        db.commit()
    except BaseException:
        db.rollback()
        raise
    if is_new:
        session |= {"state": bubble.state, "offers": [choice for choice, _, _ in bubble.offers]}
        sessions.set(f"session:{phone}", json.dumps(session), ex=KEPT)
        bell.set()
    return Response("<Response/>", mimetype="text/xml")


def keep(db: "psycopg.Connection", sid: str, phone: str) -> bool:
    """Store a message; False when it was here before."""
    row = "insert into inbox (sid, phone, form) values (%s, %s, %s) on conflict do nothing"
    return db.execute(row, (sid, phone, Jsonb(request.form.to_dict()))).rowcount == 1


def say(db: "psycopg.Connection", phone: str, bubble: shop.Bubble) -> None:
    """Store what is to be said, and an order."""
    db.execute("insert into outbox (phone, form) values (%s, %s)", (phone, Jsonb(shop.form(bubble))))
    if bubble.order is not None:
        db.execute("insert into purchase (phone, goods) values (%s, %s)", (phone, Jsonb(dict(bubble.order))))


def status() -> Response:
    """One report, one row: a statement that is its own transaction."""
    if not is_signed():
        return Response(status=403)
    row = "insert into report (sid, status) values (%s, %s)"
    connection("reports", autocommit=True).execute(row, (request.form["MessageSid"], request.form["MessageStatus"]))
    return Response("<Response/>", mimetype="text/xml")


def send_waiting() -> None:
    """The sender: what waits is posted in its order, then marked as sent in one transaction."""
    provider = http.client.HTTPConnection(os.environ["PROVIDER"])
    db = psycopg.connect(os.environ["DATABASE_URL"])
    while True:
        bell.clear()
        rows = db.execute(
            "select id, phone, form from outbox where state = 'waiting' order by id limit %s", (BATCH,)
        ).fetchall()
        sids = {row[0]: post(provider, row[1], row[2]) for row in rows}
        sent = {key: sid for key, sid in sids.items() if sid}
        if sent:
            db.execute(
                "update outbox o set state = 'sent', sid = s.sid from unnest(%s::bigint[], %s::text[]) as s(id, sid)"
                " where o.id = s.id",
                (list(sent), list(sent.values())),
            )
        db.commit()
        if not rows or len(sent) < len(rows):
            bell.wait(RETRY)


def post(provider: http.client.HTTPConnection, phone: str, form: dict[str, str]) -> str:
    """One send; the provider's id, '' when it was refused or the answer was lost."""
    told = {"To": phone, "From": SENDER, "StatusCallback": f"{os.environ['PUBLIC_BASE_URL']}/webhooks/twilio/status"}
    try:
        provider.request(
            "POST",
            f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json",
            urlencode(told | form),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = provider.getresponse()
        document = json.loads(answer.read())
    except (OSError, http.client.HTTPException):
        provider.close()
        return ""
    return str(document["sid"]) if answer.status == 201 else ""
