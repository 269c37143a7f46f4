"""A broadcast's recipients, each once, written by one statement when its time has come."""

from base.config import Config
from base.db import Db


def plan(db: Db, config: Config, broadcast_id: int) -> int:
    """Write a row for everybody of the audience, those who cannot be told with the reason; how many can.

    A person with two chats is told in one: where his window is open, else where he wrote last. Who is planned already
    stays as he is. The caller has the broadcast's lock.
    """
    raise NotImplementedError
