"""Fetching what people sent: claimed, asked of the provider outside of any transaction, checked, kept."""

from typing import Literal

from base.log import logger
from bot import received, received_files
from bot.posting import Office
from bot.provider_answers import FetchedFile, NoFile
from bot.received import Waiting
from bot.received_files import MOST_BYTES, NotOfItsKind

log = logger(__name__)
GONE_IS_BELIEVED_AFTER = 3  # tries: a provider's storage may be behind its webhook by some seconds
ENDS_ITS_READER = "no_picture"  # tried more often than a fetch that fails: whoever opened it did not live to say so
AT_ONCE = 4  # files between two claims: each takes a while, and the lease must outlast them


def fetch_waiting(office: Office, account_id: int) -> int:
    """A job: fetch an account's files that are due; returns how many."""
    timing = office.config.timing
    with office.database.unit_of_work() as db:
        claimed = received.claim(db, account_id, timing, AT_ONCE)
    for waiting in claimed:
        _fetch(office, account_id, waiting)
    return len(claimed)


def _fetch(office: Office, account_id: int, waiting: Waiting) -> None:
    if waiting.attempts > len(office.config.timing.fetch_retry) + 1:
        _refuse(office, waiting, ENDS_ITS_READER)
        return
    account = office.accounts[account_id]
    fetched = office.carriers[account.kind].fetch(account, waiting.media, MOST_BYTES[waiting.media.kind])
    if isinstance(fetched, FetchedFile):
        _keep(office, waiting, fetched.content)
        return
    pauses = office.config.timing.fetch_retry[waiting.attempts - 1 :]
    state: Literal["waiting", "refused", "gone"] = "waiting" if pauses else "refused"
    if isinstance(fetched, NoFile) and not (_may_come_yet(fetched, waiting) and pauses):
        state = "gone" if fetched.is_gone else "refused"
    log.warning("file_not_fetched", inbox_id=waiting.inbox_id, reason=fetched.reason, state=state)
    with office.database.unit_of_work() as db:
        if state == "waiting":
            received.put_off(db, waiting, pauses[0], fetched.reason)
        else:
            received.settle_without(db, waiting, state, fetched.reason)


def _may_come_yet(fetched: NoFile, waiting: Waiting) -> bool:
    return fetched.is_gone and waiting.attempts <= GONE_IS_BELIEVED_AFTER


def _refuse(office: Office, waiting: Waiting, reason: str) -> None:
    log.warning("file_refused", inbox_id=waiting.inbox_id, reason=reason)
    with office.database.unit_of_work() as db:
        received.settle_without(db, waiting, "refused", reason)


def _keep(office: Office, waiting: Waiting, content: bytes) -> None:
    """The file is whole before its row says so; of what was forgotten meanwhile nothing stays."""
    try:
        checked = received_files.check(waiting.media.kind, content)
    except NotOfItsKind as error:
        _refuse(office, waiting, str(error))
        return
    name = received.name_of(checked)
    with office.database.unit_of_work() as db:
        is_wanted = received.promise(db, office.config.var, waiting, name)
    if not is_wanted:
        return
    try:
        received.store(office.config.var, checked)
    except OSError as error:  # a full disk has room again one day: the file is due again by itself
        log.error("file_not_stored", inbox_id=waiting.inbox_id, error=type(error).__name__)
        return
    with office.database.unit_of_work() as db:
        if not received.settle_kept(db, waiting, checked, name):
            received.drop(db, office.config.var, [name])
