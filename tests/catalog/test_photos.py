"""Photos are kept small, upright, without what they tell of their taker, and under the name of their content."""

import io
import random
from hashlib import sha256

import pytest
from PIL import Image

from catalog import photos
from catalog.errors import NotAPicture


def picture(size=(1600, 1200), kind="JPEG", noise=False, **options):
    image = Image.new("RGB", size, (200, 80, 40))
    if noise:
        image = Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def kept(db, photo_hash):
    return db.one("select mime, width, height, size from photo where hash = %(hash)s", hash=photo_hash)


def test_a_picture_is_kept_under_the_hash_of_its_bytes(db, tmp_path):
    name = photos.save(db, tmp_path, picture())
    content = photos.read(tmp_path, name)
    assert sha256(content).hexdigest() == name
    assert photos.path_of(tmp_path, name) == tmp_path / "media" / f"{name}.jpg"
    assert kept(db, name) == ("image/jpeg", 1024, 768, len(content))


def test_a_heavy_picture_ends_below_sixty_kilobytes(db, tmp_path):
    name = photos.save(db, tmp_path, picture(noise=True))
    assert len(photos.read(tmp_path, name)) <= 60_000


def test_the_same_picture_twice_is_one_file_and_one_row(db, tmp_path):
    assert photos.save(db, tmp_path, picture()) == photos.save(db, tmp_path, picture())
    assert db.value("select count(*) from photo") == 1
    assert len(list((tmp_path / "media").iterdir())) == 1


def test_a_small_picture_is_not_made_larger(db, tmp_path):
    assert kept(db, photos.save(db, tmp_path, picture((300, 200))))[1:3] == (300, 200)


def test_a_picture_taken_sideways_stands_upright_and_keeps_no_metadata(db, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by a quarter
    exif[0x010F] = "Tecno"
    name = photos.save(db, tmp_path, picture((400, 200), exif=exif))
    with Image.open(photos.path_of(tmp_path, name)) as image:
        assert image.size == (200, 400)
        assert len(image.getexif()) == 0


def test_a_clear_background_becomes_white(db, tmp_path):
    buffer = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(buffer, "PNG")
    name = photos.save(db, tmp_path, buffer.getvalue())
    with Image.open(photos.path_of(tmp_path, name)) as image:
        assert image.getpixel((25, 25)) == (255, 255, 255)


def bomb():
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"not a picture", b"<svg/>", picture()[:2000], picture(kind="GIF"), bomb()],
    ids=["empty", "words", "svg", "cut", "gif", "bomb"],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(db, tmp_path, content):
    with pytest.raises(NotAPicture):
        photos.save(db, tmp_path, content)
    assert db.value("select count(*) from photo") == 0
    assert list(tmp_path.rglob("*")) == []


def test_a_photo_that_is_not_there_reads_as_none(tmp_path):
    assert photos.read(tmp_path, "0" * 64) is None
