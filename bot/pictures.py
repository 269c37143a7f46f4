"""Photos that people send of their goods: waited for while the provider has them, then checked, made small and shown.

No turn waits for a file: a photo is written down beside its product, and a job shows it once it lies here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from base import facts
from base.db import Database, Db
from base.log import logger
from base.media import Media, MediaError
from bot.received import FOLDER
from catalog import listing, photos
from catalog.errors import NotAPicture, Unfit
from catalog.photos import Jpeg

log = logger(__name__)
Place = tuple[int, int]  # inbox row and place of a received file
AT_ONCE: Final = 20

_DUE: Final = """
select g.product_id, g.inbox_id, g.place, coalesce(r.state, 'gone') as state, coalesce(r.file, '') as file,
    coalesce(r.reason, '') as reason
from good_picture g left join received_media r
    on r.inbox_id = g.inbox_id and r.place = g.place and r.reference <> ''
where g.state = 'waiting' and (r.state is null or r.state <> 'waiting')
order by g.at, g.inbox_id, g.place limit %(most)s
"""
_SENT: Final = """
select inbox_id, place from received_media where inbox_id = any(%(ids)s) and kind = 'image' and reference <> ''
order by inbox_id, place limit %(most)s
"""
_SETTLE: Final = """
update good_picture set state = %(state)s, photo_hash = %(hash)s
where product_id = %(product)s and inbox_id = %(inbox)s and place = %(place)s and state = 'waiting'
"""
_SHOWN: Final = """
select photo_hash from good_picture where product_id = %(product)s and state = 'shown'
order by said_id desc, inbox_id, place
"""
_WHOSE: Final = """
select c.contact_id from received_media r join conversation c on c.id = r.conversation_id
where r.inbox_id = %(inbox)s limit 1
"""


@dataclass(frozen=True)
class PictureLost:
    """A photo of a product can't be shown: there is no such file any more, or it is no picture."""

    product_id: int
    contact_id: int
    why: Unfit = "broken"


@dataclass(frozen=True)
class Due:
    """A photo whose file has come, or will not come any more."""

    product_id: int
    inbox_id: int
    place: int
    state: Literal["kept", "refused", "gone"]
    file: str
    reason: str


def sent(db: Db, inbox_ids: Sequence[int]) -> list[Place]:
    """The pictures of a message, in the order in which they came; also those whose files are not here yet."""
    rows = db.rows(_SENT, ids=list(inbox_ids), most=listing.MOST_PHOTOS)
    return [(row.inbox_id, row.place) for row in rows]


def words_of(db: Db, inbox_ids: Sequence[int]) -> dict[int, str]:
    """The words of each of these inbox rows: of several photos sent together each may have its own."""
    rows = db.rows("select id, message->>'text' as text from inbox where id = any(%(ids)s)", ids=list(inbox_ids))
    return {row.id: row.text or "" for row in rows}


def give(db: Db, product_id: int, pictures: Sequence[Place], said_id: int | None) -> None:
    """These photos are of this product: they are shown before its older ones, once their files are here."""
    db.run(
        "insert into good_picture (product_id, inbox_id, place, said_id) select %(product)s, sent.inbox, sent.place,"
        " %(said)s from unnest(%(inboxes)s::bigint[], %(places)s::int[]) as sent(inbox, place) on conflict do nothing",
        product=product_id,
        said=said_id or 0,
        inboxes=[inbox for inbox, _ in pictures],
        places=[place for _, place in pictures],
    )


def show_waiting(database: Database, var: Path, media: Media) -> int:
    """A job: show the photos whose files have come; returns how many were settled."""
    with database.autocommit() as db:
        due = [Due(**row._asdict()) for row in db.rows(_DUE, most=AT_ONCE)]
    return sum(_settle(database, var, media, one) for one in due)


def _settle(database: Database, var: Path, media: Media, due: Due) -> bool:
    """One photo, its bytes read and stored outside of any transaction; False when it must be tried again."""
    why = _WHY.get(due.reason, "broken")
    try:
        jpeg = photos.shrink((var / FOLDER / due.file).read_bytes()) if due.state == "kept" else None
        if jpeg:
            media.put(photos.name_of(jpeg.hash), jpeg.content)
    except (NotAPicture, FileNotFoundError) as error:
        if isinstance(error, FileNotFoundError):  # it is on another machine, whose folder should be this one's too
            log.error("file_not_here", inbox_id=due.inbox_id)
        jpeg, why = None, error.why if isinstance(error, NotAPicture) else "broken"
    except (MediaError, OSError) as error:  # the store is away: the photo is due again by itself
        log.warning("photo_not_stored", product_id=due.product_id, error=type(error).__name__)
        return False
    with database.unit_of_work() as db:
        _show(db, due, jpeg, why)
    return True


_WHY: Final[dict[str, Unfit]] = {"other_kind": "type", "too_large": "large"}


def _show(db: Db, due: Due, jpeg: Jpeg | None, why: Unfit) -> None:
    key = {"product": due.product_id, "inbox": due.inbox_id, "place": due.place}
    kept = photos.note(db, jpeg) if jpeg else None
    if not db.run(_SETTLE, **key, state="shown" if kept else "lost", hash=kept).count:
        return
    if kept:
        newest = [row.photo_hash for row in db.rows(_SHOWN, product=due.product_id)]
        listing.set_photos(db, due.product_id, [*newest, *listing.photos_of(db, due.product_id)])
        return
    contact_id = db.value(_WHOSE, inbox=due.inbox_id)
    if contact_id:
        facts.record(db, PictureLost(due.product_id, contact_id, why))
