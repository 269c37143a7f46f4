"""Photos are kept small, upright, without what they tell of their taker, and under the name of their content."""

import io
import random
import subprocess
import sys
from hashlib import sha256

import pytest
from PIL import Image

from base.config import ROOT
from base.media import Folder
from catalog import photos
from catalog.errors import NotAPicture


def picture(size=(1600, 1200), kind="JPEG", noise=False, **options):
    image = Image.new("RGB", size, (200, 80, 40))
    if noise:
        image = Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


GROWS = """
import io, resource, sys
from PIL import Image
from catalog import photos
kind, mode, width, height, turned = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
exif, out = Image.Exif(), io.BytesIO()
exif[0x0112] = turned
Image.new(mode, (width, height)).save(out, kind, exif=exif)
with open("/proc/self/clear_refs", "w") as most:
    most.write("5")  # the most of until now is forgotten
def most_ever():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:")) // 1024
before = most_ever()
print(*photos.opened(out.getvalue()).size, most_ever() - before)
"""
MOST_GROWTH = 220  # MiB: a worker of 150 may have 500


def kept(db, photo_hash):
    return db.one("select mime, width, height, size from photo where hash = %(hash)s", hash=photo_hash)


def test_a_picture_is_kept_under_the_hash_of_its_bytes(db, tmp_path):
    name = photos.save(db, Folder(tmp_path), picture())
    content = Folder(tmp_path).get(f"{name}.jpg")
    assert sha256(content).hexdigest() == name
    assert kept(db, name) == ("image/jpeg", 1024, 768, len(content))


def test_a_heavy_picture_ends_below_sixty_kilobytes(db, tmp_path):
    name = photos.save(db, Folder(tmp_path), picture(noise=True))
    assert len(Folder(tmp_path).get(photos.name_of(name))) <= 60_000


def test_the_same_picture_twice_is_one_file_and_one_row(db, tmp_path):
    assert photos.save(db, Folder(tmp_path), picture()) == photos.save(db, Folder(tmp_path), picture())
    assert db.value("select count(*) from photo") == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("kind", "mode", "size", "turned", "found"),
    [
        ("PNG", "RGBA", (3_464, 3_464), 1, (1_732, 1_732)),
        ("PNG", "P", (3_199, 3_750), 6, (1_875, 1_600)),
        ("WEBP", "RGBA", (12_000, 1_000), 6, (143, 1_715)),
        ("JPEG", "RGB", (8_000, 5_000), 6, (1_250, 2_000)),
        ("JPEG", "RGB", (3_199, 3_199), 8, (3_199, 3_199)),
    ],
)
def test_the_largest_picture_that_is_read_takes_no_more_room_than_a_worker_has(kind, mode, size, turned, found):
    told = [sys.executable, "-c", GROWS, kind, mode, *map(str, size), str(turned)]
    done = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    *seen, grown = map(int, done.stdout.split())
    assert tuple(seen) == found
    assert grown < MOST_GROWTH


def test_what_stays_larger_than_can_be_unpacked_is_refused_before():
    for kind, size in (("PNG", (3_465, 3_464)), ("WEBP", (4_000, 3_001)), ("JPEG", (8_001, 5_000))):
        with pytest.raises(NotAPicture) as refused:
            photos.opened(picture(size, kind))
        assert refused.value.why == "large"


def test_a_small_picture_is_not_made_larger(db, tmp_path):
    assert kept(db, photos.save(db, Folder(tmp_path), picture((300, 200))))[1:3] == (300, 200)


def test_a_picture_taken_sideways_stands_upright_and_keeps_no_metadata(db, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by a quarter
    exif[0x010F] = "Tecno"
    name = photos.save(db, Folder(tmp_path), picture((400, 200), exif=exif))
    with Image.open(tmp_path / f"{name}.jpg") as image:
        assert image.size == (200, 400)
        assert len(image.getexif()) == 0


def test_a_clear_background_becomes_white(db, tmp_path):
    buffer = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(buffer, "PNG")
    name = photos.save(db, Folder(tmp_path), buffer.getvalue())
    with Image.open(tmp_path / f"{name}.jpg") as image:
        assert image.getpixel((25, 25)) == (255, 255, 255)


def bomb():
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "broken"),
        (b"not a picture", "broken"),
        (b"<svg/>", "broken"),
        (picture()[:2000], "broken"),
        (picture(kind="GIF"), "type"),
        (picture(kind="BMP"), "type"),
        (b"%PDF-1.4", "type"),
        (b"\0\0\0\x18ftypheic", "type"),
        (bomb(), "large"),
    ],
    ids=["empty", "words", "svg", "cut", "gif", "bmp", "pdf", "heic", "bomb"],
)
def test_what_is_no_picture_is_refused_with_the_reason_and_leaves_nothing(db, tmp_path, content, why):
    with pytest.raises(NotAPicture) as refused:
        photos.save(db, Folder(tmp_path), content)
    assert refused.value.why == why
    assert db.value("select count(*) from photo") == 0
    assert list(tmp_path.rglob("*")) == []


def test_a_photo_says_nothing_of_where_it_was_taken(db, tmp_path):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (6.0, 7.0, 49.0), 3: "E", 4: (1.0, 13.0, 17.0)})  # GPS
    taken = picture((400, 200), exif=exif)
    with Image.open(io.BytesIO(taken)) as image:
        assert image.getexif().get_ifd(0x8825)
    content = Folder(tmp_path).get(photos.name_of(photos.save(db, Folder(tmp_path), taken)))
    with Image.open(io.BytesIO(content)) as image:
        assert not image.getexif().get_ifd(0x8825)
    assert b"Exif" not in content


def test_a_photo_says_nothing_that_its_taker_wrote_on_it(db, tmp_path):
    taken = picture((400, 200), comment=b"de Awa, 90 00 00 01")
    assert b"de Awa" in taken
    content = Folder(tmp_path).get(photos.name_of(photos.save(db, Folder(tmp_path), taken)))
    assert b"Awa" not in content


def test_a_photo_that_is_not_there_reads_as_none(tmp_path):
    assert Folder(tmp_path).get(photos.name_of("0" * 64)) is None


@pytest.mark.parametrize("noise", [False, True])
def test_a_thumbnail_is_light_whatever_it_shows_and_never_larger_than_its_photo(noise):
    jpeg = photos.shrink(picture(noise=noise))
    small = photos.thumbnail(jpeg.content)
    assert len(small.content) <= photos.MOST_OF_THUMBNAIL
    assert max(small.width, small.height) <= 360
    tiny = photos.thumbnail(picture((90, 60)))
    assert (tiny.width, tiny.height) == (90, 60)
