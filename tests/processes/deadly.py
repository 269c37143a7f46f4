"""Starts a web door or a worker that ends itself at one point, named by DEADLY_POINT: a kill -9 exactly there.

`granian … tests.processes.deadly:app` is a door, `python -m tests.processes.deadly` a worker; without the variable
they are as any other. The worker's jobs come round as much more often as a house's durations are shorter.
"""

import os
import signal
from dataclasses import replace
from functools import wraps

import webhooks
import wiring
import worker
from bot.posting import Posting
from bot.sessions import Sessions
from handlers.twilio_whatsapp.channel import TwilioWhatsapp

POISON = "zoblopoison"


def end_here(*_, **__):
    """kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()  # other threads may live a moment longer; this one does nothing more


def poison():
    """The step that looks for goods dies of one word."""
    buyer = next(dialog for dialog in wiring.DIALOGS if dialog.name == "buyer")
    look_for = buyer.states["search"].step

    @wraps(look_for)
    def deadly(turn):
        if POISON in turn.words:
            end_here()
        return look_for(turn)

    states = {**buyer.states, "search": replace(buyer.states["search"], step=deadly)}
    wiring.DIALOGS = tuple(replace(d, states=states) if d is buyer else d for d in wiring.DIALOGS)


def committed():
    """Between the commit of turns and the write of their sessions to Redis."""
    Sessions.write = end_here


def claimed():
    """After bubbles were claimed, before one of them is sent."""
    send_all = Posting._send_all

    @wraps(send_all)
    def deadly(posting, account, rows):
        if rows:
            end_here()
        send_all(posting, account, rows)

    Posting._send_all = deadly


def accepted():
    """After the provider has taken a bubble, before that is written down."""
    send = TwilioWhatsapp.send

    @wraps(send)
    def deadly(*given):
        send(*given)
        end_here()

    TwilioWhatsapp.send = deadly


POINTS = {"": lambda: None, "poison": poison, "committed": committed, "claimed": claimed, "accepted": accepted}


def app():
    """A door."""
    POINTS[os.environ.get("DEADLY_POINT", "")]()
    return webhooks.app()


if __name__ == "__main__":
    POINTS[os.environ.get("DEADLY_POINT", "")]()
    worker.main()
