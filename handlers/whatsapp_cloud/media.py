"""Fetch what people sent, in two steps: ask Graph for the file's address, then go there (channels.md §2.8)."""

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from base.accounts import WhatsappCloudAccount
from base.outbound import AnswerLost, NotSent, Timeouts, is_named
from bot.messages import Media
from bot.provider_answers import Fetched, FetchedFile, NoFile, NotNow
from handlers import files
from handlers.graph import call, read_document
from handlers.whatsapp_cloud.digests import are_right, digest_in, parts_of
from handlers.whatsapp_cloud.errors import MEANINGS
from handlers.whatsapp_cloud.parsing import MEDIA_ID
from handlers.whatsapp_cloud.sending import code_in

# nothing that two readers of addresses could read in two ways
ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[\x21-\x5b\x5d-\x7e]*")
NO_SUCH_OBJECT: Final = frozenset({33, 100, 803})  # code 100 comes with the subcode 33: it does not exist (any more)
LATER: Final = frozenset({401, 403, 408, 425, 429})  # the account's own trouble ends while the file is kept, 7 days


def fetch(account: WhatsappCloudAccount, media: Media, most_bytes: int, timeouts: Timeouts) -> Fetched:
    """The bytes of a media id; the token is shown to Graph and to the account's media hosts alone.

    Bytes that are not those that Meta told of may have been cut or changed on their way: they are asked for again.
    An address that leads nowhere has ended, for it is good for five minutes: the next try asks Graph for another one.
    """
    media_id, digest = parts_of(media.reference)
    if not MEDIA_ID.fullmatch(media_id):
        return NoFile("no_media_id")
    found = _found(account, media_id, most_bytes, timeouts)
    if not isinstance(found, Found):
        return found
    if not _may_be_asked(account, found.address):
        return NoFile("host_refused")
    headers = {"Authorization": f"Bearer {account.access_token.reveal()}"}
    fetched = files.fetch(found.address, most_bytes, timeouts, headers=headers, redirects_to=account.media_hosts)
    if isinstance(fetched, FetchedFile) and not are_right(fetched.content, (digest, found.digest)):
        return NotNow("other_bytes")
    if isinstance(fetched, NoFile) and fetched.is_gone:
        return NotNow(fetched.reason)
    return fetched


@dataclass(frozen=True)
class Found:
    """Where a file lies, and the SHA-256 that Graph tells of it; '' when it tells none."""

    address: str
    digest: str


def _found(
    account: WhatsappCloudAccount, media_id: str, most_bytes: int, timeouts: Timeouts
) -> Found | NoFile | NotNow:
    query = {"phone_number_id": account.phone_number_id}
    try:
        answer = call(account, "GET", media_id, query=query, timeouts=timeouts)
    except NotSent:
        return NotNow("not_sent")
    except AnswerLost:
        return NotNow("answer_lost")
    document = read_document(answer)
    if answer.status != 200:
        return _refused(answer.status, code_in(document))
    if _size(document.get("file_size")) > most_bytes:
        return NoFile("too_large")
    address = document.get("url")
    if not isinstance(address, str) or not address:
        return NotNow("unreadable_answer")
    return Found(address, digest_in(document.get("sha256")))


def _refused(status: int, code: int | None) -> NoFile | NotNow:
    told = f"status_{status}" if code is None else f"code_{code}"
    if status in files.GONE or code in NO_SUCH_OBJECT:
        return NoFile(told, is_gone=True)
    meaning = MEANINGS.get(code) if code is not None else None
    may_pass = meaning is not None and meaning.kind in ("busy", "account")
    return NotNow(told) if may_pass or status >= 500 or status in LATER else NoFile(told)


def _size(value: Any) -> int:
    """Bytes, as a number or as text; 0 when it is not told."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) else 0


def _may_be_asked(account: WhatsappCloudAccount, address: str) -> bool:
    if not ADDRESS.fullmatch(address):
        return False
    there, api = urlsplit(address), urlsplit(account.api_base)
    if there.scheme != api.scheme:
        return False
    return is_named(there.hostname or "", account.media_hosts) or there.netloc.lower() == api.netloc.lower()
