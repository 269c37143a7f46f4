"""Checks of the folders that all machines share: whether they are the same, and hold what the tables say."""

from typing import Final

from bot import sharing
from bot.doctor.findings import Look, Patient
from bot.received import FOLDER

NEWEST: Final = 50  # of each kind that are looked for
RECEIVED: Final = """
select file as name from received_media where state = 'kept' and reference <> ''
order by inbox_id desc, place desc limit %(most)s
"""
PICTURES: Final = """
select photo_hash || '.jpg' as name from product where photo_hash is not null order by id desc limit %(most)s
"""
DO: Final = "OPERATIONS.md, Several machines"


def shared(patient: Patient) -> Look:
    """Whether the files that others have kept lie here too; a bucket is not asked."""
    is_well = True
    for folder, name in sharing.unshared(patient.config, patient.database):
        is_well = False
        yield "wrong", f"{folder} is not shared with the machine {name}", DO
    for folder in sharing.folders(patient.config):
        rows = patient.rows(RECEIVED if folder.name == FOLDER else PICTURES, most=NEWEST)
        missing = sum(not (folder / row.name).exists() for row in rows)
        if missing:
            is_well = False
            yield "wrong", f"{missing} of the last {len(rows)} files of {folder} are not there", DO
    if is_well:
        yield "ok", "what people sent and pictures of goods lie where they should", ""
